/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * twin_rule_int.h - the twin's rule, names and knowledge
 */
#ifndef TESTS_TWIN_RULE_INT_H
#define TESTS_TWIN_RULE_INT_H

#include "twin_int.h"
#include "twin_lists_int.h"
#include "twin_proof_int.h"
#include "twin_votes_int.h"

static inline void twin_begin(struct twin *t, const struct addr *a, enum via via,
			      const struct decision *d, int64_t now)
{
	const struct queue *q = &t->policy.queue[d->queue];
	struct twin_entry *e = twin_add(t, a, q->name, now);

	e->opens = now + q->pause_ms;
	e->closes = e->opens + twin_window(t, q, d->showing);
	e->via = via;
	if (!twin_is_within(t, a, NULL, now))
		e->touched = --t->lowest;
}

static inline void twin_refresh(struct twin *t, struct twin_entry *e,
				const struct queue *q, int64_t closes)
{
	twin_stand_alone(t, e);
	if (q->refresh)
		e->closes = twin_later(e->closes, closes);
}

static inline void twin_knock(struct twin *t, struct twin_past *past, struct decision *d,
			      int64_t now)
{
	const struct addr *src = &past->attempt.src;
	const struct queue *q = &t->policy.queue[d->queue];
	struct twin_entry *e = twin_find(t, src, now);

	d->verdict = t->policy.fake_action;
	d->reason = REASON_KNOCK;
	if (q->start == START_ATTEMPT)
		return;
	d->showing = twin_showing(t, past, e, now);
	if (d->showing == SHOWING_NOTHING)
		d->verdict = VERDICT_DROP;
	if (e == NULL) {
		twin_begin(t, src, VIA_KNOCK, d, now);
	} else if (twin_follows_on(t, e, q, d->showing, now)) {
		twin_value(t, e, src, now);
	} else if (now < twin_source(t, e)->opens) {
		twin_stand_alone(t, e);
	} else {
		twin_refresh(t, e, q, now + twin_window(t, q, d->showing));
		twin_value(t, e, src, now);
		if (q->refresh)
			e->connections = 0;
	}
	e = twin_find(t, src, now);
	if (d->showing == SHOWING_PROOF) {
		e->is_proven = true;
		twin_make_whole(t, e, q, now);
	}
	if (!twin_is_doubtful(d->showing) || e->via != VIA_SIBLING)
		e->via = VIA_KNOCK;
	e = twin_source(t, e);
	d->timed = true;
	d->opens_ms = e->opens > now ? e->opens - now : 0;
	d->closes_ms = e->closes - now;
}

