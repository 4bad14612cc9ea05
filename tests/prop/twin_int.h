/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * twin_int.h - the gate's stupid twin: PRODUCT's rule over an array, nothing hashed
 *
 * It finds by looking at everything and orders by numbering every touch. Where
 * the gate and the twin disagree one of them is wrong. Private to prop_gate.c.
 */
#ifndef TESTS_TWIN_INT_H
#define TESTS_TWIN_INT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/addr.h"
#include "core/effects.h"
#include "core/gate.h"
#include "core/policy.h"
#include "core/reason.h"

enum { TWIN_ENTRIES = POLICY_ENTRIES_MIN, TWIN_PAST = 3, TWIN_PAST_MS = 180000 };

struct twin_entry {
	struct addr key;
	int64_t     opens;
	int64_t     closes;
	uint64_t    serial;  /* names this life of the entry */
	uint64_t    bringer; /* serial; 0 = lives on its own */
	uint64_t    touched; /* larger = later */
	unsigned    connections;
	bool        is_used;
};

/* One of the last few attempts; the gate's cache surely knows them still. */
struct twin_past {
	struct attempt attempt;
	bool           is_judged;
	int64_t        judged_ms;
	enum verdict   would;
	enum reason    reason;
	bool           is_accepted;
	int64_t        accepted_ms;
};

struct twin {
	struct policy     policy;
	struct twin_entry entry[TWIN_ENTRIES];
	unsigned          count;
	uint64_t          number; /* of the last touch or life */
	uint64_t          evicted;
	uint64_t          evicted_used; /* of these, once let in */
	struct twin_past  past[TWIN_PAST];
	unsigned          next_past;
};

static inline struct addr twin_key(const struct twin *t, const struct addr *a)
{
	bool is_ip6 = a->family == ADDR_IP6;

	return addr_mask(a, is_ip6 ? t->policy.prefix6 : t->policy.prefix4);
}

/* The entry whose times count for `e`; NULL when its bringer is gone. */
static inline struct twin_entry *twin_source(struct twin *t, struct twin_entry *e)
{
	if (e->bringer == 0)
		return e;
	for (unsigned i = 0; i < t->count; i++) {
		if (t->entry[i].serial == e->bringer)
			return &t->entry[i];
	}
	return NULL;
}

static inline bool twin_has_expired(struct twin *t, struct twin_entry *e, int64_t now)
{
	const struct twin_entry *source = twin_source(t, e);

	return source == NULL || now >= source->closes;
}

static inline void twin_remove(struct twin *t, struct twin_entry *e)
{
	*e = t->entry[--t->count];
}

static inline void twin_expire(struct twin *t, int64_t now)
{
	for (unsigned i = 0; i < t->count;) {
		if (twin_has_expired(t, &t->entry[i], now))
			twin_remove(t, &t->entry[i]);
		else
			i++;
	}
}

/* An expired entry is forgotten as soon as somebody looks. */
static inline struct twin_entry *twin_find(struct twin *t, const struct addr *a,
					   int64_t now)
{
	struct addr key = twin_key(t, a);

	for (unsigned i = 0; i < t->count; i++) {
		struct twin_entry *e = &t->entry[i];

		if (!addr_is_equal(&e->key, &key))
			continue;
		if (!twin_has_expired(t, e, now))
			return e;
		twin_remove(t, e);
		return NULL;
	}
	return NULL;
}

static inline struct twin_entry *twin_oldest(struct twin *t, bool is_used)
{
	struct twin_entry *oldest = NULL;

	for (unsigned i = 0; i < t->count; i++) {
		struct twin_entry *e = &t->entry[i];

		if (e->is_used == is_used && (!oldest || e->touched < oldest->touched))
			oldest = e;
	}
	return oldest;
}

