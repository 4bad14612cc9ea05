/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report_int.h - one log line a decision, but not a flood of them
 *
 * Lines with the same reason share a budget. What is over budget is counted and told once
 * a second in one line.
 */
#ifndef DAEMON_REPORT_INT_H
#define DAEMON_REPORT_INT_H

#include <stdint.h>

#include "base/tick.h"
#include "core/gate.h"
#include "log/log.h"

enum {
	REPORT_PER_SECOND = 50, /* lines of one reason, for long */
	REPORT_BURST = 200,     /* and at once */
};

enum { REPORT_VOTES = REASONS, REPORT_PROOFS, REPORT_KINDS };

struct report {
	struct {
		int64_t      budget_ms; /* a line costs 1000 / REPORT_PER_SECOND of it */
		struct mono  filled;
		uint64_t     left_out;
		enum verdict verdict;   /* of the last one left out */
	} of[REPORT_KINDS];
};

void report_init(struct report *r, struct mono now);

/* Says whether a line for this reason fits the budget, and charges it; else counts it. */
bool report_may(struct report *r, const struct decision *d, struct mono now);

/* The same for the line of a vote, and for that of a proof. */
bool report_may_vote(struct report *r, struct mono now);
bool report_may_proof(struct report *r, struct mono now);

/* A line for each reason that had some left out since the last call. */
void report_left_out(struct report *r, struct log *l);

#endif
