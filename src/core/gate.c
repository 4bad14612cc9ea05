/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gate.c - the one rule, row by row
 */
#include "core/gate.h"

#include <stdlib.h>
#include <string.h>

#include "core/recent_int.h"
#include "core/table_int.h"

struct gate {
	struct policy  policy;
	struct table  *table;    /* owned */
	struct recent *judged;   /* owned; what each attempt met, to know repeats */
	struct recent *accepted; /* owned; apart, so that a flood of refused ones cannot
				  * make a retransmission cost a second connection */
};

struct gate *gate_new(const struct policy *p, const uint8_t key[GATE_KEY_BYTES])
{
	struct table_conf c = { p->entries_max, p->prefix4, p->prefix6, key };
	struct gate *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	g->policy = *p;
	g->table = table_new(&c);
	g->judged = recent_new();
	g->accepted = recent_new();
	if (!g->table || !g->judged || !g->accepted) {
		gate_free(g);
		return NULL;
	}
	return g;
}

void gate_free(struct gate *g)
{
	if (!g)
		return;
	table_free(g->table);
	recent_free(g->judged);
	recent_free(g->accepted);
	free(g);
}

/* What is worked out of an attempt before it is judged. */
struct view {
	enum { TO_FAKE, TO_REAL, TO_NOBODY } to; /* TO_NOBODY: the rest is unset */
	struct source source;
	uint64_t      id; /* retransmissions of one SYN have one */
};

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
	uint64_t id = mix(s->hash, (uint64_t)a->seq << 32 | (uint32_t)a->sport << 16 | a->dport);

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
	v.source = table_source(g->table, &a->src);
	v.id = attempt_id(&v.source, a);
	return v;
}

/* The source's entry, unless its window has closed: then it is forgotten here. */
static struct entry *live_entry(struct gate *g, const struct source *s, struct mono now,
				struct times *when)
{
	struct entry *e = table_find(g->table, s);

	if (!e)
		return NULL;
	*when = table_times(g->table, e);
	if (!mono_reached(now, when->closes))
		return e;
	table_remove(g->table, e);
	return NULL;
}

static void begin_entry(struct gate *g, const struct source *s, struct mono now,
			struct times *when)
{
	const struct queue *q = &g->policy.queue;

	when->opens = mono_after(now, q->pause_ms);
	when->closes = mono_after(when->opens, q->window_ms);
	table_set_times(table_add(g->table, s, now), *when);
}

/* From here on it has times of its own, should it have been a sibling. */
static void refresh_entry(const struct queue *q, struct entry *e, struct mono now,
			  struct times *when)
{
	if (q->refresh)
		when->closes = mono_after(now, q->window_ms);
	table_set_times(e, *when);
}

/* To a fake MX. */
static struct decision judge_knock(struct gate *g, const struct source *s, struct mono now)
{
	const struct queue *q = &g->policy.queue;
	struct decision d = { .verdict = g->policy.fake_action, .reason = REASON_KNOCK };
	struct times when;
	struct entry *e;

	if (q->start == START_ATTEMPT)
		return d;

	e = live_entry(g, s, now, &when);
	if (!e) {
		begin_entry(g, s, now, &when);
	} else if (!mono_reached(now, when.opens)) {
		table_set_times(e, when); /* a sibling now waits on its own account */
	} else {
		refresh_entry(q, e, now, &when);
		table_touch(g->table, e);
		if (q->refresh)
			e->connections = 0; /* a window begun by a knock has its full budget */
	}
	d.timed = true;
	d.opens_ms = mono_reached(now, when.opens) ? 0 : when.opens.ms - now.ms;
	d.closes_ms = when.closes.ms - now.ms;
	return d;
}

/* To a real MX, in an open window: `open` or `spent`. */
static struct decision judge_open(struct gate *g, struct entry *e, struct times *when,
				  uint64_t id, struct mono now)
{
	const struct queue *q = &g->policy.queue;

	if (q->connections != 0) {
		if (recent_find(g->accepted, id, now) == 0) {
			if (e->connections >= q->connections)
				return (struct decision){ .verdict = q->deny,
							  .reason = REASON_SPENT };
			e->connections++;
		}
		recent_note(g->accepted, id, now, 1);
	}
	refresh_entry(q, e, now, when);
	table_mark_used(g->table, e);
	return (struct decision){ .verdict = VERDICT_ACCEPT, .reason = REASON_OPEN };
}

/* To a real MX. */
static struct decision judge_real(struct gate *g, const struct view *v, struct mono now)
{
	const struct queue *q = &g->policy.queue;
	struct decision d = { .verdict = q->deny };
	struct times when;
	struct entry *e = live_entry(g, &v->source, now, &when);

	if (e && mono_reached(now, when.opens))
		return judge_open(g, e, &when, v->id, now);

