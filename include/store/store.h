/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store.h - what is known, kept in a SQLite file by a thread of its own
 *
 * The file mirrors the table place by place. Rows go over as values in bounded rings, and
 * whatever the disk does, the caller never waits: a full ring says so, trouble is news. A
 * row is safe once the commit behind it is counted. When rows were lost, news says so,
 * and the caller hands over everything again.
 *
 * Times are seconds of the wall clock as it was when the file was loaded (the file's
 * scale); the caller shifts them all when that clock jumps. All functions belong to one
 * thread; none reads a clock.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "core/change.h"

enum {
	STORE_ROOM = 2048, /* rows on their way to the thread; a power of two */
	STORE_DIR_MAX = 256,
	STORE_BOOT_MAX = 40,  /* of the text that names a boot */
	STORE_TEXT_MAX = 384, /* of what there is to say */
};

struct store_conf {
	char     dir[STORE_DIR_MAX];   /* made when missing, but not its parents */
	char     boot[STORE_BOOT_MAX]; /* names this boot; "" = unknown */
	unsigned prefix4; /* what makes a source; a file of others is of no use */
	unsigned prefix6;
	uint32_t entry_places; /* rows of places beyond are moved */
	uint32_t record_places;
};

/* What the clocks say, in seconds. */
struct store_clocks {
	int64_t boot; /* since this boot, while suspended too */
	int64_t wall;
};

struct store_entry {
	char        queue[POLICY_NAME_MAX];
	enum via    via;
	bool        is_used;
	bool        is_proven;
	bool        is_kept;
	bool        follows;
	uint16_t    connections;
	int64_t     opens;
	int64_t     closes;
	struct addr bringer; /* family NONE = nobody */
};

struct store_record {
	int64_t penalty; /* 0 = none */
	int64_t forget;
	uint8_t whites;
	uint8_t penalties;
	uint8_t strikes;
	int64_t strike[POLICY_STRIKES_MAX];
};

/* As struct change, but with times of the file's scale. */
struct store_row {
	enum change_kind kind;
	uint32_t         place;
	bool             is_gone;
	struct addr      source;
	union {
		struct store_entry  entry;
		struct store_record record;
	} of;
};

enum store_news_kind {
	STORE_TAKEN,   /* another daemon has the folder */
	STORE_OPENED,  /* rows are coming; `opened` says for which places */
	STORE_ROW,     /* one of them */
	STORE_USELESS, /* one that made no sense: `row` has its kind and place only */
	STORE_LOADED,  /* that was all */
	STORE_TROUBLE, /* nothing can be stored: `text` says why; rows are lost */
	STORE_WELL,    /* that is over */
	STORE_NOTE,    /* `text` is for the log */
};

struct store_news {
	enum store_news_kind kind;
	union {
		struct store_row row;
		struct {
			uint32_t entry_places; /* above all of the file */
			uint32_t record_places;
			int64_t  now; /* by the file's scale, when it was tried */
			bool     is_anew; /* what was there had to be set aside */
		} opened;
		char text[STORE_TEXT_MAX];
	} of;
};

struct store_counts {
	uint64_t written; /* rows, in commits that succeeded */
	uint64_t commits;
	uint64_t failed;  /* attempts to open, write or commit that did not succeed */
	uint64_t skipped; /* rows of the file that made no sense */
	uint64_t tried;   /* of store_try(), those that were dealt with */
	uint64_t marked;  /* of store_commit(), those that are on disk or failed */
};

struct store;

/* Starts the thread, which does nothing until it is told to try: then it takes the folder
 * for itself. *out is owned by the caller. Negative errno on failure. Nothing here looks
 * at the folder, which may hang: what is wrong with it is news later. */
int store_start(struct store **out, const struct store_conf *c);

/* Sets the thread to work on what it was given; after each of the following. */
void store_wake(struct store *s);

/* Opens the file if it is not open, and looks whether trouble is over. Waits for a
 * program that locks it. These return false when the ring is full. */
bool store_try(struct store *s, const struct store_clocks *now);

bool store_put(struct store *s, const struct store_row *row);

/* Everything put so far is to be on disk together; what was not put is as it was. `now`
 * has the wall clock by the file's scale. */
bool store_commit(struct store *s, const struct store_clocks *now);

/* The wall clock jumped: from here on the file's scale is `by` seconds later. */
bool store_shift(struct store *s, int64_t by);

/* How many more of these fit now. */
unsigned store_room(const struct store *s);

/* Readable when store_collect() has something to give; false when it has nothing. */
int store_fd(const struct store *s);
bool store_collect(struct store *s, struct store_news *out);

struct store_counts store_count(const struct store *s);

/* Asks the thread to end behind what it was given. Then store_has_ended() says when it
 * has; news must still be collected. */
bool store_end(struct store *s);
bool store_has_ended(const struct store *s);

/* Frees everything. A thread that has not ended yet does that itself once it has, unless
 * the process ends before. NULL is allowed. */
void store_close(struct store *s);

#endif
