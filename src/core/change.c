/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * change.c - changed places, as values
 */
#include "core/change.h"

#include <string.h>

#include "core/gate_int.h"

enum { WORDS = 16384 }; /* looked at in one go: a million places */

static void tell_entry(const struct gate *g, const struct entry *e, struct change *c)
{
	const struct entry *bringer = entry_bringer(g->entries, e);
	struct times when = entry_times(g->entries, e);

	c->of.entry = (struct change_entry){
		.via = entry_via(e),
		.is_used = e->node.flags & ENTRY_USED,
		.is_kept = e->node.flags & NODE_PRECIOUS,
		.is_proven = e->node.flags & ENTRY_PROVEN,
		.follows = e->node.flags & ENTRY_SIBLING,
		.connections = e->node.count,
		.opens = when.opens,
		.closes = when.closes,
	};
	memcpy(c->of.entry.queue, g->queue_name[e->node.spare], POLICY_NAME_MAX);
	if (bringer)
		c->of.entry.bringer = pool_key(g->entries, &bringer->node).addr;
	/* who follows somebody that is gone is gone too */
	c->is_gone = c->of.entry.follows && !bringer;
}

static void tell_record(const struct record *r, struct change *c)
{
	c->of.record = (struct change_record){
		.penalty = r->penalty,
		.forget = r->forget,
		.whites = r->whites,
		.penalties = r->penalties,
		.strikes = r->strikes,
	};
	memcpy(c->of.record.strike, r->strike, sizeof(r->strike));
}

static struct pool *pool_of(const struct gate *g, enum change_kind kind)
{
	return kind == CHANGE_ENTRY ? g->entries : g->records;
}

static void tell(const struct gate *g, const struct change_walk *w, struct change *c)
{
	const struct pool *p = pool_of(g, w->kind);
	const struct node *n = pool_at(p, w->place);

	*c = (struct change){ .kind = w->kind, .place = w->place, .is_gone = !n };
	if (!n)
		return;
	c->source = pool_key(p, n).addr;
	if (w->kind == CHANGE_ENTRY)
		tell_entry(g, (const struct entry *)n, c);
	else
		tell_record((const struct record *)(const void *)n, c);
}

unsigned gate_take_changes(struct gate *g, struct change_walk *w, struct change *out,
			   unsigned max)
{
	unsigned count = 0;

	while (count < max && !w->is_over) {
		struct pool *p = pool_of(g, w->kind);

		if (marks_take(pool_marks(p), &w->place, WORDS)) {
			tell(g, w, &out[count++]);
			w->place++;
		} else if (w->place < pool_max(p)) {
			break; /* looked at enough */
		} else {
			w->is_over = w->kind == CHANGE_RECORD;
			w->kind = CHANGE_RECORD;
			w->place = 0;
		}
	}
	return count;
}

uint32_t gate_changes(const struct gate *g)
{
	return pool_marks(g->entries)->count + pool_marks(g->records)->count;
}

void gate_mark_all(struct gate *g)
{
	pool_mark_all(g->entries);
	pool_mark_all(g->records);
}

void gate_mark_place(struct gate *g, enum change_kind kind, uint32_t place)
{
	if (place < pool_max(pool_of(g, kind)))
		marks_set(pool_marks(pool_of(g, kind)), place);
}

void gate_note_change(struct gate *g, const struct entry *e, const struct entry *was)
{
	int64_t window_ms = g->policy.queue[g->queue_index[e->node.spare]].window_ms;

	if (gate_is_on_probation(g, e) && window_ms > g->policy.probation_ms)
		window_ms = g->policy.probation_ms;
	if (entry_has_changed(e, was, window_ms / 20))
		pool_mark(g->entries, &e->node);
}
