/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.c - a budget of lines for each reason
 */
#include "daemon/report_int.h"

enum { LINE_MS = 1000 / REPORT_PER_SECOND, BURST_MS = REPORT_BURST * LINE_MS };

void report_init(struct report *r, struct mono now)
{
	*r = (struct report){ 0 };
	for (enum reason i = 0; i < REASONS; i++) {
		r->of[i].budget_ms = BURST_MS;
		r->of[i].filled = now;
	}
}

bool report_may(struct report *r, const struct decision *d, struct mono now)
{
	int64_t budget = r->of[d->reason].budget_ms + now.ms - r->of[d->reason].filled.ms;
	bool may;

	if (budget > BURST_MS)
		budget = BURST_MS;
	may = budget >= LINE_MS;
	if (may) {
		budget -= LINE_MS;
	} else {
		r->of[d->reason].left_out++;
		r->of[d->reason].verdict = d->verdict;
	}
	r->of[d->reason].budget_ms = budget;
	r->of[d->reason].filled = now;
	return may;
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
}
