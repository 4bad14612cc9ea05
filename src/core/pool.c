/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pool.c - things in one block of memory, an index to find them, two queues to choose who
 * goes
 *
 * The index is an array of one byte of hash a slot, which a look-up searches, and one of
 * places, which it reads only when the byte fits: a stranger costs one line of the first,
 * and that is small enough for a cache. Linear probing at a load of at most 4/5; removal
 * shifts back, so there are no tombstones to clean up.
 */
#include "core/pool_int.h"

#include <stdlib.h>
#include <string.h>

#include "core/policy.h"

_Static_assert(sizeof(struct node) == 12, "there are a million of them");
_Static_assert(POLICY_ENTRIES_MAX < POOL_NOWHERE, "each entry has a place");
struct ends {
	uint32_t oldest;
	uint32_t newest;
};

struct pool {
	uint8_t            *block; /* owned; `max` things of `stride` bytes */
	uint8_t            *tag;   /* owned; 0 = free, else some bits of the hash */
	uint32_t           *place; /* owned; where the thing of a slot is */
	uint32_t            slots; /* of the index */
	uint32_t            stride;
	uint32_t            thing_bytes; /* the key stands behind */
	uint32_t            max;
	uint32_t            top;   /* places from here on were never given away */
	uint32_t            highest; /* that top ever was */
	uint32_t            gap;   /* reserved and free places lie below it */
	uint32_t spare; /* first of the places given back, chained by `newer` */
	uint32_t            hand;  /* where the sweep goes on */
	struct ends         common;
	struct ends         precious;
	const struct cutter *cutter;
	pool_expired_fn     *expired;
	struct pool_counts  counts;
	struct marks        marks;
};

static void forget_all(struct pool *p)
{
	p->top = p->gap = p->hand = 0;
	p->spare = POOL_NOWHERE;
	p->common = p->precious = (struct ends){ POOL_NOWHERE, POOL_NOWHERE };
	p->counts.things = p->counts.precious = 0;
}

struct pool *pool_new(const struct pool_conf *c)
{
	struct pool *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->thing_bytes = c->thing_bytes;
	p->stride = (c->thing_bytes + c->cutter->key_bytes + 3) & ~3u;
	if (c->thing_bytes % 8 == 0)
		p->stride = (p->stride + 7) & ~7u;
	p->max = c->max;
	p->slots = p->max + p->max / 4 + 1;
	p->cutter = c->cutter;
	p->expired = c->expired;
	forget_all(p);
	p->block = calloc(p->max, p->stride);
	p->tag = calloc(p->slots, sizeof(*p->tag));
	p->place = calloc(p->slots, sizeof(*p->place));
	if (!p->block || !p->tag || !p->place ||
	    (c->has_marks && !marks_init(&p->marks, p->max))) {
		pool_free(p);
		return NULL;
	}
	return p;
}

void pool_free(struct pool *p)
{
	if (!p)
		return;
	free(p->block);
	free(p->tag);
	free(p->place);
	marks_fini(&p->marks);
	free(p);
}

void pool_clear(struct pool *p)
{
	if (p->top > 0)
		memset(p->tag, 0, p->slots);
	marks_set_below(&p->marks, p->top);
	forget_all(p);
}

static struct node *node_at(const struct pool *p, uint32_t place)
{
	return (struct node *)(void *)(p->block + (size_t)place * p->stride);
}

static uint8_t *key_of(const struct pool *p, const struct node *n)
{
	return p->block + (size_t)pool_place(p, n) * p->stride + p->thing_bytes;
}

uint32_t pool_places(const struct pool *p)
{
	return p->top;
}

struct node *pool_at(const struct pool *p, uint32_t place)
{
	if (place >= p->top || !(node_at(p, place)->flags & NODE_TAKEN))
		return NULL;
	return node_at(p, place);
}

uint32_t pool_place(const struct pool *p, const struct node *n)
{
	return (uint32_t)((size_t)((const uint8_t *)n - p->block) / p->stride);
}

struct net pool_key(const struct pool *p, const struct node *n)
{
	bool is_ip6 = n->flags & NODE_IP6;
	uint8_t bytes[16] = { 0 };

	memcpy(bytes, key_of(p, n), p->cutter->key_bytes);
	return (struct net){
		addr_from_bytes(is_ip6 ? ADDR_IP6 : ADDR_IP4, bytes),
		cutter_bits(p->cutter, is_ip6),
	};
}

static uint32_t home_slot(const struct pool *p, uint64_t hash)
{
	return (uint32_t)((hash >> 32) * p->slots >> 32);
}

static uint32_t next_slot(const struct pool *p, uint32_t slot)
{
	return slot + 1 == p->slots ? 0 : slot + 1;
}

