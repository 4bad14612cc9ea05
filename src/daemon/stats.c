/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stats.c - count and tell
 */
#include "daemon/stats_int.h"

void stats_count(struct stats *s, const struct decision *d)
{
	if (d->repeat) {
		s->repeats++;
		return;
	}
	s->by_reason[d->reason]++;
	if (d->timed)
		s->showings[d->showing]++;
	if (d->verdict != VERDICT_ACCEPT && d->reason != REASON_KNOCK)
		s->denied++;
}

void stats_log(const struct stats *s, struct log *l)
{
	log_note(l,
		 "Statistics: %llu blocked connection attempts, %llu successful "
		 "connections, %llu direct-to-fake-mx",
		 (unsigned long long)s->denied,
		 (unsigned long long)s->by_reason[REASON_OPEN],
		 (unsigned long long)s->by_reason[REASON_KNOCK]);
}
