/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table.c - entries in a pool, an index to find them, two queues to choose who goes
 *
 * The index is an array of one byte of hash a slot, which a look-up searches, and one of
 * places, which it reads only when the byte fits: a stranger costs one line of the first,
 * and that is small enough for a cache. Linear probing at a load of at most 3/4; removal
 * shifts back, so there are no tombstones to clean up.
 */
#include "core/table_int.h"

#include <stdlib.h>
#include <string.h>

#include <sodium/crypto_shorthash.h>

#define NOWHERE UINT32_MAX

struct ends {
	uint32_t oldest;
	uint32_t newest;
};

struct table {
	uint8_t            *pool;  /* owned; `max` entries of `stride` bytes */
	uint8_t            *tag;   /* owned; 0 = free, else some bits of the hash */
	uint32_t           *place; /* owned; where the entry of a slot is */
	uint32_t            slots; /* of the index */
	uint32_t            stride;
	uint32_t            key_bytes;
	uint32_t            max;
	uint32_t            top;   /* places from here on were never given away */
	uint32_t            spare; /* first of the places given back, chained by `newer` */
	uint32_t            hand;  /* where the sweep goes on */
	struct ends         unused;
	struct ends         used;
	uint64_t            mask4[2]; /* what of an address makes the key */
	uint64_t            mask6[2];
	struct table_counts counts;
	uint8_t             secret[crypto_shorthash_KEYBYTES];
};

static void make_mask(enum addr_family family, unsigned prefix, uint64_t mask[2])
{
	uint8_t ones[16];
	struct addr a;

	memset(ones, 0xff, sizeof(ones));
	a = addr_from_bytes(family, ones);
	a = addr_mask(&a, prefix);
	memcpy(mask, a.byte, sizeof(a.byte));
}

struct table *table_new(const struct table_conf *c)
{
	struct table *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->key_bytes = c->prefix6 <= 64 ? 8 : 16;
	t->stride = (uint32_t)((offsetof(struct entry, key) + t->key_bytes + 3) & ~3u);
	t->max = c->entries_max;
	t->slots = t->max + t->max / 3 + 1;
	t->spare = NOWHERE;
	t->unused = t->used = (struct ends){ NOWHERE, NOWHERE };
	make_mask(ADDR_IP4, c->prefix4, t->mask4);
	make_mask(ADDR_IP6, c->prefix6, t->mask6);
	memcpy(t->secret, c->secret, sizeof(t->secret));
	t->pool = calloc(t->max, t->stride);
	t->tag = calloc(t->slots, sizeof(*t->tag));
	t->place = calloc(t->slots, sizeof(*t->place));
	if (!t->pool || !t->tag || !t->place) {
		table_free(t);
		return NULL;
	}
	return t;
}

void table_free(struct table *t)
{
	if (!t)
		return;
	free(t->pool);
	free(t->tag);
	free(t->place);
	free(t);
}

static struct entry *entry_at(const struct table *t, uint32_t place)
{
	/* The stride is a multiple of 4, all that an entry's members need. */
	return (struct entry *)(void *)(t->pool + (size_t)place * t->stride);
}

static uint32_t place_of(const struct table *t, const struct entry *e)
{
	return (uint32_t)((size_t)((const uint8_t *)e - t->pool) / t->stride);
}

static uint64_t hash_key(const struct table *t, const void *bytes)
{
	uint64_t hash;

	crypto_shorthash((uint8_t *)&hash, bytes, t->key_bytes, t->secret);
	return hash;
}

struct source table_source(const struct table *t, const struct addr *a)
{
	struct source s = { .is_ip6 = a->family == ADDR_IP6 };
	const uint64_t *mask = s.is_ip6 ? t->mask6 : t->mask4;

	memcpy(s.word, a->byte, sizeof(s.word));
	s.word[0] &= mask[0];
	s.word[1] &= mask[1];
	s.hash = hash_key(t, s.word);
	return s;
}