static bool is_of_source(const struct pool *p, uint32_t place, const struct source *s)
{
	const struct node *n = node_at(p, place);

	return !(n->flags & NODE_IP6) == !s->is_ip6 &&
	       memcmp((const uint8_t *)n + p->thing_bytes, s->word,
		      p->cutter->key_bytes) == 0;
}

static uint8_t tag_of(uint64_t hash)
{
	uint8_t tag = (uint8_t)hash;

	return tag == 0 ? 1 : tag;
}

/* The slot that holds the source, or the free one where the search for it ended. */
static uint32_t find_slot(const struct pool *p, const struct source *s)
{
	uint32_t slot = home_slot(p, s->hash);
	uint8_t tag = tag_of(s->hash);

	while (p->tag[slot] != 0) {
		if (p->tag[slot] == tag && is_of_source(p, p->place[slot], s))
			break;
		slot = next_slot(p, slot);
	}
	return slot;
}

void pool_fetch_index(const struct pool *p, const struct source *s)
{
	__builtin_prefetch(&p->tag[home_slot(p, s->hash)]);
}

void pool_fetch_thing(const struct pool *p, const struct source *s)
{
	uint32_t slot = home_slot(p, s->hash);
	uint8_t tag = tag_of(s->hash);

	while (p->tag[slot] != 0 && p->tag[slot] != tag)
		slot = next_slot(p, slot);
	if (p->tag[slot] != 0)
		__builtin_prefetch(node_at(p, p->place[slot]));
}

void *pool_find(const struct pool *p, const struct source *s)
{
	uint32_t slot;

	if (p->counts.things == 0)
		return NULL;
	slot = find_slot(p, s);
	return p->tag[slot] == 0 ? NULL : node_at(p, p->place[slot]);
}

static struct ends *queue_of(struct pool *p, const struct node *n)
{
	return n->flags & NODE_PRECIOUS ? &p->precious : &p->common;
}

static void unlink_node(struct pool *p, struct node *n)
{
	struct ends *q = queue_of(p, n);

	if (n->older == POOL_NOWHERE)
		q->oldest = n->newer;
	else
		node_at(p, n->older)->newer = n->newer;
	if (n->newer == POOL_NOWHERE)
		q->newest = n->older;
	else
		node_at(p, n->newer)->older = n->older;
}

static void append_node(struct pool *p, struct node *n)
{
	struct ends *q = queue_of(p, n);
	uint32_t place = pool_place(p, n);

	n->older = q->newest;
	n->newer = POOL_NOWHERE;
	if (q->newest == POOL_NOWHERE)
		q->oldest = place;
	else
		node_at(p, q->newest)->newer = place;
	q->newest = place;
}

static void prepend_node(struct pool *p, struct node *n)
{
	struct ends *q = queue_of(p, n);
	uint32_t place = pool_place(p, n);

	n->newer = q->oldest;
	n->older = POOL_NOWHERE;
	if (q->oldest == POOL_NOWHERE)
		q->newest = place;
	else
		node_at(p, q->oldest)->older = place;
	q->oldest = place;
}

/* Closes the gap at `slot`: what was pushed beyond it by a collision moves back. */
static void free_slot(struct pool *p, uint32_t slot)
{
	uint32_t gap = slot;

	for (slot = next_slot(p, slot); p->tag[slot] != 0; slot = next_slot(p, slot)) {
		uint64_t hash =
			cutter_hash(p->cutter, key_of(p, node_at(p, p->place[slot])));
		uint32_t home = home_slot(p, hash);
		/* distances going forward, around the end */
		uint32_t from_home = slot >= home ? slot - home : slot + p->slots - home;
		uint32_t from_gap = slot >= gap ? slot - gap : slot + p->slots - gap;

		if (from_home >= from_gap) {
			p->tag[gap] = p->tag[slot];
			p->place[gap] = p->place[slot];
			gap = slot;
		}
	}
	p->tag[gap] = 0;
}

void pool_remove(struct pool *p, struct node *n)
{
	struct source s = { .is_ip6 = (n->flags & NODE_IP6) != 0 };

	memcpy(s.word, key_of(p, n), p->cutter->key_bytes);
	s.hash = cutter_hash(p->cutter, s.word);
	free_slot(p, find_slot(p, &s));
	unlink_node(p, n);
	p->counts.things--;
	if (n->flags & NODE_PRECIOUS)
		p->counts.precious--;
	n->flags = NODE_GIVEN_BACK;
	n->generation++;
	n->newer = p->spare;
	p->spare = pool_place(p, n);
	pool_mark(p, n);
}

void *pool_find_live(struct pool *p, const struct source *s, struct mono now)
{
	struct node *n = pool_find(p, s);

	if (n && p->expired(p, n, now)) {
		pool_remove(p, n);
		return NULL;
	}
	return n;
}