	if (e) {
		d.reason = REASON_PAUSING;
	} else if (q->start == START_KNOCK) {
		d.reason = REASON_NO_KNOCK;
	} else {
		begin_entry(g, &v->source, now, &when);
		d.reason = REASON_FIRST_TRY;
	}
	return d;
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

static struct decision judge(struct gate *g, const struct attempt *a, const struct view *v,
			     struct mono now, struct effects *fx)
{
	struct decision d;
	uint8_t met;

	if (v->to == TO_NOBODY) {
		d = pass(g, a);
	} else {
		d = v->to == TO_FAKE ? judge_knock(g, &v->source, now) : judge_real(g, v, now);
		met = (uint8_t)(1 + d.reason * 4 + d.verdict);
		d.repeat = recent_note(g->judged, v->id, now, met) == met;
		if (d.timed && !d.repeat && g->policy.siblings_max > 0)
			effects_add(fx, EFFECT_ASK_NAMES, &a->src);
	}
	d.would = d.verdict;
	if (g->policy.observe)
		d.verdict = VERDICT_ACCEPT;
	return d;
}

struct decision gate_judge(struct gate *g, const struct attempt *a, struct mono now,
			   struct effects *fx)
{
	struct view v = view_attempt(g, a);

	return judge(g, a, &v, now, fx);
}

void gate_judge_batch(struct gate *g, const struct gate_batch *b, struct mono now,
		      struct effects *fx)
{
	struct view view[GATE_BATCH_MAX];
	unsigned count = b->count < GATE_BATCH_MAX ? b->count : GATE_BATCH_MAX;

	for (unsigned i = 0; i < count; i++) {
		view[i] = view_attempt(g, &b->attempts[i]);
		if (view[i].to == TO_NOBODY)
			continue;
		table_fetch_index(g->table, &view[i].source);
		recent_fetch(g->judged, view[i].id);
	}
	for (unsigned i = 0; i < count; i++)
		if (view[i].to != TO_NOBODY)
			table_fetch_entry(g->table, &view[i].source);
	for (unsigned i = 0; i < count; i++)
		b->decisions[i] = judge(g, &b->attempts[i], &view[i], now, fx);
}

/* Names lead anywhere their owner likes; an entry is for hosts that could be senders. */
static bool may_be_sibling(const struct policy *p, const struct addr *who,
			   const struct addr *sibling)
{
	enum addr_scope own = addr_scope(who);
	bool is_inside = own == SCOPE_PRIVATE || own == SCOPE_LINK || own == SCOPE_LOOPBACK;

	if (policy_is_fake(p, sibling) || policy_is_real(p, sibling))
		return false;
	switch (addr_scope(sibling)) {
	case SCOPE_PUBLIC:
		return true;
	case SCOPE_PRIVATE:
	case SCOPE_LINK:
	case SCOPE_LOOPBACK:
		return is_inside;
	case SCOPE_MULTICAST:
	case SCOPE_UNUSABLE:
		return false;
	}
	return false;
}

void gate_hear_names(struct gate *g, const struct addr *who, const struct addr *siblings,
		     unsigned count, struct mono now, struct effects *fx)
{
	struct source source = table_source(g->table, who);
	struct times when;

	for (unsigned i = 0; i < count && i < g->policy.siblings_max; i++) {
		struct entry *bringer = live_entry(g, &source, now, &when);
		struct source sibling = table_source(g->table, &siblings[i]);
		struct entry *e;

		if (!bringer || (bringer->flags & ENTRY_SIBLING))
			return;
		if (!may_be_sibling(&g->policy, who, &siblings[i]))
			continue;
		e = live_entry(g, &sibling, now, &when);
		if (!e) {
			e = table_add(g->table, &sibling, now);
			if (live_entry(g, &source, now, &when) != bringer) {
				/* it was the least valuable itself, and made room */
				table_remove(g->table, e);
				return;
			}
			effects_add(fx, EFFECT_ADMITTED, &siblings[i]);
		} else if (!(e->flags & ENTRY_SIBLING)) {
			continue;
		}
		table_set_bringer(g->table, e, bringer);
	}
}

void gate_expire(struct gate *g, struct mono now, uint32_t slots)
{
	table_sweep(g->table, now, slots);
}

bool gate_swap_policy(struct gate *g, const struct policy *p)
{
	if (p->entries_max != g->policy.entries_max || p->prefix4 != g->policy.prefix4 ||
	    p->prefix6 != g->policy.prefix6)
		return false;
	g->policy = *p;
	return true;
}

const struct policy *gate_policy(const struct gate *g)
{
	return &g->policy;
}

struct gate_counts gate_count(const struct gate *g)
{
	struct table_counts c = table_count(g->table);

	return (struct gate_counts){ c.entries, c.used, c.evicted };
}
