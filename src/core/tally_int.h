/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tally_int.h - the inside of the tally, for the files that make it up
 *
 * Each source has its shelf, by a keyed hash, with room for eight; when that is full one
 * of the eight makes room. So a flood that fills the table costs no more than one that
 * does not: in a table that fits whatever comes, each newcomer would move others.
 */
#ifndef CORE_TALLY_INT_H
#define CORE_TALLY_INT_H

#include "core/pool_int.h"
#include "core/tally.h"

enum followed_flag {
	FOLLOWED_BLACK = 1,
	FOLLOWED_KNOCKED = 2, /* after it was refused */
	FOLLOWED_LET_IN = 4,  /* the same */
	FOLLOWED_IP6 = 8,
	FOLLOWED_CAME = 16, /* to the real MX */
};

/* 48 bits of milliseconds, since the tally was made or from one point to another. */
struct moment {
	uint16_t part[3];
};

static inline struct moment moment_of(int64_t ms)
{
	return (struct moment){
		{ (uint16_t)ms, (uint16_t)(ms >> 16), (uint16_t)(ms >> 32) }
	};
}

static inline int64_t moment_ms(struct moment m)
{
	return (int64_t)m.part[2] << 32 | (int64_t)m.part[1] << 16 | m.part[0];
}

/* 28 bytes, and behind them the 8 or 16 that a cutter takes of an address. */
struct followed {
	uint32_t refused; /* attempts */
	struct moment wait; /* since when it is refused; once it was let in, how long */
	struct moment first_knock;
	struct moment last_knock;
	uint16_t knocks;  /* since it was last seen at the real MX */
	uint16_t reasons; /* it was refused for, a bit each */
	uint8_t flags;
	uint8_t how;   /* enum tally_good */
	uint8_t key[]; /* the beginning of its source's words */
};

enum { SHELF_PLACES = 8 };

/* What is needed to find a source, or who goes: 48 bytes, which begin a line of the
 * cache. The followed ones stand behind it. */
struct shelf {
	/* Who goes first, the lowest; 0 = a free place. When it was seen last, in seconds
	 * since the tally was made, and 1; SHELF_PRECIOUS comes on top. */
	uint32_t rank[SHELF_PLACES];
	uint16_t tag[SHELF_PLACES]; /* bits of the hash; 0 = a free place */
};

#define SHELF_PRECIOUS (UINT32_C(1) << 31)

/* Of seconds, sixteen to each power of two; 49 days are in the last. */
enum { TALLY_STEPS = TALLY_PRECISION * 20 };

struct tally {
	void *memory;	  /* owned; the shelves are in it, at a line of the cache */
	uint8_t *shelf;	  /* the first of them */
	uint32_t shelves;
	uint32_t shelf_bytes;
	uint32_t stride; /* of the followed ones */
	struct mono made;
	struct cutter cutter;
	struct cutter networks;
	struct tally_totals totals; /* but for what is worked out when asked */
	uint64_t delays[TALLY_STEPS];
};

/* tally_shelf.c. False when out of memory; needs the cutter. */
bool shelves_make(struct tally *t, uint32_t sources);

/* Nobody is followed any more. */
void shelves_clear(struct tally *t);

/* In two steps: start loading what the next two need, for many sources in turn. */
void shelf_fetch(const struct tally *t, const struct source *s);
void shelf_fetch_followed(const struct tally *t, const struct source *s);

/* NULL when the source is not followed. */
struct followed *shelf_find(const struct tally *t, const struct source *s);

/* The same, but then it is, from now on: *is_new. Somebody else may have made room. */
struct followed *shelf_follow(struct tally *t, const struct source *s, struct mono now,
			      bool *is_new);

/* It goes after all that are not, until it is seen again. */
void shelf_make_precious(struct tally *t, const struct source *s,
			 const struct followed *f);

/* Places are numbered from 0 to shelf_places() - 1; NULL where there is nobody. */
uint32_t shelf_places(const struct tally *t);
const struct followed *shelf_at(const struct tally *t, uint32_t place);

struct net followed_net(const struct tally *t, const struct followed *f);
bool followed_is_refused(const struct followed *f);
bool followed_is_hurt(const struct followed *f);
bool followed_is_stuck(const struct followed *f);

#endif
