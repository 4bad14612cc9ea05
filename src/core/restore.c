/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * restore.c - what was stored comes back, beside what is known already
 */
#include <string.h>

#include "core/change.h"
#include "core/gate_int.h"

void gate_begin_load(struct gate *g)
{
	g->is_loading = true;
}

void gate_end_unsure(struct gate *g)
{
	g->is_loading = false;
}

void gate_end_load(struct gate *g)
{
	g->is_loading = g->expects_entries = g->expects_records = false;
}

void gate_expect_back(struct gate *g, uint32_t entry_places, uint32_t record_places)
{
	pool_reserve(g->entries, entry_places);
	pool_reserve(g->records, record_places);
	g->expects_entries = g->expects_records = true;
}

/* A queue that is no more is `default`, as after a reload. */
static uint8_t queue_number(const struct gate *g, const char *name)
{
	int i = policy_find_queue(&g->policy, name);

	return g->queue_number[i < 0 ? 0 : i];
}

static struct entry *bringer_of(struct gate *g, const struct change_entry *c,
				struct mono now)
{
	struct source s = cutter_source(&g->cutter, &c->bringer);
	struct times when;
	struct entry *e;

	if (c->bringer.family == ADDR_NONE)
		return NULL;
	e = gate_live_entry(g, &s, now, &when);
	return e && !(e->node.flags & ENTRY_SIBLING) ? e : NULL;
}

/* An entry cannot say that its window opened before our clock began. */
static struct times times_of(const struct change_entry *c)
{
	return (struct times){ { c->opens.ms > 0 ? c->opens.ms : 0 }, c->closes };
}

/* Both of one source: the window is the longer one, but a pause is kept. */
static void merge_entry(struct gate *g, struct entry *e, const struct change_entry *c,
			struct mono now)
{
	struct times own = entry_times(g->entries, e), when = times_of(c);
	bool follows = e->node.flags & ENTRY_SIBLING;

	if (c->follows)
		return;
	if (!mono_reached(now, own.opens) && !follows)
		when.opens = own.opens;
	else
		when.opens = own.opens.ms < when.opens.ms ? own.opens : when.opens;
	when.closes = mono_later(own.closes, when.closes);
	entry_set_times(e, when);
	if (follows) {
		entry_set_via(e, c->via);
		e->node.spare = queue_number(g, c->queue);
		e->node.count = c->connections;
	}
	if (c->is_proven)
		e->node.flags |= ENTRY_PROVEN;
	if (c->is_used)
		e->node.flags |= ENTRY_USED;
	if (c->is_kept)
		pool_make_precious(g->entries, &e->node);
	pool_mark(g->entries, &e->node);
}

static bool take_back_entry(struct gate *g, const struct change *c, struct mono now)
{
	const struct change_entry *from = &c->of.entry;
	struct source s = cutter_source(&g->cutter, &c->source);
	struct entry *bringer = bringer_of(g, from, now);
	struct times when;
	struct entry *e;

	if (from->follows ? !bringer : mono_reached(now, from->closes))
		return false;
	e = gate_live_entry(g, &s, now, &when);
	if (e) {
		merge_entry(g, e, from, now);
		return pool_place(g->entries, &e->node) == c->place;
	}
	e = pool_bring_back(g->entries, &s, c->place, from->is_kept, now);
	if (!e)
		return false;
	entry_set_times(e, times_of(from));
	entry_set_via(e, from->via);
	e->bringer = POOL_NOWHERE;
	if (from->is_kept) /* the bringer may have made room for it */
		bringer = bringer_of(g, from, now);
	if (bringer && from->via == VIA_SIBLING)
		entry_set_bringer(g->entries, e, bringer);
	if (!from->follows)
		e->node.flags &= (uint8_t)~ENTRY_SIBLING;
	if (from->is_proven)
		e->node.flags |= ENTRY_PROVEN;
	if (from->is_used)
		e->node.flags |= ENTRY_USED;
	e->node.spare = queue_number(g, from->queue);
	e->node.count = from->connections;
	return true;
}

/* Both of one source: the worse counts, unless the source was trusted meanwhile. */
static void merge_record(struct gate *g, struct record *r, const struct change_record *c,
			 struct mono now)
{
	unsigned penalties = (unsigned)r->penalties + c->penalties;
	unsigned room = POLICY_STRIKES_MAX - r->strikes;
	unsigned old = c->strikes < room ? c->strikes : room;

