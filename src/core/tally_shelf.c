/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tally_shelf.c - where the followed are kept, and who makes room
 */
#include <stdlib.h>
#include <string.h>

#include "core/tally_int.h"

enum { LINE_BYTES = 64 };

_Static_assert(sizeof(struct shelf) == 512, "whole lines of the cache");
_Static_assert(offsetof(struct shelf, followed) == LINE_BYTES, "found in the first");

bool shelves_make(struct tally *t, uint32_t sources)
{
	size_t past;

	t->shelves = sources / SHELF_PLACES + 1;
	t->memory = calloc((size_t)t->shelves + 1, sizeof(struct shelf));
	if (!t->memory)
		return false;
	past = (uintptr_t)t->memory % LINE_BYTES;
	t->shelf = (struct shelf *)(void *)((uint8_t *)t->memory +
					    (past == 0 ? 0 : LINE_BYTES - past));
	return true;
}

static struct shelf *shelf_of(const struct tally *t, const struct source *s)
{
	return &t->shelf[(s->hash >> 32) * t->shelves >> 32];
}

static uint16_t tag_of(const struct source *s)
{
	uint16_t tag = (uint16_t)s->hash;

	return tag == 0 ? 1 : tag;
}

void shelf_fetch(const struct tally *t, const struct source *s)
{
	__builtin_prefetch(shelf_of(t, s), 1);
}

static bool is_of_source(const struct followed *f, const struct source *s)
{
	return !(f->flags & FOLLOWED_IP6) == !s->is_ip6 &&
	       memcmp(f->word, s->word, sizeof(f->word)) == 0;
}

/* The place of the first one with the source's tag, from `place` on; SHELF_PLACES = none.
 */
static unsigned next_with_tag(const struct shelf *h, const struct source *s,
			      unsigned place)
{
	uint16_t tag = tag_of(s);

	while (place < SHELF_PLACES && h->tag[place] != tag)
		place++;
	return place;
}

/* A free place, else that of the longest silent, of those not precious if there is one.
 */
static unsigned place_to_take(const struct shelf *h)
{
	unsigned best = 0;

	for (unsigned i = 0; i < SHELF_PLACES; i++) {
		if (h->tag[i] == 0)
			return i;
		if (h->is_precious[i] < h->is_precious[best] ||
		    (h->is_precious[i] == h->is_precious[best] &&
		     h->seen[i] < h->seen[best]))
			best = i;
	}
	return best;
}

void shelf_fetch_followed(const struct tally *t, const struct source *s)
{
	const struct shelf *h = shelf_of(t, s);
	unsigned place = next_with_tag(h, s, 0);
	const uint8_t *bytes;

	if (place == SHELF_PLACES)
		place = place_to_take(h);
	bytes = (const uint8_t *)&h->followed[place];
	__builtin_prefetch(bytes, 1);
	__builtin_prefetch(bytes + sizeof(h->followed[0]) - 1, 1);
}

struct followed *shelf_find(const struct tally *t, const struct source *s)
{
	struct shelf *h = shelf_of(t, s);

	if (h->age != t->age)
		return NULL;
	for (unsigned i = next_with_tag(h, s, 0); i < SHELF_PLACES;
	     i = next_with_tag(h, s, i + 1))
		if (is_of_source(&h->followed[i], s))
			return &h->followed[i];
	return NULL;
}

struct followed *shelf_follow(struct tally *t, const struct source *s, struct mono now,
			      bool *is_new)
{
	uint32_t seconds = (uint32_t)((now.ms - t->made.ms) / 1000);
	struct shelf *h = shelf_of(t, s);
	struct followed *f = shelf_find(t, s);
	unsigned place;

	*is_new = !f;
	if (f) {
		h->seen[f - h->followed] = seconds;
		return f;
	}
	if (h->age != t->age) {
		memset(h, 0, offsetof(struct shelf, followed));
		h->age = t->age;
	}
	place = place_to_take(h);
	t->totals.unfollowed += h->tag[place] != 0;
	h->tag[place] = tag_of(s);
	h->seen[place] = seconds;
	h->is_precious[place] = 0;
	f = &h->followed[place];
	*f = (struct followed){ .flags = s->is_ip6 ? FOLLOWED_IP6 : 0 };
	memcpy(f->word, s->word, sizeof(f->word));
	return f;
}

void shelf_make_precious(struct tally *t, const struct source *s,
			 const struct followed *f)
{
	struct shelf *h = shelf_of(t, s);

	h->is_precious[f - h->followed] = 1;
}

uint32_t shelf_places(const struct tally *t)
{
	return t->shelves * SHELF_PLACES;
}

const struct followed *shelf_at(const struct tally *t, uint32_t place)
{
	const struct shelf *h = &t->shelf[place / SHELF_PLACES];

	if (h->age != t->age || h->tag[place % SHELF_PLACES] == 0)
		return NULL;
	return &h->followed[place % SHELF_PLACES];
}

struct net followed_net(const struct tally *t, const struct followed *f)
{
	bool is_ip6 = f->flags & FOLLOWED_IP6;
	uint8_t bytes[16];

	memcpy(bytes, f->word, sizeof(bytes));
	return (struct net){ addr_from_bytes(is_ip6 ? ADDR_IP6 : ADDR_IP4, bytes),
			     is_ip6 ? t->cutter.prefix6 : t->cutter.prefix4 };
}
