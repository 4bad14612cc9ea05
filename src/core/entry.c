/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * entry.c - times, and who brought whom
 */
#include "core/entry_int.h"

enum via entry_via(const struct entry *e)
{
	return (enum via)((e->node.flags & ENTRY_VIA) >> ENTRY_VIA_SHIFT);
}

void entry_set_via(struct entry *e, enum via via)
{
	e->node.flags = (uint8_t)((e->node.flags & ~ENTRY_VIA) | via << ENTRY_VIA_SHIFT);
}

const struct entry *entry_bringer(const struct pool *p, const struct entry *e)
{
	const struct entry *bringer;

	if (entry_via(e) != VIA_SIBLING)
		return NULL;
	bringer = (const struct entry *)pool_at(p, e->bringer);
	return bringer && bringer->node.generation == e->bringer_generation ? bringer
									    : NULL;
}

_Static_assert(sizeof(struct entry) == 28, "there are a million of them");

#define OPEN_MAX ((INT64_C(1) << 40) - 1)

static struct times own_times(const struct entry *e)
{
	int64_t closes = (int64_t)e->closes_high << 32 | e->closes_low;
	int64_t open = (int64_t)e->open_high << 32 | e->open_low;

	return (struct times){ { closes - open }, { closes } };
}

struct times entry_times(const struct pool *p, const struct entry *e)
{
	if (e->node.flags & ENTRY_SIBLING) {
		e = entry_bringer(p, e);
		if (!e)
			return (struct times){ { INT64_MIN }, { INT64_MIN } };
	}
	return own_times(e);
}

void entry_set_times(struct entry *e, struct times when)
{
	int64_t open = when.closes.ms - when.opens.ms;

	if (open < 0)
		open = 0;
	if (open > OPEN_MAX)
		open = OPEN_MAX;
	e->node.flags &= (uint8_t)~ENTRY_SIBLING;
	e->closes_low = (uint32_t)when.closes.ms;
	e->closes_high = (uint16_t)(when.closes.ms >> 32);
	e->open_low = (uint32_t)open;
	e->open_high = (uint8_t)(open >> 32);
}

void entry_set_bringer(const struct pool *p, struct entry *e, const struct entry *bringer)
{
	e->node.flags |= ENTRY_SIBLING;
	entry_set_via(e, VIA_SIBLING);
	e->bringer = pool_place(p, &bringer->node);
	e->bringer_generation = bringer->node.generation;
}

bool entry_has_changed(const struct entry *e, const struct entry *was, int64_t step_ms)
{
	struct times now = own_times(e), before = own_times(was);

	if (step_ms < 1)
		step_ms = 1;
	return e->node.flags != was->node.flags || e->node.spare != was->node.spare ||
	       e->node.count != was->node.count || e->bringer != was->bringer ||
	       e->bringer_generation != was->bringer_generation ||
	       now.opens.ms != before.opens.ms ||
	       now.closes.ms / step_ms != before.closes.ms / step_ms;
}

bool entry_has_expired(const struct pool *p, const struct node *n, struct mono now)
{
	return mono_reached(now, entry_times(p, (const struct entry *)n).closes);
}
