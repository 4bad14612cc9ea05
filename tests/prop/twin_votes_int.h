/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * twin_votes_int.h - the twin's strikes, white votes and penalties
 */
#ifndef TESTS_TWIN_VOTES_INT_H
#define TESTS_TWIN_VOTES_INT_H

#include "twin_int.h"
#include "twin_lists_int.h"

static inline void twin_drop_record(struct twin *t, struct twin_record *r)
{
	*r = t->record[--t->records];
}

/* NULL when there is none that matters any more. */
static inline struct twin_record *twin_record(struct twin *t, const struct addr *a,
					      int64_t now)
{
	struct addr key = twin_key(t, a);

	for (unsigned i = 0; i < t->records; i++) {
		if (addr_is_equal(&t->record[i].key, &key))
			return now < t->record[i].forget ? &t->record[i] : NULL;
	}
	return NULL;
}

static inline void twin_forget_record(struct twin *t, const struct addr *a)
{
	struct addr key = twin_key(t, a);

	for (unsigned i = 0; i < t->records; i++) {
		if (addr_is_equal(&t->record[i].key, &key)) {
			twin_drop_record(t, &t->record[i]);
			return;
		}
	}
}

static inline struct twin_record *twin_oldest_record(struct twin *t, bool is_precious)
{
	struct twin_record *oldest = NULL;

	for (unsigned i = 0; i < t->records; i++) {
		struct twin_record *r = &t->record[i];

		if (r->is_precious == is_precious &&
		    (oldest == NULL || r->touched < oldest->touched))
			oldest = r;
	}
	return oldest;
}

static inline struct twin_record *twin_new_record(struct twin *t, const struct addr *a,
						  int64_t now)
{
	struct twin_record *common = twin_oldest_record(t, false);
	struct twin_record *precious = twin_oldest_record(t, true);
	struct twin_record *r;

	if (t->records == TWIN_RECORDS) {
		if (common == NULL ||
		    (now < common->forget && precious != NULL && now >= precious->forget))
			r = precious;
		else
			r = common;
		t->evicted_records += now < r->forget;
		twin_drop_record(t, r);
	}
	r = &t->record[t->records++];
	*r = (struct twin_record){ .key = twin_key(t, a), .touched = ++t->number };
	return r;
}

static inline struct twin_record *twin_record_for(struct twin *t, const struct addr *a,
						  int64_t now)
{
	struct twin_record *r = twin_record(t, a, now);

	if (r != NULL)
		return r;
	twin_forget_record(t, a);
	return twin_new_record(t, a, now);
}

static inline bool twin_is_penalised(struct twin *t, const struct addr *a, int64_t now)
{
	const struct twin_record *r = twin_record(t, a, now);

	return r != NULL && now < r->penalty;
}

static inline unsigned twin_strikes(const struct twin *t, const struct twin_record *r,
				    int64_t now)
{
	unsigned count = 0;

	for (unsigned i = 0; i < r->strikes; i++)
		count += now - r->strike[i] < t->policy.penalty.within_ms;
	return count;
}

/* The penalty that follows so many others. */
static inline int64_t twin_span(const struct twin *t, unsigned former)
{
	const struct penalty *p = &t->policy.penalty;
	double span = (double)p->time_ms;

	if (p->escalate == 1)
		return p->time_ms;
	for (unsigned i = 0; i < former; i++)
		span *= p->escalate;
	return span < (double)p->time_max_ms ? (int64_t)span : p->time_max_ms;
}

static inline enum vote_outcome twin_black(struct twin *t, const struct vote *v,
					   int64_t now)
{
	const struct penalty *p = &t->policy.penalty;
	struct twin_record *r = twin_record_for(t, &v->who, now);
	int64_t span = v->for_ms;

	r->touched = ++t->number;
	if (span == 0) {
		for (unsigned i = POLICY_STRIKES_MAX - 1; i > 0; i--)
			r->strike[i] = r->strike[i - 1];
		r->strike[0] = now;
		r->strikes += r->strikes < POLICY_STRIKES_MAX;
		r->forget = twin_later(r->forget, now + p->within_ms);
		if (twin_strikes(t, r, now) < p->strikes)
			return VOTE_COUNTED;
		span = twin_span(t, r->penalties - (now < r->penalty));
	}
	r->strikes = 0;
	r->penalties += now >= r->penalty && r->penalties < 255;
	r->penalty = twin_later(r->penalty, now + span);
	r->forget = twin_later(r->forget,
			       r->penalty + (p->escalate > 1 ? p->time_max_ms : 0));
	r->is_precious = true;
	return VOTE_PENALISED;
}

static inline enum vote_outcome twin_white(struct twin *t, const struct vote *v,
					   int64_t now)
{
	const struct trust *trust = &t->policy.trust;
	struct twin_record *r = twin_record_for(t, &v->who, now);
	int64_t span = v->for_ms > 0 ? v->for_ms : trust->time_ms;
	struct twin_entry *e;

	r->strikes = 0;
	r->whites++;
	r->forget = twin_later(r->forget, now + trust->time_ms);
	if (r->whites < trust->votes && v->for_ms == 0)
		return VOTE_COUNTED;
	twin_drop_record(t, r);
	e = twin_find(t, &v->who, now);
	if (e == NULL) {
		e = twin_add(t, &v->who, "default", now);
		e->via = VIA_VOTE;
	} else {
		twin_stand_alone(t, e);
	}
	e->opens = now;
	e->closes = twin_later(e->closes, now + span);
	e->connections = 0;
	e->is_used = e->is_kept = true;
	e->touched = (int64_t)++t->number;
	return VOTE_TRUSTED;
}

static inline enum vote_outcome twin_forget(struct twin *t, const struct vote *v,
					    int64_t now)
{
	bool everybody = v->kind == VOTE_FORGET_ALL;
	bool was_known;
	struct twin_entry *e;

	if (v->kind != VOTE_FORGET) {
		was_known = t->records > 0 || (everybody && t->count > 0);
		t->records = 0;
		t->count = everybody ? 0 : t->count;
		return was_known ? VOTE_FORGOTTEN : VOTE_UNKNOWN;
	}
	e = twin_find(t, &v->who, now);
	was_known = e != NULL || twin_record(t, &v->who, now) != NULL;
	if (e != NULL)
		twin_remove(t, e);
	twin_forget_record(t, &v->who);
	return was_known ? VOTE_FORGOTTEN : VOTE_UNKNOWN;
}

static inline enum vote_outcome twin_vote(struct twin *t, const struct vote *v,
					  int64_t now)
{
	uint16_t list;

	if (v->kind != VOTE_BLACK && v->kind != VOTE_WHITE)
		return twin_forget(t, v, now);
	list = twin_listing(t, &v->who, now).list;
	if (list != LISTS_NONE &&
	    t->list[list].action == (v->kind == VOTE_BLACK ? LIST_ALLOW : LIST_DENY))
		return VOTE_LISTED;
	return v->kind == VOTE_BLACK ? twin_black(t, v, now) : twin_white(t, v, now);
}

static inline void twin_expire(struct twin *t, int64_t now)
{
	for (unsigned i = 0; i < t->count;) {
		if (twin_has_expired(t, &t->entry[i], now))
			twin_remove(t, &t->entry[i]);
		else
			i++;
	}
	for (unsigned i = 0; i < t->records;) {
		if (now >= t->record[i].forget)
			twin_drop_record(t, &t->record[i]);
		else
			i++;
	}
}

#endif