static inline void twin_make_room(struct twin *t, int64_t now)
{
	struct twin_entry *unused = twin_oldest(t, false);
	struct twin_entry *used = twin_oldest(t, true);

	if (unused && twin_has_expired(t, unused, now)) {
		twin_remove(t, unused);
	} else if (used && twin_has_expired(t, used, now)) {
		twin_remove(t, used);
	} else {
		t->evicted++;
		t->evicted_used += unused == NULL;
		twin_remove(t, unused ? unused : used);
	}
}

static inline struct twin_entry *twin_add(struct twin *t, const struct addr *a,
					  int64_t now)
{
	struct twin_entry *e;

	if (t->count == t->policy.entries_max)
		twin_make_room(t, now);
	e = &t->entry[t->count++];
	*e = (struct twin_entry){ .key = twin_key(t, a), .serial = ++t->number };
	e->touched = ++t->number;
	return e;
}

static inline void twin_begin(struct twin *t, const struct addr *a, int64_t now)
{
	struct twin_entry *e = twin_add(t, a, now);

	e->opens = now + t->policy.queue.pause_ms;
	e->closes = e->opens + t->policy.queue.window_ms;
}

/* A sibling that does something itself takes its bringer's times with it. */
static inline void twin_stand_alone(struct twin *t, struct twin_entry *e)
{
	const struct twin_entry *source = twin_source(t, e);

	e->opens = source->opens;
	e->closes = source->closes;
	e->bringer = 0;
}

static inline void twin_refresh(struct twin *t, struct twin_entry *e, int64_t now)
{
	twin_stand_alone(t, e);
	if (t->policy.queue.refresh)
		e->closes = now + t->policy.queue.window_ms;
	e->touched = ++t->number;
}

static inline struct decision twin_knock(struct twin *t, const struct attempt *a,
					 int64_t now)
{
	struct decision d = { .verdict = t->policy.fake_action, .reason = REASON_KNOCK };
	struct twin_entry *e;

	if (t->policy.queue.start == START_ATTEMPT)
		return d;
	e = twin_find(t, &a->src, now);
	if (e == NULL) {
		twin_begin(t, &a->src, now);
	} else if (now < twin_source(t, e)->opens) {
		twin_stand_alone(t, e);
	} else {
		twin_refresh(t, e, now);
		if (t->policy.queue.refresh)
			e->connections = 0;
	}
	e = twin_find(t, &a->src, now);
	d.timed = true;
	d.opens_ms = e->opens > now ? e->opens - now : 0;
	d.closes_ms = e->closes - now;
	return d;
}

/* Rows 7 to 11, as the order of the lines has them. */
static inline enum reason twin_real(struct twin *t, const struct attempt *a,
				    struct twin_past *past, int64_t now)
{
	const struct queue *q = &t->policy.queue;
	struct twin_entry *e = twin_find(t, &a->src, now);
	bool again = past->is_accepted && now - past->accepted_ms <= TWIN_PAST_MS;

	if (e == NULL && q->start == START_KNOCK)
		return REASON_NO_KNOCK;
	if (e == NULL) {
		twin_begin(t, &a->src, now);
		return REASON_FIRST_TRY;
	}
	if (now < twin_source(t, e)->opens)
		return REASON_PAUSING;
	if (q->connections > 0 && e->connections >= q->connections && !again)
		return REASON_SPENT;
	/* Where connections are not counted, nobody remembers which one this was. */
	if (q->connections > 0) {
		e->connections += !again;
		past->is_accepted = true;
		past->accepted_ms = now;
	}
	twin_refresh(t, e, now);
	e->is_used = true;
	return REASON_OPEN;
}

static inline struct twin_past *twin_past_of(struct twin *t, const struct attempt *a)
{
	struct twin_past *p;

	for (unsigned i = 0; i < TWIN_PAST; i++) {
		p = &t->past[i];
		if (p->attempt.seq == a->seq && p->attempt.sport == a->sport &&
		    p->attempt.dport == a->dport && p->attempt.shape == a->shape &&
		    addr_is_equal(&p->attempt.src, &a->src) &&
		    addr_is_equal(&p->attempt.dst, &a->dst))
			return p;
	}
	p = &t->past[t->next_past++ % TWIN_PAST];
	*p = (struct twin_past){ .attempt = *a };
	return p;
}

