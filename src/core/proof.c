/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proof.c - what shows that a knock comes from its source, and what that is worth
 *
 * A SYN can be forged. Where proof is asked for, a knock without it opens its window for
 * a short probation only.
 */
#include "core/gate_int.h"

/* While observing nothing is dropped, so nothing can be shown. */
enum showing gate_showing(struct gate *g, const struct view *v, const struct entry *e,
			  struct mono now)
{
	int64_t age_s;

	if (g->policy.proof == PROOF_NONE || (e && e->node.flags & ENTRY_PROVEN))
		return SHOWING_ENOUGH;
	if (g->policy.observe)
		return SHOWING_PATIENCE;
	age_s = recent_age(g->asked, v->id, now);
	recent_note(g->asked, v->id, now, 1);
	if (g->policy.proof == PROOF_COOKIE)
		return age_s < 0 ? SHOWING_NOTHING : SHOWING_PATIENCE;
	return age_s < 1 ? SHOWING_NOTHING : SHOWING_PROOF;
}

bool gate_is_good(enum showing s)
{
	return s == SHOWING_ENOUGH || s == SHOWING_PROOF;
}

int64_t gate_window(const struct gate *g, const struct queue *q, enum showing s)
{
	bool is_whole = gate_is_good(s) || q->window_ms < g->policy.probation_ms;

	return is_whole ? q->window_ms : g->policy.probation_ms;
}

bool gate_follows_on(const struct gate *g, const struct queue *q, const struct entry *e,
		     enum showing s, int64_t left_ms)
{
	return e->node.flags & ENTRY_SIBLING && !gate_is_good(s) &&
	       (!q->refresh || gate_window(g, q, s) <= left_ms);
}

void gate_give_window(const struct queue *q, struct entry *e, struct mono now,
		      struct times *when)
{
	bool is_anew = q->refresh && mono_reached(now, when->opens);
	struct mono closes = mono_after(is_anew ? now : when->opens, q->window_ms);

	when->closes = mono_later(when->closes, closes);
	entry_set_times(e, *when);
}

bool gate_is_on_probation(const struct gate *g, const struct entry *e)
{
	return g->policy.proof != PROOF_NONE && entry_via(e) == VIA_KNOCK &&
	       !(e->node.flags & (ENTRY_PROVEN | ENTRY_USED));
}

bool gate_charge(struct gate *g, struct view *v, struct mono now)
{
	if (v->quota == QUOTA_UNKNOWN) {
		enum quota_of of = v->is_known ? QUOTA_OF_KNOWN : QUOTA_OF_STRANGERS;
		bool is_within = quota_charge(g->quota, &v->source, of, now);

		v->quota = is_within ? QUOTA_WITHIN : QUOTA_OVER;
		g->over += !is_within;
	}
	return v->quota == QUOTA_WITHIN;
}

/* A sibling need not knock itself, and who need not knock at all cannot be proven. */
static bool is_excused(const struct gate *g, const struct entry *e, struct mono now)
{
	const struct entry *bringer = entry_bringer(g->entries, e);

	if (bringer && !entry_has_expired(g->entries, &bringer->node, now))
		return bringer->node.flags & (ENTRY_PROVEN | NODE_PRECIOUS);
	return g->policy.queue[g->queue_index[e->node.spare]].start == START_ATTEMPT;
}

/* Whether it goes last when the table is full. Use is as easily forged as a knock, so
 * where knocks are proven by cookie it does not count alone. */
static bool is_kept(const struct gate *g, const struct entry *e, struct mono now)
{
	if (e->node.flags & NODE_PRECIOUS)
		return true;
	if (g->policy.proof == PROOF_COOKIE)
		return e->node.flags & ENTRY_PROVEN ||
		       (e->node.flags & ENTRY_USED && is_excused(g, e, now));
	return e->node.flags & ENTRY_USED;
}

void gate_know(struct view *v, const struct entry *e)
{
	v->is_known = e->node.flags & (NODE_PRECIOUS | ENTRY_PROVEN);
	if (e->node.flags & NODE_PRECIOUS)
		v->quota = QUOTA_WITHIN;
}

void gate_value_knock(struct gate *g, struct view *v, struct entry *e, struct mono now)
{
	gate_know(v, e);
	if (!gate_charge(g, v, now))
		return;
	if (is_kept(g, e, now))
		pool_make_precious(g->entries, &e->node);
	else
		pool_touch(g->entries, &e->node);
}

void gate_value_use(struct gate *g, struct view *v, struct entry *e, struct mono now)
{
	e->node.flags |= ENTRY_USED;
	if (is_kept(g, e, now))
		pool_make_precious(g->entries, &e->node);
	gate_value_knock(g, v, e, now);
}

void gate_ask_names(struct gate *g, struct view *v, const struct addr *who,
		    struct mono now, struct effects *fx)
{
	if (gate_charge(g, v, now))
		effects_ask(fx, who, v->is_known);
	else
		g->unasked++;
}

/* Its knock's entry may have been pushed out since, in a flood within the time of an
 * answer: the answer is enough to begin it again. */
enum proven gate_prove(struct gate *g, const struct addr *who, struct mono now,
		       struct decision *d, struct effects *fx)
{
	struct view v = { .to = TO_FAKE,
			  .source = cutter_source(&g->cutter, who),
			  .is_known = true };
	struct entry was = { .closes_low = 0 };
	struct times when;
	struct entry *e = gate_live_entry(g, &v.source, now, &when);
	const struct queue *q;

	*d = (struct decision){ .reason = REASON_KNOCK, .list = LISTS_NONE };
	if (e && e->node.flags & ENTRY_PROVEN)
		return PROVEN_BEFORE;
	v.listing = gate_listing(g, who, &v.source, now);
	d->queue = gate_queue_of(g, &v.listing, e);
	q = &g->policy.queue[d->queue];
	if (q->start == START_ATTEMPT)
		return PROVEN_NOBODY;
	if (e)
		was = *e;
	else
		e = gate_begin_entry(g, &v, SHOWING_PROOF, now, &when);
	gate_give_window(q, e, now, &when);
	e->node.flags |= ENTRY_PROVEN;
	entry_set_via(e, VIA_KNOCK);
	gate_value_knock(g, &v, e, now);
	gate_note_change(g, e, &was);
	if (g->policy.siblings_max > 0)
		gate_ask_names(g, &v, who, now, fx);
	d->timed = true;
	d->opens_ms = mono_reached(now, when.opens) ? 0 : when.opens.ms - now.ms;
	d->closes_ms = when.closes.ms - now.ms;
	return PROVEN_NOW;
}
