/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table_int.h - what is known of each source
 *
 * A bounded pool of entries, found through an open-addressing index keyed by SipHash.
 * Entries stand in two queues, those never let in and those that were, each in the order
 * of their last refresh; when the pool is full the oldest of the first queue goes, so a
 * flood of strangers never pushes out a sender in use. All memory is taken in table_new().
 *
 * At 1 M entries: 40 bytes an entry (48 when prefix6 > 64) and 6.7 bytes of index.
 */
#ifndef CORE_TABLE_INT_H
#define CORE_TABLE_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/tick.h"

enum entry_flag {
	ENTRY_TAKEN = 1,   /* the place is in use */
	ENTRY_USED = 2,    /* let in at least once */
	ENTRY_SIBLING = 4, /* brought by another entry, not yet used: lives by its times */
	ENTRY_IP6 = 8,
};

/* Times are 48 bits of milliseconds, in two pieces to keep the entry small. */
struct entry {
	uint32_t opens_low;
	uint32_t closes_low;
	uint16_t opens_high;
	uint16_t closes_high;
	uint32_t older; /* neighbours in its queue, as places */
	uint32_t newer;
	uint32_t bringer;            /* ENTRY_SIBLING: place of the entry that brought it, */
	uint16_t bringer_generation; /* and that place's generation then */
	uint16_t generation;         /* how often this place was given away */
	uint16_t connections;        /* accepted in this window */
	uint8_t  flags;
	uint8_t  key[]; /* 8 or 16 bytes, as the table has it */
};

struct times {
	struct mono opens;
	struct mono closes;
};

struct table_conf {
	uint32_t       entries_max;
	unsigned       prefix4; /* bits of an address that make the key */
	unsigned       prefix6;
	const uint8_t *secret;  /* 16 bytes, copied */
};

struct table_counts {
	uint32_t entries;
	uint32_t used;
	uint64_t evicted; /* pushed out while still live */
};

/* An address cut to what the table knows of it. */
struct source {
	uint64_t word[2]; /* the address's bytes, network order, cleared behind the prefix */
	uint64_t hash;    /* keyed: nobody outside can aim at a place */
	bool     is_ip6;
};

struct table;

struct table *table_new(const struct table_conf *c);
void table_free(struct table *t);

struct source table_source(const struct table *t, const struct addr *a);

/* Two steps that start loading what table_find() will need: the line of the index, and when
 * that is there, the entry. */
void table_fetch_index(const struct table *t, const struct source *s);
void table_fetch_entry(const struct table *t, const struct source *s);

/* The source's entry, expired or not; NULL when there is none. */
struct entry *table_find(struct table *t, const struct source *s);

/* A new entry for a source that has none, as the newest of the unused; all but its key is
 * zero. Makes room when there is none. */
struct entry *table_add(struct table *t, const struct source *s, struct mono now);
void table_remove(struct table *t, struct entry *e);

/* Makes it the newest of its queue. */
void table_touch(struct table *t, struct entry *e);

/* Moves it to the used ones, as the newest. */
void table_mark_used(struct table *t, struct entry *e);

/* When it opens and closes; an unused sibling's are its bringer's. A sibling whose bringer is
 * gone closed at the beginning of time. */
struct times table_times(const struct table *t, const struct entry *e);
void table_set_times(struct entry *e, struct times when);
void table_set_bringer(struct table *t, struct entry *e, const struct entry *bringer);

/* Removes what has expired among the next `places`. */
void table_sweep(struct table *t, struct mono now, uint32_t places);

struct table_counts table_count(const struct table *t);

#endif
