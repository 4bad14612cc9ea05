/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gate.c - the one rule, row by row
 */
#include "core/gate.h"

#include <stdlib.h>
#include <string.h>

#include "core/gate_int.h"

enum {
	JUDGED_PAIRS = 4096, /* small: every packet looks there */
	/* Nine of ten first SYNs are known a second later while 35 000 others come. */
	ASKED_PAIRS = 65536,
	MET_ASKED = 128, /* of what is noted of an attempt: dropped to be proven */
};

static struct pool *make_pool(const struct gate *g, uint32_t max, size_t thing_bytes,
			      pool_expired_fn *expired)
{
	struct pool_conf c = { max, (uint32_t)thing_bytes, &g->cutter, expired,
			       expired != name_has_expired };

	return pool_new(&c);
}

struct gate *gate_new(const struct policy *p, struct lists *lists,
		      const uint8_t key[GATE_KEY_BYTES])
{
	struct gate *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	g->policy = *p;
	queues_number(g);
	cutter_init(&g->cutter, p->prefix4, p->prefix6, key);
	g->entries =
		make_pool(g, p->entries_max, sizeof(struct entry), entry_has_expired);
	g->records = make_pool(g, p->entries_max / 8 + 1, sizeof(struct record),
			       record_has_expired);
	g->names = make_pool(g, NAMES_MAX, sizeof(struct name), name_has_expired);
	g->judged = recent_new(JUDGED_PAIRS);
	g->accepted = recent_new(JUDGED_PAIRS);
	g->asked = recent_new(ASKED_PAIRS);
	g->quota = quota_new(p->prefix6, key);
	if (!g->entries || !g->records || !g->names || !g->judged || !g->accepted ||
	    !g->asked || !g->quota) {
		gate_free(g);
		return NULL;
	}
	g->lists = lists;
	return g;
}

