/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gate.h - the one rule: who may open a connection, and why
 *
 * Attempts and facts go in, decisions and wishes come out. Time is a parameter and must
 * not run backwards. One thread; no I/O; memory is taken in gate_new() only, so judging
 * allocates nothing and waits for nobody.
 */
#ifndef CORE_GATE_H
#define CORE_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/tick.h"
#include "core/effects.h"
#include "core/policy.h"
#include "core/reason.h"

enum { GATE_KEY_BYTES = 16, GATE_LINE_MAX = 256, GATE_BATCH_MAX = 64 };

/* What the packet turned out to be, in the rule's terms. */
enum attempt_shape {
	ATTEMPT_SYN,
	ATTEMPT_NOT_A_SYN,
	ATTEMPT_MALFORMED,
	ATTEMPT_UNREADABLE, /* for a reason of our own: `when-unsure` decides */
};

struct attempt {
	enum attempt_shape shape;
	struct addr        src; /* whole, not cut to its key; family NONE when unknown */
	struct addr        dst;
	uint32_t           seq; /* with src and sport it names the attempt: repeats are one */
	uint16_t           sport;
	uint16_t           dport;
};

struct decision {
	enum verdict verdict;   /* what the packet is to meet now */
	enum verdict would;     /* the same, were it not for observe mode */
	enum reason  reason;
	bool         repeat;    /* a retransmission that met what the attempt met before */
	bool         timed;     /* a recorded knock: the next two are set */
	int64_t      opens_ms;  /* from now; 0 = open */
	int64_t      closes_ms; /* from now */
};

/* Attempts and room for as many decisions; both borrowed. */
struct gate_batch {
	const struct attempt *attempts;
	struct decision      *decisions;
	unsigned              count; /* up to GATE_BATCH_MAX; what is beyond is not judged */
};

struct gate_counts {
	uint32_t entries; /* unexpired and not yet swept expired ones */
	uint32_t used;    /* of these, those that were let in at least once */
	uint64_t evicted; /* pushed out while still live, since gate_new() */
};

struct gate;

/* Copies the policy. `key` is secret and random: it orders the table so that nobody
 * outside can aim at one slot. NULL when out of memory. */
struct gate *gate_new(const struct policy *p, const uint8_t key[GATE_KEY_BYTES]);
void gate_free(struct gate *g);

/* The rule as mxallowd(8) has it, row by row, first match wins. Adds at most one effect. */
struct decision gate_judge(struct gate *g, const struct attempt *a, struct mono now,
			   struct effects *fx);

/* The same for up to GATE_BATCH_MAX attempts, in order. What all of them need of the table is
 * fetched ahead, so that memory is waited for once and not once an attempt. */
void gate_judge_batch(struct gate *g, const struct gate_batch *b, struct mono now,
		      struct effects *fx);

/*
 * The forward-confirmed addresses of one name of `who`, a source that knocked. Those that
 * may get an entry get one, next to that of `who`; each adds EFFECT_ADMITTED. Nothing
 * happens when `who` has no entry any more.
 */
void gate_hear_names(struct gate *g, const struct addr *who, const struct addr *siblings,
		     unsigned count, struct mono now, struct effects *fx);

/* Frees what has expired among the next `slots` places of the table; calling it with the
 * table's size visits all. Expired entries count for nothing even before that. */
void gate_expire(struct gate *g, struct mono now, uint32_t slots);

/* False, changing nothing, when the new policy needs another table (prefixes or
 * entries_max differ). What is known of every source stays. */
bool gate_swap_policy(struct gate *g, const struct policy *p);

const struct policy *gate_policy(const struct gate *g);
struct gate_counts gate_count(const struct gate *g);

/* The log line of a decision, without newline; at most `size` bytes. Returns `out`. */
const char *gate_line(const struct gate *g, const struct attempt *a,
		      const struct decision *d, char *out, size_t size);

#endif
