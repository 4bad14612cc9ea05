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
#include "core/lists.h"
#include "core/policy.h"
#include "core/reason.h"
#include "core/vote.h"

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
	uint32_t seq; /* with src and sport it names the attempt: repeats are one */
	uint16_t           sport;
	uint16_t           dport;
};

/* What a knock showed of its source, as far as that is asked for. */
enum showing {
	SHOWING_ENOUGH,  /* nothing is asked, or the source is proven already */
	SHOWING_NOTHING, /* the first SYN: dropped; with PROOF_COOKIE to be challenged */
	SHOWING_PATIENCE, /* a further one, where that proves nothing */
	SHOWING_PROOF,   /* a further one, where it does */
};

struct decision {
	enum verdict verdict;   /* what the packet is to meet now */
	enum verdict would;     /* the same, were it not for observe mode */
	enum reason  reason;
	uint8_t      queue;     /* index into policy.queue, from REASON_PENALTY on */
	uint16_t     list;      /* that knows the source; LISTS_NONE = none */
	bool repeat; /* a retransmission that met what the attempt met before */
	enum showing showing;   /* of a recorded knock */
	bool is_known; /* its entry was let in before, or proven */
	bool         timed;     /* a recorded knock: the next two are set */
	int64_t      opens_ms;  /* from now; 0 = open */
	int64_t      closes_ms; /* from now */
};

/* Attempts and room for as many decisions; both borrowed. */
struct gate_batch {
	const struct attempt *attempts;
	struct decision      *decisions;
	unsigned count; /* up to GATE_BATCH_MAX; what is beyond is not judged */
};

struct gate_counts {
	uint32_t entries; /* unexpired and not yet swept expired ones */
	uint32_t used;    /* of these, those that go last: see gate_prove() */
	uint64_t evicted; /* pushed out while still live, since gate_new() */
	uint64_t over;    /* knocks and attempts of networks that had overspent */
	uint64_t unasked; /* questions not asked for that */
	uint32_t records; /* sources with strikes, white votes or a penalty */
};

/* How an entry came about. */
enum via {
	VIA_KNOCK,
	VIA_ATTEMPT,
	VIA_SIBLING,
	VIA_VOTE, /* a white one */
};

enum entry_state {
	STATE_NONE,
	STATE_PAUSING,
	STATE_OPEN,
	STATE_SPENT,
	STATE_PENALTY, /* whatever entry there is besides */
};

/* What is known of one source; times are from now, in milliseconds. */
struct knowledge {
	struct net       source;
	enum entry_state state;
	enum via via; /* unless STATE_NONE, or STATE_PENALTY without entry */
	bool             has_entry;
	bool             is_used;     /* was let in at least once, or trusted */
	bool             is_proven;   /* shown to be where it says it is */
	uint8_t          queue;
	int64_t          opens_ms;    /* 0 = is open */
	int64_t          closes_ms;
	unsigned         connections; /* accepted in this window */
	struct addr bringer; /* VIA_SIBLING, while it is known; else family NONE */
	unsigned         strikes;     /* that count now */
	unsigned         whites;
	int64_t          penalty_ms;  /* until it ends; 0 = none */
	unsigned         penalties;   /* so far, when repeated ones grow */
	uint16_t         list;        /* that knows it, by address or name; LISTS_NONE */
	bool             is_listed_by_name;
	char name[64]; /* confirmed and known at the moment, cut; "" = unknown */
	struct decision  decision;    /* what a SYN to a real MX would meet now */
};

struct gate;

/* Copies the policy and takes the lists, which it frees; NULL = none. `key` is secret and
 * random: it orders the table so that nobody outside can aim at one slot. NULL when out
 * of memory; the lists are the caller's then. */
struct gate *gate_new(const struct policy *p, struct lists *lists,
		      const uint8_t key[GATE_KEY_BYTES]);
void gate_free(struct gate *g);

/* The rule as in mxallowd(8), row by row, first match wins. Adds at most one effect. */
struct decision gate_judge(struct gate *g, const struct attempt *a, struct mono now,
			   struct effects *fx);

