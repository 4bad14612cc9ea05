/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recent.c - two candidates per hash, the older one gives way
 */
#include "core/recent_int.h"

#include <stdbool.h>
#include <stdlib.h>

/* Small, because every packet looks here. */
struct seen {
	uint32_t tag;  /* bits of the id that did not choose the pair, and in the low byte
			* what was noted; 0 = free */
	uint32_t when; /* seconds */
};

struct recent {
	uint32_t    mask; /* number of pairs less one */
	struct seen pair[][2];
};

struct recent *recent_new(uint32_t pairs)
{
	struct recent *r = calloc(1, sizeof(*r) + (size_t)pairs * sizeof(r->pair[0]));

	if (r)
		r->mask = pairs - 1;
	return r;
}

void recent_free(struct recent *r)
{
	free(r);
}

static uint32_t age(const struct seen *s, struct mono now)
{
	return (uint32_t)(now.ms / 1000) - s->when;
}

static uint32_t tag_of(uint64_t id, uint8_t what)
{
	return (uint32_t)(id >> 32) << 8 | what;
}

static bool is_of(const struct seen *s, uint64_t id)
{
	return s->tag != 0 && s->tag >> 8 == tag_of(id, 0) >> 8;
}

void recent_fetch(const struct recent *r, uint64_t id)
{
	__builtin_prefetch(r->pair[id & r->mask]);
}

static const struct seen *find(const struct recent *r, uint64_t id, struct mono now)
{
	const struct seen *pair = r->pair[id & r->mask];

	for (unsigned i = 0; i < 2; i++)
		if (is_of(&pair[i], id) && age(&pair[i], now) <= RECENT_MS / 1000)
			return &pair[i];
	return NULL;
}

uint8_t recent_find(const struct recent *r, uint64_t id, struct mono now)
{
	const struct seen *s = find(r, id, now);

	return s ? (uint8_t)s->tag : 0;
}

int64_t recent_age(const struct recent *r, uint64_t id, struct mono now)
{
	const struct seen *s = find(r, id, now);

	return s ? (int64_t)age(s, now) : -1;
}

uint8_t recent_note(struct recent *r, uint64_t id, struct mono now, uint8_t what)
{
	struct seen *pair = r->pair[id & r->mask];
	struct seen *place = &pair[0];
	uint8_t before = 0;

	if (is_of(&pair[1], id))
		place = &pair[1];
	else if (pair[0].tag != 0 && !is_of(&pair[0], id) &&
		 (pair[1].tag == 0 || age(&pair[1], now) > age(&pair[0], now)))
		place = &pair[1];
	if (is_of(place, id) && age(place, now) <= RECENT_MS / 1000)
		before = (uint8_t)place->tag;
	*place = (struct seen){ tag_of(id, what), (uint32_t)(now.ms / 1000) };
	return before;
}