static uint32_t home_slot(const struct table *t, uint64_t hash)
{
	return (uint32_t)((hash >> 32) * t->slots >> 32);
}

static uint32_t next_slot(const struct table *t, uint32_t slot)
{
	return slot + 1 == t->slots ? 0 : slot + 1;
}

static bool is_entry_of(const struct table *t, const struct entry *e,
			const struct source *s)
{
	return !(e->flags & ENTRY_IP6) == !s->is_ip6 &&
	       memcmp(e->key, s->word, t->key_bytes) == 0;
}

static uint8_t tag_of(uint64_t hash)
{
	uint8_t tag = (uint8_t)hash;

	return tag == 0 ? 1 : tag;
}

/* The slot that holds the source, or the free one where the search for it ended. */
static uint32_t find_slot(const struct table *t, const struct source *s)
{
	uint32_t slot = home_slot(t, s->hash);
	uint8_t tag = tag_of(s->hash);

	while (t->tag[slot] != 0) {
		if (t->tag[slot] == tag && is_entry_of(t, entry_at(t, t->place[slot]), s))
			break;
		slot = next_slot(t, slot);
	}
	return slot;
}

void table_fetch_index(const struct table *t, const struct source *s)
{
	__builtin_prefetch(&t->tag[home_slot(t, s->hash)]);
}

void table_fetch_entry(const struct table *t, const struct source *s)
{
	uint32_t slot = home_slot(t, s->hash);
	uint8_t tag = tag_of(s->hash);

	while (t->tag[slot] != 0 && t->tag[slot] != tag)
		slot = next_slot(t, slot);
	if (t->tag[slot] != 0)
		__builtin_prefetch(entry_at(t, t->place[slot]));
}

struct entry *table_find(struct table *t, const struct source *s)
{
	uint32_t slot = find_slot(t, s);

	return t->tag[slot] == 0 ? NULL : entry_at(t, t->place[slot]);
}

static struct ends *queue_of(struct table *t, const struct entry *e)
{
	return e->flags & ENTRY_USED ? &t->used : &t->unused;
}

static void unlink_entry(struct table *t, struct entry *e)
{
	struct ends *q = queue_of(t, e);

	if (e->older == NOWHERE)
		q->oldest = e->newer;
	else
		entry_at(t, e->older)->newer = e->newer;
	if (e->newer == NOWHERE)
		q->newest = e->older;
	else
		entry_at(t, e->newer)->older = e->older;
}

static void append_entry(struct table *t, struct entry *e)
{
	struct ends *q = queue_of(t, e);
	uint32_t place = place_of(t, e);

	e->older = q->newest;
	e->newer = NOWHERE;
	if (q->newest == NOWHERE)
		q->oldest = place;
	else
		entry_at(t, q->newest)->newer = place;
	q->newest = place;
}

/* Closes the gap at `slot`: what was pushed beyond it by a collision moves back. */
static void free_slot(struct table *t, uint32_t slot)
{
	uint32_t gap = slot;

	for (slot = next_slot(t, slot); t->tag[slot] != 0; slot = next_slot(t, slot)) {
		uint64_t hash = hash_key(t, entry_at(t, t->place[slot])->key);
		uint32_t home = home_slot(t, hash);
		/* distances going forward, around the end */
		uint32_t from_home = slot >= home ? slot - home : slot + t->slots - home;
		uint32_t from_gap = slot >= gap ? slot - gap : slot + t->slots - gap;

		if (from_home >= from_gap) {
			t->tag[gap] = t->tag[slot];
			t->place[gap] = t->place[slot];
			gap = slot;
		}
	}
	t->tag[gap] = 0;
}

void table_remove(struct table *t, struct entry *e)
{
	struct source s = { .is_ip6 = (e->flags & ENTRY_IP6) != 0 };

	memcpy(s.word, e->key, t->key_bytes);
	s.hash = hash_key(t, s.word);
	free_slot(t, find_slot(t, &s));
	unlink_entry(t, e);
	t->counts.entries--;
	if (e->flags & ENTRY_USED)
		t->counts.used--;
	e->flags = 0;
	e->generation++;
	e->newer = t->spare;
	t->spare = place_of(t, e);
}