void gate_free(struct gate *g)
{
	if (!g)
		return;
	lists_free(g->lists);
	pool_free(g->entries);
	pool_free(g->records);
	pool_free(g->names);
	recent_free(g->judged);
	recent_free(g->accepted);
	recent_free(g->asked);
	quota_free(g->quota);
	free(g);
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

/* Begins with the source's keyed hash, so nobody outside can make two attempts collide;
 * the whole address goes in, as a source may be a network. */
static uint64_t attempt_id(const struct source *s, const struct attempt *a)
{
	uint64_t src[2], dst[2], both;
	uint64_t id = mix(s->hash,
			  (uint64_t)a->seq << 32 | (uint32_t)a->sport << 16 | a->dport);

	if (!s->is_ip6) {
		memcpy(&both, a->src.byte, 4);
		memcpy((uint8_t *)&both + 4, a->dst.byte, 4);
		return mix(id, both);
	}
	memcpy(src, a->src.byte, sizeof(src));
	memcpy(dst, a->dst.byte, sizeof(dst));
	id = mix(id, src[0]);
	id = mix(id, src[1]);
	id = mix(id, dst[0]);
	return mix(id, dst[1]);
}

static struct view view_attempt(const struct gate *g, const struct attempt *a)
{
	struct view v = { .to = TO_NOBODY };

	if (a->shape != ATTEMPT_SYN || a->dport != g->policy.smtp_port)
		return v;
	if (policy_is_fake(&g->policy, &a->dst))
		v.to = TO_FAKE;
	else if (policy_is_real(&g->policy, &a->dst))
		v.to = TO_REAL;
	else
		return v;
	v.source = cutter_source(&g->cutter, &a->src);
	v.id = attempt_id(&v.source, a);
	return v;
}

struct entry *gate_live_entry(struct gate *g, const struct source *s, struct mono now,
			      struct times *when)
{
	struct entry *e = pool_find(g->entries, s);

	if (!e)
		return NULL;
	*when = entry_times(g->entries, e);
	if (!mono_reached(now, when->closes))
		return e;
	pool_remove(g->entries, &e->node);
	return NULL;
}

struct entry *gate_begin_entry(struct gate *g, struct view *v, enum showing showing,
			       struct mono now, struct times *when)
{
	uint8_t queue = gate_queue_of(g, &v->listing, NULL);
	const struct queue *q = &g->policy.queue[queue];
	struct entry *e = pool_add(g->entries, &v->source, now);

	when->opens = mono_after(now, q->pause_ms);
	when->closes = mono_after(when->opens, gate_window(g, q, showing));
	entry_set_times(e, *when);
	entry_set_via(e, v->to == TO_FAKE ? VIA_KNOCK : VIA_ATTEMPT);
	e->node.spare = g->queue_number[queue];
	if (!gate_charge(g, v, now))
		pool_put_last(g->entries, &e->node);
	return e;
}

/* From here on it has times of its own, should it have been a sibling. A window that was
 * opened for longer is not cut short. */
static void refresh_entry(const struct queue *q, struct entry *e, struct mono closes,
			  struct times *when)
{
	if (q->refresh)
		when->closes = mono_later(when->closes, closes);
	entry_set_times(e, *when);
}

/* In an open window. */
static void renew_entry(struct gate *g, struct view *v, const struct decision *d,
			struct mono now, struct times *when)
{
	struct entry *e = pool_find(g->entries, &v->source);
	const struct queue *q = &g->policy.queue[d->queue];

	refresh_entry(q, e, mono_after(now, gate_window(g, q, d->showing)), when);
	gate_value_knock(g, v, e, now);
	if (q->refresh)
		e->node.count = 0; /* a window begun by a knock has its full budget */
}

/* To a fake MX. */
static struct decision judge_knock(struct gate *g, struct view *v, struct mono now)
{
	struct decision d = { .verdict = g->policy.fake_action, .reason = REASON_KNOCK };
	struct times when;
	struct entry *e = gate_live_entry(g, &v->source, now, &when);
	struct entry was = { .closes_low = 0 };
	const struct queue *q;

	d.queue = gate_queue_of(g, &v->listing, e);
	q = &g->policy.queue[d.queue];
	if (q->start == START_ATTEMPT)
		return d;
	d.showing = gate_showing(g, v, e, now);
	if (d.showing == SHOWING_NOTHING)
		d.verdict = VERDICT_DROP;

	if (e)
		was = *e;
	if (!e)
		e = gate_begin_entry(g, v, d.showing, now, &when);
	else if (gate_follows_on(g, q, e, d.showing, when.closes.ms - now.ms))
		gate_value_knock(g, v, e, now);
	else if (!mono_reached(now, when.opens))
		entry_set_times(e, when); /* a sibling now waits on its own account */
	else
		renew_entry(g, v, &d, now, &when);
	if (d.showing == SHOWING_PROOF) {
		e->node.flags |= ENTRY_PROVEN;
		gate_give_window(q, e, now, &when);
	}
	gate_know(v, e);
	if (gate_is_good(d.showing) || entry_via(e) != VIA_SIBLING)
		entry_set_via(e, VIA_KNOCK);
	gate_note_change(g, e, &was);
	d.timed = true;
	d.opens_ms = mono_reached(now, when.opens) ? 0 : when.opens.ms - now.ms;
	d.closes_ms = when.closes.ms - now.ms;
	return d;
}

/* To a real MX, in an open window: `open` or `spent`. */
static struct decision judge_open(struct gate *g, struct entry *e, struct times *when,
				  struct view *v, struct mono now)
{
	struct decision d = { .verdict = VERDICT_ACCEPT, .reason = REASON_OPEN };
	const struct entry was = *e;
	const struct queue *q;

	d.queue = gate_queue_of(g, &v->listing, e);
	q = &g->policy.queue[d.queue];
	if (q->connections != 0) {
		if (recent_find(g->accepted, v->id, now) == 0) {
			if (e->node.count >= q->connections) {
				gate_know(v, e);
				d.verdict = q->deny;
				d.reason = REASON_SPENT;
				return d;
			}
			e->node.count++;
		}
		recent_note(g->accepted, v->id, now, 1);
	}
	if (gate_is_on_probation(g, e))
		gate_give_window(q, e, now, when);
	else
		refresh_entry(q, e, mono_after(now, q->window_ms), when);
	gate_value_use(g, v, e, now);
	gate_note_change(g, e, &was);
	return d;
}

/* To a real MX. */
static struct decision judge_real(struct gate *g, struct view *v, struct mono now)
{
	struct times when;
	struct entry *e = gate_live_entry(g, &v->source, now, &when);
	struct decision d = { .queue = gate_queue_of(g, &v->listing, e) };
	const struct queue *q = &g->policy.queue[d.queue];

	if (e && mono_reached(now, when.opens))
		return judge_open(g, e, &when, v, now);

	d.verdict = q->deny;
	if (e) {
		gate_know(v, e);
		d.reason = REASON_PAUSING;
	} else if (g->is_loading) {
		d.reason = REASON_UNSURE;
		d.verdict = g->policy.when_unsure;
	} else if (q->start == START_KNOCK) {
		d.reason = REASON_NO_KNOCK;
	} else {
		gate_begin_entry(g, v, SHOWING_ENOUGH, now, &when);
		d.reason = REASON_FIRST_TRY;
	}
	return d;
}

/* Known already, for better or worse: listed, or under penalty. False when neither. */
static bool judge_known(const struct gate *g, const struct view *v, struct mono now,
			struct decision *d)
{
	const struct list *list = NULL;
	const struct record *r;

	if (v->listing.list != LISTS_NONE)
		list = lists_at(g->lists, v->listing.list);
	if (list && list->action == LIST_ALLOW) {
		d->verdict = VERDICT_ACCEPT;
		d->reason = REASON_LISTED_ALLOW;
		return true;
	}
	if (list && list->action == LIST_DENY) {
		d->verdict = list->deny;
		d->reason = REASON_LISTED_DENY;
		return true;
	}
	r = pool_find(g->records, &v->source);
	if (!r || !record_is_penalised(r, now))
		return false;
	d->verdict = g->policy.penalty.action;
	d->reason = REASON_PENALTY;
	d->queue = gate_queue_of(g, &v->listing, gate_known_entry(g, &v->source, now));
	return true;
}

/* Not for us to judge: the first rows, and what could not be read. */
static struct decision pass(const struct gate *g, const struct attempt *a)
{
	struct decision d = { .verdict = VERDICT_ACCEPT };

	switch (a->shape) {
	case ATTEMPT_UNREADABLE:
		d.reason = REASON_UNSURE;
		d.verdict = g->policy.when_unsure;
		break;
	case ATTEMPT_MALFORMED:
		d.reason = REASON_MALFORMED;
		break;
	case ATTEMPT_NOT_A_SYN:
		d.reason = REASON_NOT_A_SYN;
		break;
	case ATTEMPT_SYN:
		d.reason = a->dport != g->policy.smtp_port ? REASON_NOT_A_SYN
							   : REASON_OTHER_DESTINATION;
		break;
	}
	return d;
}

/* To one of our addresses: the rule but its first rows. */
static struct decision judge_mail(struct gate *g, struct view *v, struct mono now)
{
	struct decision d = { .verdict = VERDICT_ACCEPT };

	if (judge_known(g, v, now, &d))
		;
	else if (v->to == TO_FAKE)
		d = judge_knock(g, v, now);
	else
		d = judge_real(g, v, now);
	/* Its name may be all that speaks for it: silence leaves time to know it. */
	if (v->listing.is_pending && d.verdict != VERDICT_ACCEPT &&
	    d.reason != REASON_KNOCK)
		d.verdict = VERDICT_DROP;
	return d;
}

static struct decision judge(struct gate *g, const struct attempt *a, struct view *v,
			     struct mono now, struct effects *fx)
{
	struct decision d;
	uint8_t met;

	if (v->to == TO_NOBODY) {
		d = pass(g, a);
	} else {
		d = judge_mail(g, v, now);
		d.is_known = v->is_known;
		met = (uint8_t)((1 + d.reason * VERDICTS + d.verdict) |
				(d.showing == SHOWING_NOTHING ? MET_ASKED : 0));
		d.repeat = recent_note(g->judged, v->id, now, met) == met;
		/* A question may have been dropped: its retransmission asks again. */
		if (v->listing.is_pending ||
		    (d.timed && !d.repeat && d.showing != SHOWING_NOTHING &&
		     g->policy.siblings_max > 0))
			gate_ask_names(g, v, &a->src, now, fx);
	}
	d.list = v->to == TO_NOBODY ? LISTS_NONE : v->listing.list;
	d.would = d.verdict;
	if (g->policy.observe)
		d.verdict = VERDICT_ACCEPT;
	return d;
}

struct decision gate_judge(struct gate *g, const struct attempt *a, struct mono now,
			   struct effects *fx)
{
	struct view v = view_attempt(g, a);

	if (v.to != TO_NOBODY)
		v.listing = gate_listing(g, &a->src, &v.source, now);
	return judge(g, a, &v, now, fx);
}

void gate_judge_batch(struct gate *g, const struct gate_batch *b, struct mono now,
		      struct effects *fx)
{
	struct view view[GATE_BATCH_MAX];
	unsigned count = b->count < GATE_BATCH_MAX ? b->count : GATE_BATCH_MAX;

	for (unsigned i = 0; i < count; i++)
		view[i] = view_attempt(g, &b->attempts[i]);
	/* Close together: each fetch waits for the address of its page, and a processor
	 * works on several of those only as far ahead as it sees. */
	for (unsigned i = 0; i < count; i++) {
		if (view[i].to == TO_NOBODY)
			continue;
		pool_fetch_index(g->entries, &view[i].source);
		recent_fetch(g->judged, view[i].id);
		if (view[i].to == TO_FAKE && g->policy.proof != PROOF_NONE)
			recent_fetch(g->asked, view[i].id);
		lists_fetch_index(g->lists, &b->attempts[i].src);
	}
	for (unsigned i = 0; i < count; i++) {
		if (view[i].to == TO_NOBODY)
			continue;
		pool_fetch_thing(g->entries, &view[i].source);
		lists_fetch_nets(g->lists, &b->attempts[i].src);
	}
	for (unsigned i = 0; i < count; i++) {
		if (view[i].to != TO_NOBODY)
			view[i].listing = gate_listing(g, &b->attempts[i].src,
						       &view[i].source, now);
		b->decisions[i] = judge(g, &b->attempts[i], &view[i], now, fx);
	}
}

void gate_expire(struct gate *g, struct mono now, uint32_t slots)
{
	pool_sweep(g->entries, now, slots);
	pool_sweep(g->records, now, slots / 8 + 1);
	pool_sweep(g->names, now, slots / 8 + 1);
}

bool gate_fits(const struct gate *g, const struct policy *p)
{
	return p->entries_max == g->policy.entries_max &&
	       p->prefix4 == g->policy.prefix4 && p->prefix6 == g->policy.prefix6;
}

struct lists *gate_take_lists(struct gate *g)
{
	struct lists *lists = g->lists;

	g->lists = NULL;
	return lists;
}

bool gate_swap_policy(struct gate *g, const struct policy *p, struct lists *lists)
{
	if (!gate_fits(g, p))
		return false;
	g->policy = *p;
	queues_number(g);
	lists_free(g->lists);
	g->lists = lists;
	pool_clear(g->names); /* they know lists by number */
	return true;
}

const struct lists *gate_lists(const struct gate *g)
{
	return g->lists;
}

const struct policy *gate_policy(const struct gate *g)
{
	return &g->policy;
}

struct gate_counts gate_count(const struct gate *g)
{
	struct pool_counts c = pool_count(g->entries);

	return (struct gate_counts){ c.things, c.precious, c.evicted, g->over,
				     g->unasked, pool_count(g->records).things };
}
