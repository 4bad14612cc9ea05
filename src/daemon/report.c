/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.c - a budget of lines for each reason
 */
#include "daemon/report_int.h"

enum { LINE_MS = 1000 / REPORT_PER_SECOND, BURST_MS = REPORT_BURST * LINE_MS };

void report_init(struct report *r, struct mono now)
{
	*r = (struct report){ 0 };
	for (unsigned i = 0; i < REPORT_KINDS; i++) {
		r->of[i].budget_ms = BURST_MS;
		r->of[i].filled = now;
	}
}

static bool charge(struct report *r, unsigned kind, struct mono now)
{
	int64_t budget = r->of[kind].budget_ms + now.ms - r->of[kind].filled.ms;
	bool may;

	if (budget > BURST_MS)
		budget = BURST_MS;
	may = budget >= LINE_MS;
	if (may)
		budget -= LINE_MS;
	else
		r->of[kind].left_out++;
	r->of[kind].budget_ms = budget;
	r->of[kind].filled = now;
	return may;
}

bool report_may(struct report *r, const struct decision *d, struct mono now)
{
	bool may = charge(r, d->reason, now);

	if (!may)
		r->of[d->reason].verdict = d->verdict;
	return may;
}

bool report_may_vote(struct report *r, struct mono now)
{
	return charge(r, REPORT_VOTES, now);
}

bool report_may_proof(struct report *r, struct mono now)
{
	return charge(r, REPORT_PROOFS, now);
}

static void left_out(struct report *r, struct log *l, unsigned kind, const char *name)
{
	if (r->of[kind].left_out > 0)
		log_note(l, "suppressed %s lines=%llu", name,
			 (unsigned long long)r->of[kind].left_out);
	r->of[kind].left_out = 0;
}

void report_left_out(struct report *r, struct log *l)
{
	for (enum reason i = 0; i < REASONS; i++) {
		if (r->of[i].left_out == 0)
			continue;
		log_note(l, "suppressed reason=%s verdict=%s lines=%llu", reason_name(i),
			 verdict_name(r->of[i].verdict),
			 (unsigned long long)r->of[i].left_out);
		r->of[i].left_out = 0;
	}
	left_out(r, l, REPORT_VOTES, "vote");
	left_out(r, l, REPORT_PROOFS, "proven");
}
