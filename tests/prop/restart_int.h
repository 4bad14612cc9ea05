/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * restart_int.h - a gate made of what another one stored knows what that one knew
 *
 * All that may be lost: times within the twentieth of a window, siblings whose bringer is
 * lost by that.
 */
#ifndef TESTS_RESTART_INT_H
#define TESTS_RESTART_INT_H

#include "../unit/mirror.h"
#include "chance_int.h"

enum { RESTART_CLOCK = 123456789 }; /* how much later the other one's clock is */

/* What became of an entry that was stored before its last refreshes. */
static inline bool is_kept_entry(const struct run *r, const struct knowledge *before,
				 const struct knowledge *after)
{
	int64_t step = r->window_max / 20;
	struct knowledge bringer;

	if (before->via == VIA_SIBLING && before->bringer.family != ADDR_NONE) {
		gate_explain(r->gate, &before->bringer, (struct mono){ r->now },
			     &bringer);
		if (bringer.closes_ms <= step && !after->has_entry)
			return true;
	}
	if (!after->has_entry)
		return before->closes_ms <= step;
	return before->via == after->via && before->is_used == after->is_used &&
	       before->is_proven == after->is_proven &&
	       before->connections == after->connections &&
	       before->opens_ms == after->opens_ms &&
	       after->closes_ms <= before->closes_ms &&
	       after->closes_ms >= before->closes_ms - step &&
	       (before->is_listed_by_name || after->is_listed_by_name ||
		before->queue == after->queue);
}

/* An unused sibling that lost its bringer follows it again when that has come again. */
static inline bool is_revived(const struct run *r, const struct knowledge *after)
{
	struct knowledge bringer;

	if (after->via != VIA_SIBLING || after->bringer.family == ADDR_NONE)
		return false;
	gate_explain(r->gate, &after->bringer, (struct mono){ r->now }, &bringer);
	return bringer.has_entry;
}

static inline bool is_kept(const struct run *r, const struct addr *who,
			   const struct gate *next)
{
	struct knowledge before, after;

	gate_explain(r->gate, who, (struct mono){ r->now }, &before);
	gate_explain(next, who, (struct mono){ r->now + RESTART_CLOCK }, &after);
	if (before.strikes != after.strikes || before.whites != after.whites ||
	    before.penalty_ms != after.penalty_ms || before.penalties != after.penalties)
		return false;
	if (!before.has_entry)
		return !after.has_entry || is_revived(r, &after);
	return is_kept_entry(r, &before, &after);
}

/* The other one's clock says something else. */
static inline void move_clock(struct mirror *m, int64_t by)
{
	for (unsigned i = 0; i < MIRROR_PLACES; i++) {
		struct change_entry *e = &m->of[CHANGE_ENTRY][i].of.entry;
		struct change_record *c = &m->of[CHANGE_RECORD][i].of.record;

		e->opens.ms += by;
		e->closes.ms += by;
		c->penalty.ms += by;
		c->forget.ms += by;
		for (unsigned s = 0; s < c->strikes; s++)
			c->strike[s].ms += by;
	}
}

static inline bool try_restart(struct run *r)
{
	uint8_t key[GATE_KEY_BYTES] = "some other key!";
	struct mirror *m = r->mirror;
	struct gate *next;
	bool fine = true;

	mirror_take(m, r->gate, 1 + below(r, 64));
	if (gate_changes(r->gate) != 0)
		return fail(r, "changes are left");
	next = gate_new(&r->twin.policy, r->twin.lists == 0 ? NULL : lists_of(&r->twin),
			key);
	if (next == NULL)
		return fail(r, "no second gate");
	gate_begin_load(next);
	move_clock(m, RESTART_CLOCK);
	(void)mirror_give(m, next, r->now + RESTART_CLOCK);
	move_clock(m, -RESTART_CLOCK);
	for (unsigned kind = 0; kind < 2 && fine; kind++)
		for (unsigned i = 0; i < MIRROR_PLACES && fine; i++)
			fine = !m->is_there[kind][i] ||
			       is_kept(r, &m->of[kind][i].source, next);
	for (unsigned i = 0; i < r->twin.count && fine; i++)
		fine = is_kept(r, &r->twin.entry[i].key, next);
	for (unsigned i = 0; i < r->twin.records && fine; i++)
		fine = is_kept(r, &r->twin.record[i].key, next);
	r->restarts++;
	gate_free(next);
	return fine || fail(r, "not all survives a restart");
}

#endif
