/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * queues.c - which queue a source lives under
 *
 * A reload may add, take out and reorder queues. Entries hold a number that goes with the
 * queue's name, so they need not be visited.
 */
#include <string.h>

#include "core/gate_int.h"

static unsigned find_number(const struct gate *g, const char *name)
{
	for (unsigned n = 0; n < QUEUE_NUMBERS; n++)
		if (strcmp(g->queue_name[n], name) == 0)
			return n;
	return QUEUE_NUMBERS;
}

/* One never given, or else one whose queue is no more: 256 names are a long life. */
static unsigned new_number(const struct gate *g)
{
	unsigned n = find_number(g, "");

	for (unsigned i = 1; n == QUEUE_NUMBERS && i < QUEUE_NUMBERS; i++)
		if (policy_find_queue(&g->policy, g->queue_name[i]) < 0)
			n = i;
	return n;
}

void queues_number(struct gate *g)
{
	memset(g->queue_index, 0, sizeof(g->queue_index));
	for (unsigned i = 0; i < g->policy.queues; i++) {
		unsigned n = i == 0 ? 0 : find_number(g, g->policy.queue[i].name);

		if (n == QUEUE_NUMBERS)
			n = new_number(g);
		memcpy(g->queue_name[n], g->policy.queue[i].name, POLICY_NAME_MAX);
		g->queue_index[n] = (uint8_t)i;
		g->queue_number[i] = (uint8_t)n;
	}
}

struct listing gate_listing(const struct gate *g, const struct addr *who,
			    const struct source *s, struct mono now)
{
	struct listing l = { .list = LISTS_NONE };
	const struct name *name;

	if (!g->lists)
		return l;
	l.list = lists_find_addr(g->lists, who);
	if (l.list != LISTS_NONE || !lists_have_names(g->lists))
		return l;
	name = pool_find(g->names, s);
	if (!name || name_has_expired(g->names, &name->node, now)) {
		l.is_pending = true;
	} else {
		l.list = name->list;
		l.is_by_name = name->list != LISTS_NONE;
		/* A further name may be one that is let in. */
		l.is_pending = !name->is_final &&
			       !(l.is_by_name &&
				 lists_at(g->lists, l.list)->action == LIST_ALLOW);
	}
	return l;
}

uint8_t gate_queue_of(const struct gate *g, const struct listing *l,
		      const struct entry *e)
{
	if (l->list != LISTS_NONE && lists_at(g->lists, l->list)->action == LIST_QUEUE)
		return lists_at(g->lists, l->list)->queue;
	return e ? g->queue_index[e->node.spare] : 0;
}

const struct entry *gate_known_entry(const struct gate *g, const struct source *s,
				     struct mono now)
{
	const struct entry *e = pool_find(g->entries, s);

	return e && !entry_has_expired(g->entries, &e->node, now) ? e : NULL;
}

bool name_has_expired(const struct pool *p, const struct node *n, struct mono now)
{
	(void)p;
	return mono_reached(now, ((const struct name *)(const void *)n)->forget);
}