static bool has_expired(const struct table *t, const struct entry *e, struct mono now)
{
	return mono_reached(now, table_times(t, e).closes);
}

/* The least valuable: an expired one when it is the oldest of its queue, else the oldest of
 * those never let in, else the oldest. */
static void make_room(struct table *t, struct mono now)
{
	struct entry *unused = t->unused.oldest == NOWHERE ? NULL : entry_at(t, t->unused.oldest);
	struct entry *used = t->used.oldest == NOWHERE ? NULL : entry_at(t, t->used.oldest);

	if (unused && has_expired(t, unused, now)) {
		table_remove(t, unused);
	} else if (used && has_expired(t, used, now)) {
		table_remove(t, used);
	} else {
		table_remove(t, unused ? unused : used);
		t->counts.evicted++;
	}
}

static struct entry *take_place(struct table *t)
{
	struct entry *e;

	if (t->spare == NOWHERE)
		return entry_at(t, t->top++);
	e = entry_at(t, t->spare);
	t->spare = e->newer;
	return e;
}

struct entry *table_add(struct table *t, const struct source *s, struct mono now)
{
	uint16_t generation;
	struct entry *e;
	uint32_t slot;

	if (t->counts.entries == t->max)
		make_room(t, now);
	e = take_place(t);
	generation = e->generation;
	memset(e, 0, offsetof(struct entry, key));
	e->generation = generation;
	e->flags = (uint8_t)(ENTRY_TAKEN | (s->is_ip6 ? ENTRY_IP6 : 0));
	memcpy(e->key, s->word, t->key_bytes);
	slot = find_slot(t, s);
	t->tag[slot] = tag_of(s->hash);
	t->place[slot] = place_of(t, e);
	append_entry(t, e);
	t->counts.entries++;
	return e;
}

void table_touch(struct table *t, struct entry *e)
{
	unlink_entry(t, e);
	append_entry(t, e);
}

void table_mark_used(struct table *t, struct entry *e)
{
	unlink_entry(t, e);
	if (!(e->flags & ENTRY_USED))
		t->counts.used++;
	e->flags |= ENTRY_USED;
	append_entry(t, e);
}

struct times table_times(const struct table *t, const struct entry *e)
{
	if (e->flags & ENTRY_SIBLING) {
		const struct entry *bringer = entry_at(t, e->bringer);

		if (!(bringer->flags & ENTRY_TAKEN) ||
		    bringer->generation != e->bringer_generation)
			return (struct times){ { INT64_MIN }, { INT64_MIN } };
		e = bringer;
	}
	return (struct times){
		{ (int64_t)e->opens_high << 32 | e->opens_low },
		{ (int64_t)e->closes_high << 32 | e->closes_low },
	};
}

void table_set_times(struct entry *e, struct times when)
{
	e->flags &= (uint8_t)~ENTRY_SIBLING;
	e->opens_low = (uint32_t)when.opens.ms;
	e->opens_high = (uint16_t)(when.opens.ms >> 32);
	e->closes_low = (uint32_t)when.closes.ms;
	e->closes_high = (uint16_t)(when.closes.ms >> 32);
}

void table_set_bringer(struct table *t, struct entry *e, const struct entry *bringer)
{
	e->flags |= ENTRY_SIBLING;
	e->bringer = place_of(t, bringer);
	e->bringer_generation = bringer->generation;
}

void table_sweep(struct table *t, struct mono now, uint32_t places)
{
	if (places > t->top)
		places = t->top;
	for (; places > 0; places--) {
		struct entry *e = entry_at(t, t->hand);

		t->hand = t->hand + 1 >= t->top ? 0 : t->hand + 1;
		if ((e->flags & ENTRY_TAKEN) && has_expired(t, e, now))
			table_remove(t, e);
	}
}

struct table_counts table_count(const struct table *t)
{
	return t->counts;
}
