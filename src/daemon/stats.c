/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stats.c - count and tell
 */
#include "daemon/stats_int.h"

#include <stdio.h>

void stats_count(struct stats *s, const struct decision *d)
{
	if (d->repeat) {
		s->repeats++;
		return;
	}
	s->by_reason[d->reason]++;
	if (d->verdict != VERDICT_ACCEPT && d->reason != REASON_KNOCK)
		s->denied++;
}

void stats_log(const struct stats *s, struct log *l)
{
	log_note(l,
		 "Statistics: %llu blocked connection attempts, %llu successful connections, "
		 "%llu direct-to-fake-mx",
		 (unsigned long long)s->denied,
		 (unsigned long long)s->by_reason[REASON_OPEN],
		 (unsigned long long)s->by_reason[REASON_KNOCK]);
}

void stats_log_reasons(const struct stats *s, struct log *l)
{
	char text[LOG_LINE_MAX - 32];
	size_t used = 0;

	for (enum reason r = 0; r < REASONS; r++) {
		int n = snprintf(text + used, sizeof(text) - used, " %s=%llu", reason_name(r),
				 (unsigned long long)s->by_reason[r]);

		if (n < 0 || (size_t)n >= sizeof(text) - used)
			break;
		used += (size_t)n;
	}
	log_note(l, "counters attempts%s repeats=%llu lost-wishes=%llu", text,
		 (unsigned long long)s->repeats, (unsigned long long)s->lost_wishes);
}