/* Rows 7 to 11, as the order of the lines has them. */
static inline enum reason twin_real(struct twin *t, struct twin_past *past,
				    unsigned queue, int64_t now)
{
	const struct queue *q = &t->policy.queue[queue];
	const struct addr *src = &past->attempt.src;
	struct twin_entry *e = twin_find(t, src, now);
	bool again = past->is_accepted && now - past->accepted_ms <= TWIN_PAST_MS;

	if (e == NULL && q->start == START_KNOCK)
		return REASON_NO_KNOCK;
	if (e == NULL) {
		struct decision d = { .queue = (uint8_t)queue };

		twin_begin(t, src, VIA_ATTEMPT, &d, now);
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
	if (t->policy.proof != PROOF_NONE && e->via == VIA_KNOCK && !e->is_used &&
	    !e->is_proven)
		twin_make_whole(t, e, q, now);
	twin_refresh(t, e, q, now + q->window_ms);
	e->is_used = true;
	e->is_kept = e->is_kept || twin_deserves(t, e, now);
	twin_value(t, e, src, now);
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

/* Rows 3 to 11. */
static inline struct decision twin_judge_mail(struct twin *t, struct twin_past *p,
					      const struct twin_listing *l, int64_t now)
{
	struct decision d = { .verdict = VERDICT_ACCEPT };
	const struct attempt *a = &p->attempt;
	const struct list *list = l->list == LISTS_NONE ? NULL : &t->list[l->list];

	if (list != NULL && list->action == LIST_ALLOW) {
		d.reason = REASON_LISTED_ALLOW;
		return d;
	}
	if (list != NULL && list->action == LIST_DENY) {
		d.reason = REASON_LISTED_DENY;
		d.verdict = list->deny;
		if (l->is_pending)
			d.verdict = VERDICT_DROP;
		return d;
	}
	d.queue = (uint8_t)twin_queue_of(t, l, twin_peek(t, &a->src, now));
	d.verdict = t->policy.queue[d.queue].deny;
	if (twin_is_penalised(t, &a->src, now)) {
		d.reason = REASON_PENALTY;
		d.verdict = t->policy.penalty.action;
	} else if (policy_is_fake(&t->policy, &a->dst)) {
		twin_knock(t, p, &d, now);
	} else {
		d.reason = twin_real(t, p, d.queue, now);
		if (d.reason == REASON_OPEN)
			d.verdict = VERDICT_ACCEPT;
	}
	if (l->is_pending && d.verdict != VERDICT_ACCEPT && d.reason != REASON_KNOCK)
		d.verdict = VERDICT_DROP;
	return d;
}

/* The entry that speaks for a question: penalties and lists are not looked behind. */
static inline struct twin_entry *twin_known(struct twin *t, const struct addr *a,
					    const struct decision *d, int64_t now)
{
	bool is_seen = d->timed || d->reason == REASON_OPEN ||
		       d->reason == REASON_PAUSING || d->reason == REASON_SPENT;

	return is_seen ? twin_peek(t, a, now) : NULL;
}

/* And whether all this was said before. */
static inline struct decision twin_judge_ours(struct twin *t, const struct attempt *a,
					      int64_t now, struct effects *fx)
{
	struct twin_past *p = twin_past_of(t, a);
	struct twin_listing l = twin_listing(t, &a->src, now);
	struct twin_entry *known;
	struct decision d;

	t->is_charged = false;
	d = twin_judge_mail(t, p, &l, now);
	known = twin_known(t, &a->src, &d, now);
	d.is_known = known != NULL && (known->is_kept || known->is_proven);
	d.list = l.list;
	d.repeat = p->is_judged && now - p->judged_ms <= TWIN_PAST_MS &&
		   p->would == d.verdict && p->reason == d.reason &&
		   (p->showing == SHOWING_NOTHING) == (d.showing == SHOWING_NOTHING);
	p->is_judged = true;
	p->judged_ms = now;
	p->would = d.verdict;
	p->reason = d.reason;
	p->showing = d.showing;
	if (l.is_pending || (d.timed && !d.repeat && d.showing != SHOWING_NOTHING &&
			     t->policy.siblings_max > 0))
		twin_ask(t, &a->src, known, now, fx);
	return d;
}

static inline struct decision twin_judge(struct twin *t, const struct attempt *a,
					 int64_t now, struct effects *fx)
{
	struct decision d = { .verdict = VERDICT_ACCEPT, .list = LISTS_NONE };

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

static inline enum proven twin_prove(struct twin *t, const struct addr *who, int64_t now,
				     struct decision *d, struct effects *fx)
{
	const struct twin_entry proven = { .is_proven = true };
	struct twin_listing l = twin_listing(t, who, now);
	struct twin_entry *e = twin_find(t, who, now);
	const struct queue *q;

	if (e != NULL && e->is_proven)
		return PROVEN_BEFORE;
	d->queue = (uint8_t)twin_queue_of(t, &l, e);
	d->showing = SHOWING_PROOF;
	q = &t->policy.queue[d->queue];
	if (q->start == START_ATTEMPT)
		return PROVEN_NOBODY;
	t->is_charged = false;
	if (e == NULL) {
		(void)twin_is_within(t, who, &proven, now);
		twin_begin(t, who, VIA_KNOCK, d, now);
		e = twin_look(t, who);
	}
	e->is_proven = true;
	e->via = VIA_KNOCK;
	twin_make_whole(t, e, q, now);
	twin_value(t, e, who, now);
	if (t->policy.siblings_max > 0)
		twin_ask(t, who, e, now, fx);
	d->opens_ms = twin_later(e->opens - now, 0);
	d->closes_ms = e->closes - now;
	return PROVEN_NOW;
}

/* --- names ----------------------------------------------------------------- */

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

static inline void twin_hear(struct twin *t, const struct heard *h, int64_t now,
			     struct effects *fx)
{
	struct twin_listing l;

	twin_note_name(t, h, now);
	l = twin_listing(t, &h->who, now);
	for (unsigned i = 0; h->name && i < h->count && i < t->policy.siblings_max; i++) {
		struct twin_entry *bringer = twin_find(t, &h->who, now);
		const char *queue;
		struct twin_entry *e;
		uint64_t serial;

		if (bringer == NULL || bringer->via != VIA_KNOCK)
			return;
		serial = bringer->serial;
		queue = t->policy.queue[twin_queue_of(t, &l, bringer)].name;
		if (!twin_may_join(t, &h->who, &h->siblings[i]))
			continue;
		e = twin_find(t, &h->siblings[i], now);
		if (e != NULL && !e->leans)
			continue;
		if (e == NULL) {
			e = twin_add(t, &h->siblings[i], queue, now);
			/* Where the bringer had to make room, nobody is brought. */
			if (twin_find(t, &h->who, now) == NULL) {
				twin_remove(t, e);
				return;
			}
			effects_add(fx, EFFECT_ADMITTED, &h->siblings[i]);
		}
		e->via = VIA_SIBLING;
		e->leans = true;
		e->bringer = serial;
		snprintf(e->queue, sizeof(e->queue), "%s", queue);
	}
}

/* --- what is known --------------------------------------------------------- */

static inline void twin_tell_entry(struct twin *t, struct twin_entry *e, int64_t now,
				   struct knowledge *k)
{
	const struct queue *q = &t->policy.queue[k->queue];
	const struct twin_entry *source = twin_source(t, e);
	struct twin_entry *bringer = twin_life(t, e->bringer);

	k->has_entry = true;
	k->is_used = e->is_used;
	k->is_proven = e->is_proven;
	k->via = e->via;
	k->opens_ms = twin_later(source->opens - now, 0);
	k->closes_ms = source->closes - now;
	k->connections = e->connections;
	if (e->via == VIA_SIBLING && bringer != NULL &&
	    !twin_has_expired(t, bringer, now))
		k->bringer = bringer->key;
	k->state = STATE_OPEN;
	if (q->connections > 0 && e->connections >= q->connections)
		k->state = STATE_SPENT;
	if (k->opens_ms > 0)
		k->state = STATE_PAUSING;
}

/* What a new SYN to a real MX would meet. */
static inline struct decision twin_would(const struct twin *t,
					 const struct twin_listing *l,
					 const struct knowledge *k)
{
	static const enum reason reasons[] = {
		[STATE_NONE] = REASON_NO_KNOCK,
		[STATE_PAUSING] = REASON_PAUSING,
		[STATE_OPEN] = REASON_OPEN,
		[STATE_SPENT] = REASON_SPENT,
		[STATE_PENALTY] = REASON_PENALTY,
	};
	const struct queue *q = &t->policy.queue[k->queue];
	struct decision d = { .verdict = q->deny, .reason = reasons[k->state] };

	if (k->state == STATE_NONE && q->start != START_KNOCK)
		d.reason = REASON_FIRST_TRY;
	if (k->state == STATE_OPEN)
		d.verdict = VERDICT_ACCEPT;
	if (k->state == STATE_PENALTY)
		d.verdict = t->policy.penalty.action;
	if (l->list != LISTS_NONE && t->list[l->list].action == LIST_ALLOW) {
		d.reason = REASON_LISTED_ALLOW;
		d.verdict = VERDICT_ACCEPT;
	} else if (l->list != LISTS_NONE && t->list[l->list].action == LIST_DENY) {
		d.reason = REASON_LISTED_DENY;
		d.verdict = t->list[l->list].deny;
	}
	if (l->is_pending && d.verdict != VERDICT_ACCEPT)
		d.verdict = VERDICT_DROP;
	d.would = d.verdict;
	if (t->policy.observe)
		d.verdict = VERDICT_ACCEPT;
	return d;
}

static inline struct knowledge twin_explain(struct twin *t, const struct addr *who,
					    int64_t now)
{
	struct twin_listing l = twin_listing(t, who, now);
	struct twin_entry *e = twin_peek(t, who, now);
	const struct twin_record *r = twin_record(t, who, now);
	const struct twin_name *name = twin_name_of(t, who, now);
	struct knowledge k = { .list = l.list, .is_listed_by_name = l.is_by_name };

	k.source.addr = twin_key(t, who);
	k.source.bits = (uint8_t)twin_prefix(t, who);
	k.queue = (uint8_t)twin_queue_of(t, &l, e);
	if (e != NULL)
		twin_tell_entry(t, e, now, &k);
	if (r != NULL) {
		k.strikes = twin_strikes(t, r, now);
		k.whites = r->whites;
		k.penalties = r->penalties;
		k.penalty_ms = twin_later(r->penalty - now, 0);
		if (k.penalty_ms > 0)
			k.state = STATE_PENALTY;
	}
	if (name != NULL)
		memcpy(k.name, name->text, sizeof(k.name));
	k.decision = twin_would(t, &l, &k);
	return k;
}

#endif
