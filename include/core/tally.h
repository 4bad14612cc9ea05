/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tally.h - whom the rule turned away, and who of them was no bot
 *
 * Decisions and votes go in; out comes, at any time, what an operator wants to know
 * before he lets the rule refuse: how many were turned away (observing: would have been),
 * who of them proved good later, how late their mail was, and who only ever tries the
 * fake MX.
 *
 * Memory is taken in tally_new() only, 48 bytes for each source that is followed. Where
 * it is full one that has long been silent goes; those proved good, and those who knock
 * again and again, go last. One thread, no I/O, `now` must not run backwards.
 */
#ifndef CORE_TALLY_H
#define CORE_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/tick.h"
#include "core/gate.h"

enum {
	/* 3 MiB: what a large server sees in a day, while a sender that is turned away
	 * comes again within hours. A larger table is paid for with every packet. */
	TALLY_SOURCES_MAX = 65536,

	/* Who knocks so often, over so long, and does not come to the real MX, is stuck.
	 * A mail server that goes on to the next MX does so within minutes; who tries
	 * once an hour shows with the third try. */
	TALLY_STUCK_KNOCKS = 3,
	TALLY_STUCK_MS = 2 * 60 * 60 * 1000,
	/* Knocks closer together are one: a client with several connections. */
	TALLY_TRY_MS = 60 * 1000,

	/* How long a SYN that is not answered is repeated, at least: Postfix gives up
	 * after 30 seconds. The first repetition comes after one. */
	TALLY_PATIENCE_MS = 30 * 1000,
	TALLY_REPEAT_MS = 1000,

	TALLY_NETWORK4 = 24, /* bits of a network in the report */
	TALLY_NETWORK6 = 48,
	TALLY_NETWORKS = 10,	    /* told in the report, the most hurt */
	TALLY_TOLD = 100,	    /* sources of each kind told in it */
	TALLY_NETWORK_SLOTS = 8192, /* 3/4 of them used at most */

	TALLY_PRECISION = 16, /* delays are rounded up by less than 1/16, or a second */
};

/* How a source that was turned away proved good; the first that happened. */
enum tally_good {
	TALLY_NOT_GOOD,
	TALLY_KNOCKED, /* it tried the fake MX after that, and then was let in */
	TALLY_RETRIED, /* it came again, and was let in */
	TALLY_PRAISED, /* by a white vote, or trusted */
	TALLY_LISTED,  /* a list lets it in */
};

enum { TALLY_GOODS = TALLY_LISTED + 1 };

/* Each source counts once, however often it was turned away. What a black vote came for
 * later is no longer good, until a white one or a list says so. */
struct tally_totals {
	struct mono since;
	bool observe;	   /* nobody was turned away, this is who would have been */
	uint64_t attempts; /* at a fake or real MX; repetitions of a SYN are one */
	uint64_t sources;
	uint64_t refused;	      /* of these, turned away from the real MX */
	uint64_t refused_by[REASONS]; /* the same; one that met several, in each */
	uint64_t black;		      /* refused, and voted black */
	uint64_t good[TALLY_GOODS];   /* refused, and proved good later */
	uint64_t unfollowed; /* forgotten for want of memory; who comes again is new */
	/* From the first refusal to the first connection let in, of those proved good. */
	uint64_t delays;
	int64_t median_ms;
	int64_t p95_ms;
};

/* A source of the report. */
struct tally_source {
	struct net source;
	enum tally_good how;
	uint32_t refused; /* attempts */
	bool has_delay;
	int64_t delay_ms;
	uint32_t knocks;
	struct mono first_knock;
	struct mono last_knock;
};

struct tally_network {
	struct net net;
	uint32_t sources; /* hurt: turned away and good, or stuck */
	uint32_t good;
	uint32_t stuck;
};

/* In the order they are told: the most refused or knocking first, by address where that
 * is equal. Sources that are not followed any more are in no list, nor in `stuck`. */
struct tally_report {
	struct tally_totals totals;
	uint32_t stuck;
	uint32_t hurts; /* told */
	uint32_t stucks;
	uint32_t networks;
	uint64_t unplaced; /* hurt sources of networks beyond the memory */
	struct tally_source hurt[TALLY_TOLD];
	struct tally_source stuck_source[TALLY_TOLD];
	struct tally_network network[TALLY_NETWORKS];

	/* The walk's own. */
	uint32_t cursor;
	uint32_t slots_used;
	struct tally_network slot[TALLY_NETWORK_SLOTS];
};

struct tally;

/* Follows up to a quarter of entries-max, or TALLY_SOURCES_MAX. NULL: out of memory. */
struct tally *tally_new(const struct policy *p, const uint8_t key[GATE_KEY_BYTES],
			struct mono now);
void tally_free(struct tally *t);

/* What the gate decided. When `p` observes and did not before, or the other way round,
 * the tally begins anew: what would have been and what was do not add up. */
void tally_note(struct tally *t, const struct attempt *a, const struct decision *d,
		const struct policy *p, struct mono now);

/* The same for a batch that was judged; memory is waited for once. */
void tally_note_batch(struct tally *t, const struct gate_batch *b, const struct policy *p,
		      struct mono now);

void tally_note_vote(struct tally *t, const struct vote *v, enum vote_outcome outcome);

/* A name has become known, and the rule lets `who` in from now on, by a list or as a
 * sibling. A SYN refused a moment ago would come again and be let in; where it was
 * accepted, because we observe, it does not come again, and this call stands for that. */
void tally_note_opening(struct tally *t, const struct addr *who, enum tally_good how,
			struct mono now);

/* A name has become known: its knocks are in order when another address of that name came
 * to the real MX, as those of a sender are that knocks over both families. */
void tally_note_name(struct tally *t, const struct heard *h);

struct tally_totals tally_total(const struct tally *t);

/* Looks at up to `places` places; start with *r all zero. False when all is in it. */
bool tally_look(const struct tally *t, struct tally_report *r, uint32_t places);

/* none knocked retried praised listed */
const char *tally_good_name(enum tally_good how);

#endif
