/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pool_int.h - a bounded number of things, each known by its source
 *
 * Things are found through an open-addressing index keyed by SipHash. They stand in two
 * queues, the common and the precious ones, each in the order of their last touch; when
 * the pool is full the oldest common one goes, so a flood of strangers never pushes out
 * what is precious. All memory is taken in pool_new().
 *
 * A thing is a struct that begins with a struct node; the pool adds its key of 8 or 16
 * bytes, 6.3 bytes of index, and one bit to mark what changed.
 */
#ifndef CORE_POOL_INT_H
#define CORE_POOL_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/tick.h"
#include "core/marks_int.h"

/* How addresses become sources. One for all pools, so a source is worked out once. */
struct cutter {
	uint64_t mask4[2]; /* what of an address makes the key */
	uint64_t mask6[2];
	uint8_t  prefix4;
	uint8_t  prefix6;
	uint8_t  key_bytes; /* 8, or 16 when prefix6 > 64 */
	uint8_t  secret[16];
};

/* An address cut to what is known of it. */
struct source {
	uint64_t word[2]; /* its bytes, network order, cleared behind the prefix */
	uint64_t hash;    /* keyed: nobody outside can aim at a place */
	bool     is_ip6;
};

enum node_flag {
	NODE_TAKEN = 1,
	NODE_PRECIOUS = 2,
	NODE_IP6 = 4,
	NODE_FREE_FLAG = 8, /* from here on flags belong to the thing */

	NODE_GIVEN_BACK = NODE_PRECIOUS, /* of a place not taken, to be taken again */
};

/* Places have 24 bits, which are enough for POLICY_ENTRIES_MAX; this is none. */
#define POOL_NOWHERE UINT32_C(0xffffff)

/* 12 bytes. */
struct node {
	uint32_t older : 24; /* neighbours in its queue, as places */
	uint32_t flags : 8;
	uint32_t newer : 24;
	uint32_t spare : 8;  /* the thing's own, as is `count` */
	uint16_t generation; /* how often this place was given away */
	uint16_t count;
};

struct pool;

typedef bool pool_expired_fn(const struct pool *p, const struct node *n, struct mono now);

struct pool_conf {
	uint32_t             max;
	uint32_t thing_bytes; /* a multiple of 4, of 8 when it needs alignment */
	const struct cutter *cutter;      /* borrowed as long as the pool lives */
	pool_expired_fn     *expired;
	bool                 has_marks; /* what changes is to be stored: it is marked */
};

struct pool_counts {
	uint32_t things;
	uint32_t precious;
	uint64_t evicted; /* pushed out while still live */
};

void cutter_init(struct cutter *c, unsigned prefix4, unsigned prefix6,
		 const uint8_t secret[16]);
struct source cutter_source(const struct cutter *c, const struct addr *a);

/* The network that is known as one source; of an IPv4 address, or an IPv6 one. */
struct net cutter_net(const struct cutter *c, const struct addr *a);

static inline uint8_t cutter_bits(const struct cutter *c, bool is_ip6)
{
	return is_ip6 ? c->prefix6 : c->prefix4;
}

uint64_t cutter_hash(const struct cutter *c, const void *key_bytes);

struct pool *pool_new(const struct pool_conf *c);
void pool_free(struct pool *p);

/* Two steps that start loading what pool_find() will need: the line of the index, and
 * when that is there, the thing. */
void pool_fetch_index(const struct pool *p, const struct source *s);
void pool_fetch_thing(const struct pool *p, const struct source *s);

/* The source's thing, expired or not; NULL when there is none. */
void *pool_find(const struct pool *p, const struct source *s);

/* The same, but one that has expired is removed here. */
void *pool_find_live(struct pool *p, const struct source *s, struct mono now);

/* A new thing for a source that has none, as the newest of the common ones; all but its
 * node is zero. Makes room when there is none. */
void *pool_add(struct pool *p, const struct source *s, struct mono now);
void pool_remove(struct pool *p, struct node *n);
void pool_clear(struct pool *p);

/* Makes it the newest of its queue; of the precious, from now on. */
void pool_touch(struct pool *p, struct node *n);
void pool_make_precious(struct pool *p, struct node *n);

/* Makes a common thing the first to go. */
void pool_put_last(struct pool *p, struct node *n);

/*
 * Places below `end` are kept for what pool_bring_back() will bring, until there is no
 * other place. It brings a thing to its former place or, when that is taken, to another
 * one, as the oldest of its queue; all but its node is zero. NULL when the pool is full:
 * what is precious makes room among the common ones, and nothing else is pushed out.
 */
void pool_reserve(struct pool *p, uint32_t end);
void *pool_bring_back(struct pool *p, const struct source *s, uint32_t place,
		      bool is_precious, struct mono now);

/* The places whose thing came, went or was marked; never any without has_marks. */
struct marks *pool_marks(struct pool *p);
void pool_mark(struct pool *p, const struct node *n);
void pool_mark_all(struct pool *p); /* that ever held a thing */
uint32_t pool_max(const struct pool *p);

/* Removes what has expired among the next `places`. */
void pool_sweep(struct pool *p, struct mono now, uint32_t places);

/* Places are numbered from 0 to pool_places() - 1; NULL where there is no thing. */
uint32_t pool_places(const struct pool *p);
struct node *pool_at(const struct pool *p, uint32_t place);
uint32_t pool_place(const struct pool *p, const struct node *n);

/* The source's network, for people. */
struct net pool_key(const struct pool *p, const struct node *n);

struct pool_counts pool_count(const struct pool *p);

#endif
