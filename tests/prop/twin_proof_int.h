/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * twin_proof_int.h - the twin's proofs, and what its networks spend
 */
#ifndef TESTS_TWIN_PROOF_INT_H
#define TESTS_TWIN_PROOF_INT_H

#include "core/quota_int.h"
#include "twin_int.h"

/* --- what networks spend --------------------------------------------------- */

static inline struct twin_debt *twin_debt(struct twin *t, const struct addr *a,
					  bool of_known, unsigned bits)
{
	struct addr key = twin_key(t, a), net = addr_mask(&key, bits);

	for (unsigned i = 0; i < t->debts; i++) {
		if (t->debt[i].bits == bits && t->debt[i].of_known == of_known &&
		    addr_is_equal(&t->debt[i].net, &net))
			return &t->debt[i];
	}
	t->debt[t->debts] = (struct twin_debt){ net, bits, of_known, 0 };
	return &t->debt[t->debts++];
}

static inline bool twin_affords(const struct twin_debt *d, int64_t burst, int64_t unit,
				int64_t now)
{
	return twin_later(d->whole, now) + unit <= now + burst * unit;
}

static inline void twin_spend(struct twin_debt *d, int64_t unit, int64_t now)
{
	d->whole = twin_later(d->whole, now) + unit;
}

static inline bool twin_charge(struct twin *t, const struct addr *a, bool of_known,
			       int64_t now)
{
	struct twin_debt *d;

	if (a->family == ADDR_IP4) {
		d = twin_debt(t, a, of_known, 24);
		if (!twin_affords(d, QUOTA_NET24_BURST, QUOTA_NET24_MS, now))
			return false;
		twin_spend(d, QUOTA_NET24_MS, now);
		return true;
	}
	d = twin_debt(t, a, of_known, 48);
	if (!twin_affords(d, QUOTA_NET48_BURST, QUOTA_NET48_MS, now))
		return false;
	if (t->policy.prefix6 > 64) {
		d = twin_debt(t, a, of_known, 64);
		if (!twin_affords(d, QUOTA_NET64_BURST, QUOTA_NET64_MS, now))
			return false;
		twin_spend(d, QUOTA_NET64_MS, now);
	}
	twin_spend(twin_debt(t, a, of_known, 48), QUOTA_NET48_MS, now);
	return true;
}

/* Once an attempt; a kept source costs its network nothing. */
static inline bool twin_is_within(struct twin *t, const struct addr *a,
				  const struct twin_entry *e, int64_t now)
{
	if (e != NULL && e->is_kept)
		return true;
	if (!t->is_charged) {
		t->is_charged = true;
		t->is_within = twin_charge(t, a, e != NULL && e->is_proven, now);
		t->over += !t->is_within;
	}
	return t->is_within;
}

static inline void twin_ask(struct twin *t, const struct addr *a,
			    const struct twin_entry *e, int64_t now, struct effects *fx)
{
	if (twin_is_within(t, a, e, now))
		effects_ask(fx, a, e != NULL && (e->is_kept || e->is_proven));
	else
		t->unasked++;
}

/* --- proofs ---------------------------------------------------------------- */

static inline enum showing twin_showing(const struct twin *t, struct twin_past *past,
					const struct twin_entry *e, int64_t now)
{
	bool again = past->is_asked && now - past->asked_ms <= TWIN_PAST_MS;
	bool patient = again && now / 1000 > past->asked_ms / 1000;

	if (t->policy.proof == PROOF_NONE || (e != NULL && e->is_proven))
		return SHOWING_ENOUGH;
	if (t->policy.observe)
		return SHOWING_PATIENCE;
	past->is_asked = true;
	past->asked_ms = now;
	if (t->policy.proof == PROOF_COOKIE)
		return again ? SHOWING_PATIENCE : SHOWING_NOTHING;
	return patient ? SHOWING_PROOF : SHOWING_NOTHING;
}

static inline bool twin_is_doubtful(enum showing s)
{
	return s == SHOWING_NOTHING || s == SHOWING_PATIENCE;
}

static inline int64_t twin_window(const struct twin *t, const struct queue *q,
				  enum showing s)
{
	if (twin_is_doubtful(s) && t->policy.probation_ms < q->window_ms)
		return t->policy.probation_ms;
	return q->window_ms;
}

/* A sibling that lives as long with its bringer as it would by a doubtful knock. */
static inline bool twin_follows_on(struct twin *t, struct twin_entry *e,
				   const struct queue *q, enum showing s, int64_t now)
{
	if (!e->leans || !twin_is_doubtful(s))
		return false;
	return !q->refresh || twin_source(t, e)->closes >= now + twin_window(t, q, s);
}

/* What it would have, had its knock been good. */
static inline void twin_make_whole(struct twin *t, struct twin_entry *e,
				   const struct queue *q, int64_t now)
{
	int64_t from;

	twin_stand_alone(t, e);
	from = q->refresh ? twin_later(e->opens, now) : e->opens;
	e->closes = twin_later(e->closes, from + q->window_ms);
}

static inline bool twin_deserves(struct twin *t, const struct twin_entry *e, int64_t now)
{
	struct twin_entry *bringer = twin_life(t, e->bringer);
	const struct queue *q = &t->policy.queue[0];

	if (t->policy.proof != PROOF_COOKIE)
		return e->is_used;
	if (e->is_proven || !e->is_used)
		return e->is_proven;
	if (e->via == VIA_SIBLING && bringer != NULL &&
	    !twin_has_expired(t, bringer, now))
		return bringer->is_proven || bringer->is_kept;
	for (unsigned i = 0; i < t->policy.queues; i++)
		if (strcmp(t->policy.queue[i].name, e->queue) == 0)
			q = &t->policy.queue[i];
	return q->start == START_ATTEMPT;
}

static inline void twin_value(struct twin *t, struct twin_entry *e, const struct addr *a,
			      int64_t now)
{
	if (!twin_is_within(t, a, e, now))
		return;
	e->is_kept = e->is_kept || twin_deserves(t, e, now);
	e->touched = (int64_t)++t->number;
}

#endif