	if (!record_is_penalised(r, now)) { /* else they are used up */
		memmove(&r->strike[old], &r->strike[0],
			r->strikes * sizeof(r->strike[0]));
		memcpy(&r->strike[0], &c->strike[c->strikes - old],
		       old * sizeof(r->strike[0]));
		r->strikes = (uint8_t)(r->strikes + old);
	}
	r->penalty = mono_later(r->penalty, c->penalty);
	r->forget = mono_later(r->forget, c->forget);
	r->penalties = (uint8_t)(penalties < UINT8_MAX ? penalties : UINT8_MAX);
	r->whites = r->whites > c->whites ? r->whites : c->whites;
	if (record_is_penalised(r, now))
		pool_make_precious(g->records, &r->node);
	pool_mark(g->records, &r->node);
}

static bool take_back_record(struct gate *g, const struct change *c, struct mono now)
{
	const struct change_record *from = &c->of.record;
	struct source s = cutter_source(&g->cutter, &c->source);
	struct record *r;

	if (mono_reached(now, from->forget))
		return false;
	r = pool_find_live(g->records, &s, now);
	if (r) {
		merge_record(g, r, from, now);
		return pool_place(g->records, &r->node) == c->place;
	}
	r = pool_bring_back(g->records, &s, c->place, !mono_reached(now, from->penalty),
			    now);
	if (!r)
		return false;
	r->penalty = from->penalty;
	r->forget = from->forget;
	r->whites = from->whites;
	r->penalties = from->penalties;
	r->strikes = from->strikes;
	memcpy(r->strike, from->strike, sizeof(r->strike));
	return true;
}

bool gate_take_back(struct gate *g, const struct change *c, struct mono now)
{
	bool is_entry = c->kind == CHANGE_ENTRY;
	bool is_back = false;

	if (is_entry && g->expects_entries)
		is_back = take_back_entry(g, c, now);
	else if (!is_entry && g->expects_records)
		is_back = take_back_record(g, c, now);
	if (!is_back) /* what is stored at that place is to go */
		gate_mark_place(g, c->kind, c->place);
	return is_back;
}

static bool makes_sense(const struct knowledge *k)
{
	if (k->source.addr.family == ADDR_NONE || k->penalty_ms < 0 || k->opens_ms < 0)
		return false;
	return k->has_entry ? k->closes_ms > k->opens_ms && k->connections <= UINT16_MAX
			    : k->penalty_ms > 0 || k->strikes > 0 || k->whites > 0;
}

/* When they were given is not known: now, but not more than may be without a penalty. */
static void restore_votes(struct record *r, const struct policy *p,
			  const struct knowledge *k, struct mono now)
{
	unsigned strikes =
		k->strikes < p->penalty.strikes ? k->strikes : p->penalty.strikes - 1;
	unsigned whites = k->whites < p->trust.votes ? k->whites : p->trust.votes - 1;

	for (unsigned i = 0; i < whites; i++)
		(void)record_praise(r, p, now);
	for (unsigned i = 0; i < strikes; i++)
		(void)record_strike(r, &p->penalty, now);
}

bool gate_restore(struct gate *g, const struct knowledge *k, struct mono now)
{
	struct source s = cutter_source(&g->cutter, &k->source.addr);
	struct times when;
	struct record *r;
	struct entry *e;

	if (!makes_sense(k))
		return false;
	if (k->has_entry && !gate_live_entry(g, &s, now, &when)) {
		e = pool_add(g->entries, &s, now);
		when = (struct times){ mono_after(now, k->opens_ms),
				       mono_after(now, k->closes_ms) };
		entry_set_times(e, when);
		/* Who brought it stays behind: it has times of its own from here on. */
		entry_set_via(e, k->via);
		e->bringer = POOL_NOWHERE;
		if (k->is_used)
			e->node.flags |= ENTRY_USED;
		if (k->is_proven)
			e->node.flags |= ENTRY_PROVEN;
		e->node.spare =
			g->queue_number[k->queue < g->policy.queues ? k->queue : 0];
		e->node.count = (uint16_t)k->connections;
		/* Whatever was let in may have been so when nothing had to be proven. */
		if (k->is_used || (k->is_proven && g->policy.proof == PROOF_COOKIE))
			pool_make_precious(g->entries, &e->node);
	}
	r = pool_find_live(g->records, &s, now);
	if (!r && k->penalty_ms <= 0 && (k->strikes > 0 || k->whites > 0)) {
		r = pool_add(g->records, &s, now);
		restore_votes(r, &g->policy, k, now);
	} else if (!r && k->penalty_ms > 0) {
		r = pool_add(g->records, &s, now);
		record_penalise(r, &g->policy.penalty, k->penalty_ms, now);
		/* It counts itself, whatever an older export says or leaves out. */
		if (k->penalties > r->penalties)
			r->penalties = (uint8_t)(k->penalties < UINT8_MAX ? k->penalties
									  : UINT8_MAX);
		pool_make_precious(g->records, &r->node);
	}
	return true;
}