static struct node *oldest_of(const struct pool *p, const struct ends *q)
{
	return q->oldest == POOL_NOWHERE ? NULL : node_at(p, q->oldest);
}

/* The least valuable: an expired one when it is the oldest of its queue, else the oldest
 * common one, else the oldest. One that has expired behind a live one is left to the
 * sweep: what fills a pool faster than the sweep goes around it is too young to have
 * expired, and what comes slower finds it swept. */
static void make_room(struct pool *p, struct mono now)
{
	struct node *common = oldest_of(p, &p->common);
	struct node *precious = oldest_of(p, &p->precious);

	if (common && p->expired(p, common, now)) {
		pool_remove(p, common);
	} else if (precious && p->expired(p, precious, now)) {
		pool_remove(p, precious);
	} else {
		pool_remove(p, common ? common : precious);
		p->counts.evicted++;
	}
}

static struct node *take_place(struct pool *p)
{
	struct node *n;

	if (p->spare != POOL_NOWHERE) {
		n = node_at(p, p->spare);
		p->spare = n->newer;
		return n;
	}
	if (p->top < p->max) {
		if (++p->top > p->highest)
			p->highest = p->top;
		return node_at(p, p->top - 1);
	}
	do { /* one of those kept is free, as the pool is not full */
		n = node_at(p, --p->gap);
	} while (n->flags != 0);
	return n;
}

static void settle(struct pool *p, struct node *n, const struct source *s)
{
	uint32_t slot;

	memset(n + 1, 0, p->thing_bytes - sizeof(*n));
	n->flags = (uint8_t)(NODE_TAKEN | (s->is_ip6 ? NODE_IP6 : 0));
	n->spare = 0;
	n->count = 0;
	memcpy(key_of(p, n), s->word, p->cutter->key_bytes);
	slot = find_slot(p, s);
	p->tag[slot] = tag_of(s->hash);
	p->place[slot] = pool_place(p, n);
	p->counts.things++;
}

void *pool_add(struct pool *p, const struct source *s, struct mono now)
{
	struct node *n;

	if (p->counts.things == p->max)
		make_room(p, now);
	n = take_place(p);
	settle(p, n, s);
	append_node(p, n);
	pool_mark(p, n);
	return n;
}

void pool_reserve(struct pool *p, uint32_t end)
{
	if (end > p->max)
		end = p->max;
	/* pool_clear() left these as they were */
	for (uint32_t i = p->top; i < end && i < p->highest; i++)
		node_at(p, i)->flags = 0;
	if (end > p->top)
		p->top = p->gap = end;
	if (p->top > p->highest)
		p->highest = p->top;
}

void *pool_bring_back(struct pool *p, const struct source *s, uint32_t place,
		      bool is_precious, struct mono now)
{
	struct node *n;

	if (p->counts.things == p->max) {
		if (!is_precious || p->common.oldest == POOL_NOWHERE)
			return NULL;
		make_room(p, now);
	}
	if (place < p->top && node_at(p, place)->flags == 0)
		n = node_at(p, place);
	else
		n = take_place(p);
	settle(p, n, s);
	if (is_precious) {
		n->flags |= NODE_PRECIOUS;
		p->counts.precious++;
	}
	prepend_node(p, n);
	if (pool_place(p, n) != place) {
		pool_mark(p, n);
		if (place < p->max)
			marks_set(&p->marks, place);
	}
	return n;
}

void pool_mark(struct pool *p, const struct node *n)
{
	marks_set(&p->marks, pool_place(p, n));
}

void pool_mark_all(struct pool *p)
{
	marks_set_below(&p->marks, p->highest);
}

struct marks *pool_marks(struct pool *p)
{
	return &p->marks;
}

uint32_t pool_max(const struct pool *p)
{
	return p->max;
}

void pool_touch(struct pool *p, struct node *n)
{
	unlink_node(p, n);
	append_node(p, n);
}

void pool_put_last(struct pool *p, struct node *n)
{
	unlink_node(p, n);
	prepend_node(p, n);
}

void pool_make_precious(struct pool *p, struct node *n)
{
	unlink_node(p, n);
	if (!(n->flags & NODE_PRECIOUS))
		p->counts.precious++;
	n->flags |= NODE_PRECIOUS;
	append_node(p, n);
}

void pool_sweep(struct pool *p, struct mono now, uint32_t places)
{
	if (places > p->top)
		places = p->top;
	for (; places > 0; places--) {
		struct node *n = node_at(p, p->hand);

		p->hand = p->hand + 1 >= p->top ? 0 : p->hand + 1;
		if ((n->flags & NODE_TAKEN) && p->expired(p, n, now))
			pool_remove(p, n);
	}
}

struct pool_counts pool_count(const struct pool *p)
{
	return p->counts;
}
