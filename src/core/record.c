/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record.c - three strikes, or how many the policy wants
 */
#include "core/record_int.h"

#include <string.h>

unsigned record_strikes(const struct record *r, const struct penalty *p, struct mono now)
{
	unsigned count = 0;

	for (unsigned i = 0; i < r->strikes; i++)
		count += !mono_reached(now, mono_after(r->strike[i], p->within_ms));
	return count;
}

bool record_is_penalised(const struct record *r, struct mono now)
{
	return !mono_reached(now, r->penalty);
}

/* A further vote while a penalty runs prolongs it; only the next one is longer. */
static int64_t grown_span(const struct record *r, const struct penalty *p,
			  struct mono now)
{
	unsigned former = r->penalties - (unsigned)record_is_penalised(r, now);
	int64_t span = p->time_ms;

	if (p->escalate == 1)
		return span;
	for (unsigned i = 0; i < former; i++) {
		if (span >= p->time_max_ms / p->escalate)
			return p->time_max_ms;
		span *= p->escalate;
	}
	return span < p->time_max_ms ? span : p->time_max_ms;
}

void record_penalise(struct record *r, const struct penalty *p, int64_t span_ms,
		     struct mono now)
{
	if (!record_is_penalised(r, now) && r->penalties < UINT8_MAX)
		r->penalties++;
	r->penalty = mono_later(r->penalty, mono_after(now, span_ms));
	r->strikes = 0;
	r->forget = mono_later(r->forget, r->penalty);
	/* While repeated penalties grow, a former one is remembered as long as the
	 * longest. */
	if (p->escalate > 1)
		r->forget = mono_later(r->forget, mono_after(r->penalty, p->time_max_ms));
}

bool record_strike(struct record *r, const struct penalty *p, struct mono now)
{
	if (r->strikes == POLICY_STRIKES_MAX) {
		memmove(&r->strike[0], &r->strike[1],
			sizeof(r->strike) - sizeof(r->strike[0]));
		r->strikes--;
	}
	r->strike[r->strikes++] = now;
	r->forget = mono_later(r->forget, mono_after(now, p->within_ms));
	if (record_strikes(r, p, now) < p->strikes)
		return false;
	record_penalise(r, p, grown_span(r, p, now), now);
	return true;
}

bool record_praise(struct record *r, const struct policy *p, struct mono now)
{
	r->strikes = 0;
	r->whites++;
	r->forget = mono_later(r->forget, mono_after(now, p->trust.time_ms));
	if (r->whites < p->trust.votes)
		return false;
	r->whites = 0;
	r->penalty = now;
	return true;
}

bool record_has_expired(const struct pool *p, const struct node *n, struct mono now)
{
	(void)p;
	return mono_reached(now, ((const struct record *)(const void *)n)->forget);
}
