/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stats_int.h - what was decided, counted
 *
 * Retransmissions that met the same again count as packets, not as attempts.
 */
#ifndef DAEMON_STATS_INT_H
#define DAEMON_STATS_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/gate.h"
#include "log/log.h"

struct stats {
	uint64_t by_reason[REASONS];
	uint64_t repeats;
	uint64_t denied;     /* attempts dropped or reset for want of an open window */
	uint64_t lost_wishes; /* effects that did not fit */
	uint64_t votes[VOTE_LISTED + 1]; /* by outcome */
	uint64_t no_memory; /* commands that failed for want of it */
	uint64_t proofs[PROVEN_NOW + 1]; /* answered challenges by outcome */
	uint64_t showings[SHOWING_PROOF + 1]; /* recorded knocks by what they showed */
};

/* One thing that is counted, for programs that watch programs. */
struct counter {
	const char *name;
	const char *help;
	uint64_t    value;
	bool        is_gauge; /* may go down */
	const char *label;    /* "reason=knock"; NULL = none */
};

enum { COUNTERS_MAX = 160 };

void stats_count(struct stats *s, const struct decision *d);

/* The statistics line of 1.x. */
void stats_log(const struct stats *s, struct log *l);

#endif
