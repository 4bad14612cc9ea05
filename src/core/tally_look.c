/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tally_look.c - a walk over the followed, and who comes first in the report
 */
#include <string.h>

#include "core/tally_int.h"

typedef bool before_fn(const struct tally_source *a, const struct tally_source *b);

static bool is_before(const struct net *a, const struct net *b)
{
	return memcmp(&a->addr, &b->addr, sizeof(a->addr)) < 0;
}

static bool is_more_refused(const struct tally_source *a, const struct tally_source *b)
{
	return a->refused != b->refused ? a->refused > b->refused
					: is_before(&a->source, &b->source);
}

static bool knocks_more(const struct tally_source *a, const struct tally_source *b)
{
	return a->knocks != b->knocks ? a->knocks > b->knocks
				      : is_before(&a->source, &b->source);
}

static bool is_more_hurt(const struct tally_network *a, const struct tally_network *b)
{
	return a->sources != b->sources ? a->sources > b->sources
					: is_before(&a->net, &b->net);
}

/* Into a sorted list of at most TALLY_TOLD; the last one goes when it is full. */
static void insert(struct tally_source *list, uint32_t *count,
		   const struct tally_source *s, before_fn *before)
{
	uint32_t at = *count;

	while (at > 0 && before(s, &list[at - 1]))
		at--;
	if (at == TALLY_TOLD)
		return;
	if (*count < TALLY_TOLD)
		++*count;
	memmove(&list[at + 1], &list[at], (*count - 1 - at) * sizeof(*list));
	list[at] = *s;
}

/* NULL: no room for another network. */
static struct tally_network *network_of(const struct tally *t, struct tally_report *r,
					const struct addr *who)
{
	struct source s = cutter_source(&t->networks, who);
	struct net net = cutter_net(&t->networks, who);
	uint32_t i = (uint32_t)(s.hash % TALLY_NETWORK_SLOTS);

	while (r->slot[i].net.addr.family != ADDR_NONE &&
	       !addr_is_equal(&r->slot[i].net.addr, &net.addr))
		i = (i + 1) % TALLY_NETWORK_SLOTS;
	if (r->slot[i].net.addr.family != ADDR_NONE)
		return &r->slot[i];
	if (r->slots_used >= TALLY_NETWORK_SLOTS / 4 * 3)
		return NULL;
	r->slots_used++;
	r->slot[i].net = net;
	return &r->slot[i];
}

static void look_at(const struct tally *t, struct tally_report *r,
		    const struct followed *f)
{
	bool is_hurt = followed_is_hurt(f), is_stuck = followed_is_stuck(f);
	struct tally_source s = {
		.source = followed_net(t, f),
		.how = (enum tally_good)f->how,
		.refused = f->refused,
		.has_delay = f->flags & FOLLOWED_LET_IN,
		.delay_ms = moment_ms(f->wait),
		.knocks = f->knocks,
		.first_knock = mono_after(t->made, moment_ms(f->first_knock)),
		.last_knock = mono_after(t->made, moment_ms(f->last_knock)),
	};
	struct tally_network *n;

	if (!is_hurt && !is_stuck)
		return;
	r->stuck += is_stuck;
	if (is_hurt)
		insert(r->hurt, &r->hurts, &s, is_more_refused);
	if (is_stuck)
		insert(r->stuck_source, &r->stucks, &s, knocks_more);
	n = network_of(t, r, &s.source.addr);
	if (!n) {
		r->unplaced++;
		return;
	}
	n->sources++;
	n->good += is_hurt;
	n->stuck += is_stuck;
}

/* As insert() does, into a shorter list. */
static void choose_networks(struct tally_report *r)
{
	for (uint32_t i = 0; i < TALLY_NETWORK_SLOTS; i++) {
		uint32_t at = r->networks;

		if (r->slot[i].net.addr.family == ADDR_NONE)
			continue;
		while (at > 0 && is_more_hurt(&r->slot[i], &r->network[at - 1]))
			at--;
		if (at == TALLY_NETWORKS)
			continue;
		if (r->networks < TALLY_NETWORKS)
			r->networks++;
		memmove(&r->network[at + 1], &r->network[at],
			(r->networks - 1 - at) * sizeof(r->network[0]));
		r->network[at] = r->slot[i];
	}
}

bool tally_look(const struct tally *t, struct tally_report *r, uint32_t places)
{
	uint32_t end = shelf_places(t);

	for (; places > 0 && r->cursor < end; places--, r->cursor++) {
		const struct followed *f = shelf_at(t, r->cursor);

		if (f)
			look_at(t, r, f);
	}
	if (r->cursor < end)
		return true;
	choose_networks(r);
	r->totals = tally_total(t);
	return false;
}
