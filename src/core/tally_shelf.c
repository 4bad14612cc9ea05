/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tally_shelf.c - where the followed are kept, and who makes room
 */
#include <stdlib.h>
#include <string.h>

#include "core/tally_int.h"

enum { LINE_BYTES = 64 };

_Static_assert(sizeof(struct followed) == 28, "nothing lies between it and its key");
_Static_assert(sizeof(struct shelf) <= LINE_BYTES, "found in one line of the cache");

bool shelves_make(struct tally *t, uint32_t sources)
{
	uint32_t bytes;
	size_t past;

	t->stride = (uint32_t)sizeof(struct followed) + t->cutter.key_bytes;
	bytes = (uint32_t)sizeof(struct shelf) + SHELF_PLACES * t->stride;
	t->shelf_bytes = (bytes + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
	t->shelves = sources / SHELF_PLACES + 1;
	t->memory = calloc((size_t)t->shelves + 1, t->shelf_bytes);
	if (!t->memory)
		return false;
	past = (uintptr_t)t->memory % LINE_BYTES;
	t->shelf = (uint8_t *)t->memory + (past == 0 ? 0 : LINE_BYTES - past);
	return true;
}

void shelves_clear(struct tally *t)
{
	memset(t->shelf, 0, (size_t)t->shelves * t->shelf_bytes);
}

static struct shelf *shelf_number(const struct tally *t, size_t number)
{
	return (struct shelf *)(void *)(t->shelf + number * t->shelf_bytes);
}

static struct shelf *shelf_of(const struct tally *t, const struct source *s)
{
	return shelf_number(t, (s->hash >> 32) * t->shelves >> 32);
}

static struct followed *followed_at(const struct tally *t, struct shelf *h,
				    unsigned place)
{
	uint8_t *first = (uint8_t *)(h + 1);

	return (struct followed *)(void *)(first + (size_t)place * t->stride);
}

static uint16_t tag_of(const struct source *s)
{
	uint16_t tag = (uint16_t)s->hash;

	return tag == 0 ? 1 : tag;
}

static bool is_of_source(const struct tally *t, const struct followed *f,
			 const struct source *s)
{
	return !(f->flags & FOLLOWED_IP6) == !s->is_ip6 &&
	       memcmp(f->key, s->word, t->cutter.key_bytes) == 0;
}

/* The first place with the source's tag, from `place` on; SHELF_PLACES = none. */
static unsigned next_with_tag(const struct shelf *h, const struct source *s,
			      unsigned place)
{
	uint16_t tag = tag_of(s);

	while (place < SHELF_PLACES && h->tag[place] != tag)
		place++;
	return place;
}

/* A free place, else that of the longest silent, of those not precious if there is one.
 * Who that is nobody can guess, nor can a processor: hence no jumps. */
static unsigned place_to_take(const struct shelf *h)
{
	uint64_t best = UINT64_MAX;

	for (unsigned i = 0; i < SHELF_PLACES; i++) {
		uint64_t candidate = (uint64_t)h->rank[i] << 32 | i;

		best = candidate < best ? candidate : best;
	}
	return (uint32_t)best;
}

void shelf_fetch(const struct tally *t, const struct source *s)
{
	__builtin_prefetch(shelf_of(t, s), 1);
}

void shelf_fetch_followed(const struct tally *t, const struct source *s)
{
	struct shelf *h = shelf_of(t, s);
	unsigned place = next_with_tag(h, s, 0);
	const uint8_t *bytes;

	if (place == SHELF_PLACES)
		place = place_to_take(h);
	bytes = (const uint8_t *)followed_at(t, h, place);
	__builtin_prefetch(bytes, 1);
	__builtin_prefetch(bytes + t->stride - 1, 1);
}

/* SHELF_PLACES = it is not followed. */
static unsigned place_of(const struct tally *t, struct shelf *h, const struct source *s)
{
	unsigned place = next_with_tag(h, s, 0);

	while (place < SHELF_PLACES && !is_of_source(t, followed_at(t, h, place), s))
		place = next_with_tag(h, s, place + 1);
	return place;
}

struct followed *shelf_find(const struct tally *t, const struct source *s)
{
	struct shelf *h = shelf_of(t, s);
	unsigned place = place_of(t, h, s);

	return place == SHELF_PLACES ? NULL : followed_at(t, h, place);
}

struct followed *shelf_follow(struct tally *t, const struct source *s, struct mono now,
			      bool *is_new)
{
	uint32_t seconds = (uint32_t)((now.ms - t->made.ms) / 1000);
	struct shelf *h = shelf_of(t, s);
	unsigned place = place_of(t, h, s);
	struct followed *f;

	*is_new = place == SHELF_PLACES;
	if (*is_new) {
		place = place_to_take(h);
		t->totals.unfollowed += h->rank[place] != 0;
		h->tag[place] = tag_of(s);
		f = followed_at(t, h, place);
		*f = (struct followed){ .flags = s->is_ip6 ? FOLLOWED_IP6 : 0 };
		memcpy(f->key, s->word, t->cutter.key_bytes);
	}
	h->rank[place] = seconds + 1;
	return followed_at(t, h, place);
}

void shelf_make_precious(struct tally *t, const struct source *s,
			 const struct followed *f)
{
	struct shelf *h = shelf_of(t, s);

	h->rank[(size_t)((const uint8_t *)f - (const uint8_t *)(h + 1)) / t->stride] |=
		SHELF_PRECIOUS;
}

uint32_t shelf_places(const struct tally *t)
{
	return t->shelves * SHELF_PLACES;
}

const struct followed *shelf_at(const struct tally *t, uint32_t place)
{
	struct shelf *h = shelf_number(t, place / SHELF_PLACES);

	return h->rank[place % SHELF_PLACES] == 0
		       ? NULL
		       : followed_at(t, h, place % SHELF_PLACES);
}

struct net followed_net(const struct tally *t, const struct followed *f)
{
	bool is_ip6 = f->flags & FOLLOWED_IP6;
	uint8_t bytes[16] = { 0 };

	memcpy(bytes, f->key, t->cutter.key_bytes);
	return (struct net){ addr_from_bytes(is_ip6 ? ADDR_IP6 : ADDR_IP4, bytes),
			     cutter_bits(&t->cutter, is_ip6) };
}
