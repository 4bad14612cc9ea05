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
	FOLLOWED_REFUSED = 1,
	FOLLOWED_BLACK = 2,
	FOLLOWED_KNOCKED = 4, /* after it was refused */
	FOLLOWED_LET_IN = 8,  /* the same: delay_ms is set */
	FOLLOWED_IP6 = 16,
};

/* 56 bytes. */
struct followed {
	uint64_t word[2]; /* of its struct source */
	struct mono first_refused;
	struct mono first_knock;
	struct mono last_knock;
	uint32_t knocks;   /* since it was last seen at the real MX */
	uint32_t refused;  /* attempts */
	uint32_t delay_ms; /* at most 49 days */
	uint16_t reasons;  /* it was refused for, a bit each */
	uint8_t flags;
	uint8_t how; /* enum tally_good */
};

enum { SHELF_PLACES = 8 };

/* 512 bytes; what is needed to find a source, or who goes, is the first 64. */
struct shelf {
	uint32_t seen[SHELF_PLACES];	   /* last, in seconds since the tally was made */
	uint16_t tag[SHELF_PLACES];	   /* bits of the hash; 0 = free */
	uint8_t is_precious[SHELF_PLACES]; /* goes after all that are not */
	uint32_t age; /* when it is not the tally's, all places are free */
	uint32_t unused;
	struct followed followed[SHELF_PLACES];
};

/* Of seconds, sixteen to each power of two; 49 days are in the last. */
enum { TALLY_STEPS = TALLY_PRECISION * 20 };

struct tally {
	void *memory; /* owned; the shelves are in it, at a line of the cache */
	struct shelf *shelf;
	uint32_t shelves;
	uint32_t age; /* 1, and one more each time it begins anew */
	struct mono made;
	struct cutter cutter;
	struct cutter networks;
	struct tally_totals totals; /* but for what is worked out when asked */
	uint64_t delays[TALLY_STEPS];
};

/* tally_shelf.c. False when out of memory. */
bool shelves_make(struct tally *t, uint32_t sources);

/* In two steps: start loading what the next two need, for many sources in turn. */
void shelf_fetch(const struct tally *t, const struct source *s);
void shelf_fetch_followed(const struct tally *t, const struct source *s);

/* NULL when the source is not followed. */
struct followed *shelf_find(const struct tally *t, const struct source *s);

/* The same, but then it is, from now on: *is_new. Somebody else may have made room. */
struct followed *shelf_follow(struct tally *t, const struct source *s, struct mono now,
			      bool *is_new);

/* It goes last. */
void shelf_make_precious(struct tally *t, const struct source *s,
			 const struct followed *f);

/* Places are numbered from 0 to shelf_places() - 1; NULL where there is nobody. */
uint32_t shelf_places(const struct tally *t);
const struct followed *shelf_at(const struct tally *t, uint32_t place);

struct net followed_net(const struct tally *t, const struct followed *f);
bool followed_is_hurt(const struct followed *f);
bool followed_is_stuck(const struct followed *f);

#endif