/* The same for up to GATE_BATCH_MAX attempts, in order. What all of them need of the
 * table is fetched ahead, so that memory is waited for once and not once an attempt. */
void gate_judge_batch(struct gate *g, const struct gate_batch *b, struct mono now,
		      struct effects *fx);

/* What DNS says of a source. */
struct heard {
	struct addr        who;
	const char *name; /* confirmed and clean; NULL: it has none that counts */
	const struct addr *siblings; /* the name's other addresses */
	unsigned           count;
	bool               is_final; /* no further name of this source will come */
	bool               is_failure; /* DNS failed: ask again before long */
};

/*
 * A source that knocked: those of its siblings that may get an entry get one, next to
 * that of `who`; each adds EFFECT_ADMITTED. And where lists hold names: the source is
 * listed, or known not to be.
 */
void gate_hear_name(struct gate *g, const struct heard *h, struct mono now,
		    struct effects *fx);

/* What became of a proof. */
enum proven {
	PROVEN_NOBODY, /* its queue knows no knocks */
	PROVEN_BEFORE,
	PROVEN_NOW,
};

/*
 * `who` answered a challenge: its entry is proven and has the whole window, as if its
 * knock had been good from the start; should it be gone, it begins here. PROVEN_NOW:
 * queue and times are in *d. Adds at most one effect.
 *
 * With PROOF_COOKIE the entries that go last when the table is full are those proven or
 * trusted, and what had no way to be proven but was let in; else all that were let in.
 */
enum proven gate_prove(struct gate *g, const struct addr *who, struct mono now,
		       struct decision *d, struct effects *fx);

enum vote_outcome gate_count_vote(struct gate *g, const struct vote *v, struct mono now);

/* Frees what has expired among the next `slots` places of the table; calling it with the
 * table's size visits all. Expired entries count for nothing even before that. */
void gate_expire(struct gate *g, struct mono now, uint32_t slots);

/* False, changing nothing and leaving `lists` to the caller, when the new policy needs
 * another table (prefixes or entries_max differ). Else the lists are the gate's. What is
 * known of every source stays; an entry of a queue that is no more lives in `default`. */
bool gate_swap_policy(struct gate *g, const struct policy *p, struct lists *lists);

/* Whether gate_swap_policy() would take the policy. */
bool gate_fits(const struct gate *g, const struct policy *p);

/* Gives the lists to the caller, should freeing them take too long here: the gate has
 * none until the next gate_swap_policy(). NULL = it had none. */
struct lists *gate_take_lists(struct gate *g);

const struct policy *gate_policy(const struct gate *g);
const struct lists *gate_lists(const struct gate *g); /* NULL = none */
struct gate_counts gate_count(const struct gate *g);

/* Takes over what another daemon knew: entry and penalty, where none is known here yet.
 * False when it makes no sense. */
bool gate_restore(struct gate *g, const struct knowledge *k, struct mono now);

/* Read-only: changes nothing, counts nothing. */
void gate_explain(const struct gate *g, const struct addr *who, struct mono now,
		  struct knowledge *out);

/* Walks over all that is known, a few places a call: start with *cursor = 0; false when
 * the end is reached. Looks at up to `places` places and stops early at the first source
 * found (then *found is true). What changes meanwhile may be seen or not, but never twice
 * while it stays. */
bool gate_walk(const struct gate *g, uint64_t *cursor, unsigned places, struct mono now,
	       struct knowledge *out, bool *found);

const char *via_name(enum via v);          /* knock attempt sibling vote */
bool via_parse(const char *text, enum via *out); /* false for another word, or NULL */
const char *state_name(enum entry_state s); /* none pausing open spent penalty */

/* The log line of a decision, without newline; at most `size` bytes. Returns `out`. */
const char *gate_line(const struct gate *g, const struct attempt *a,
		      const struct decision *d, char *out, size_t size);

/* The same for PROVEN_NOW. */
const char *gate_proven_line(const struct gate *g, const struct addr *who,
			     const struct decision *d, char *out, size_t size);

#endif
