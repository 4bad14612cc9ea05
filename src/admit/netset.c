/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netset.c - what must change so that a table holds what is wanted
 */
#include "admit/netset_int.h"

#include <stdlib.h>
#include <string.h>

/* struct net has no padding: family, bytes, bits, in the order that is wanted. */
_Static_assert(sizeof(struct net) == 18, "networks are compared byte for byte");

int netset_cmp(const struct net *a, const struct net *b)
{
	int order = memcmp(a, b, sizeof(*a));

	return (order > 0) - (order < 0);
}

uint32_t netset_minus(const struct netset *a, const struct netset *b, struct net *out,
		      uint32_t max)
{
	uint32_t i = 0, k = 0, found = 0;

	while (i < a->count && found < max) {
		int order = k == b->count ? -1 : netset_cmp(&a->net[i], &b->net[k]);

		if (order < 0)
			out[found++] = a->net[i];
		if (order <= 0)
			i++;
		if (order >= 0)
			k++;
	}
	return found;
}

static int cmp_changes(const void *a, const void *b)
{
	const struct change *x = a, *y = b;
	int order = netset_cmp(&x->net, &y->net);

	return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

uint32_t netset_settle(struct change *changes, uint32_t count)
{
	uint32_t kept = 0;

	if (count == 0)
		return 0;
	qsort(changes, count, sizeof(*changes), cmp_changes);
	for (uint32_t i = 1; i < count; i++) {
		if (netset_cmp(&changes[i].net, &changes[kept].net) != 0)
			kept++;
		changes[kept] = changes[i];
	}
	return kept + 1;
}

/* Where `n` stands among the first `count` networks, or would. */
static uint32_t find(const struct netset *s, uint32_t count, const struct net *n)
{
	uint32_t from = 0, to = count;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (netset_cmp(&s->net[middle], n) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static bool has(const struct netset *s, uint32_t at, const struct net *n)
{
	return at < s->count && netset_cmp(&s->net[at], n) == 0;
}

static void move(struct netset *s, uint32_t to, uint32_t from, uint32_t count)
{
	memmove(&s->net[to], &s->net[from], count * sizeof(*s->net));
}

uint32_t netset_join(struct netset *s, struct net *nets, uint32_t count)
{
	uint32_t fresh = 0, room = s->max - s->count, left, from = s->count;

	for (uint32_t i = 0; i < count; i++)
		if (!has(s, find(s, s->count, &nets[i]), &nets[i]))
			nets[fresh++] = nets[i];
	left = fresh < room ? fresh : room;
	s->count += left;
	/* From the end, so that nothing is written over before it has moved. */
	for (uint32_t i = left; i > 0; i--) {
		uint32_t at = find(s, from, &nets[i - 1]);

		move(s, at + i, at, from - at);
		s->net[at + i - 1] = nets[i - 1];
		from = at;
	}
	return fresh - left;
}

void netset_drop(struct netset *s, const struct net *nets, uint32_t count)
{
	uint32_t kept = 0, from = 0; /* up to `from` all has moved down to `kept` */

	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = find(s, s->count, &nets[i]);

		if (!has(s, at, &nets[i]))
			continue;
		move(s, kept, from, at - from);
		kept += at - from;
		from = at + 1;
	}
	move(s, kept, from, s->count - from);
	s->count -= from - kept;
}