/* Rows 6 to 11, and whether all this was said before. */
static inline struct decision twin_judge_ours(struct twin *t, const struct attempt *a,
					      int64_t now, struct effects *fx)
{
	struct twin_past *p = twin_past_of(t, a);
	struct decision d = { .verdict = t->policy.queue.deny };

	if (policy_is_fake(&t->policy, &a->dst))
		d = twin_knock(t, a, now);
	else
		d.reason = twin_real(t, a, p, now);
	if (d.reason == REASON_OPEN)
		d.verdict = VERDICT_ACCEPT;
	d.repeat = p->is_judged && now - p->judged_ms <= TWIN_PAST_MS &&
		   p->would == d.verdict && p->reason == d.reason;
	p->is_judged = true;
	p->judged_ms = now;
	p->would = d.verdict;
	p->reason = d.reason;
	if (d.timed && !d.repeat && t->policy.siblings_max > 0)
		effects_add(fx, EFFECT_ASK_NAMES, &a->src);
	return d;
}

static inline struct decision twin_judge(struct twin *t, const struct attempt *a,
					 int64_t now, struct effects *fx)
{
	struct decision d = { .verdict = VERDICT_ACCEPT };

	if (a->shape == ATTEMPT_UNREADABLE) {
		d.verdict = t->policy.when_unsure;
		d.reason = REASON_UNSURE;
	} else if (a->shape == ATTEMPT_MALFORMED) {
		d.reason = REASON_MALFORMED;
	} else if (a->shape == ATTEMPT_NOT_A_SYN || a->dport != t->policy.smtp_port) {
		d.reason = REASON_NOT_A_SYN;
	} else if (!policy_is_fake(&t->policy, &a->dst) &&
		   !policy_is_real(&t->policy, &a->dst)) {
		d.reason = REASON_OTHER_DESTINATION;
	} else {
		d = twin_judge_ours(t, a, now, fx);
	}
	d.would = d.verdict;
	if (t->policy.observe)
		d.verdict = VERDICT_ACCEPT;
	return d;
}

static inline bool twin_is_inside(const struct addr *a)
{
	enum addr_scope s = addr_scope(a);

	return s == SCOPE_PRIVATE || s == SCOPE_LINK || s == SCOPE_LOOPBACK;
}

static inline bool twin_may_join(const struct twin *t, const struct addr *who,
				 const struct addr *a)
{
	if (policy_is_fake(&t->policy, a) || policy_is_real(&t->policy, a))
		return false;
	if (addr_scope(a) == SCOPE_PUBLIC)
		return true;
	return twin_is_inside(a) && twin_is_inside(who);
}

struct twin_names {
	struct addr who;
	struct addr list[POLICY_SIBLINGS_MAX];
	unsigned    count;
};

static inline void twin_hear(struct twin *t, const struct twin_names *n, int64_t now,
			     struct effects *fx)
{
	const struct addr *who = &n->who;
	const struct addr *list = n->list;

	for (unsigned i = 0; i < n->count && i < t->policy.siblings_max; i++) {
		struct twin_entry *bringer = twin_find(t, who, now);
		struct twin_entry *e;
		uint64_t serial;

		if (bringer == NULL || bringer->bringer != 0)
			return;
		serial = bringer->serial;
		if (!twin_may_join(t, who, &list[i]))
			continue;
		e = twin_find(t, &list[i], now);
		if (e != NULL && e->bringer == 0)
			continue;
		if (e == NULL) {
			e = twin_add(t, &list[i], now);
			/* Where the bringer had to make room, nobody is brought. */
			if (twin_find(t, who, now) == NULL) {
				twin_remove(t, e);
				return;
			}
			effects_add(fx, EFFECT_ADMITTED, &list[i]);
		}
		e->bringer = serial;
	}
}

#endif
