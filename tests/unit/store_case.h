/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store_case.h - a folder to keep things in, a store on it, and its file as others see it
 */
#ifndef TESTS_UNIT_STORE_CASE_H
#define TESTS_UNIT_STORE_CASE_H

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>
#include <sqlite3.h>

#include "store/store.h"

enum {
	NOW = 1800000000, /* by the wall */
	BOOT = 5000,      /* since the boot */
	NEWS_KEPT = 32,
	PATIENCE = 5000,  /* times a millisecond */
};

struct store_case {
	char dir[64];
	struct store_conf  conf;
	struct store      *store;
	struct store_clocks clocks;
	struct store_news news[NEWS_KEPT]; /* since it was tried, rows among them */
	unsigned          count;
	uint64_t          tries;
	uint64_t          commits;
};

static inline const char *case_file(const struct store_case *c)
{
	static char path[80];

	snprintf(path, sizeof(path), "%s/state.db", c->dir);
	return path;
}

static inline void case_start(struct store_case *c)
{
	c->tries = c->commits = 0;
	ck_assert_int_eq(store_start(&c->store, &c->conf), 0);
}

static inline struct store_case case_of(void)
{
	struct store_case c = { .dir = "/tmp/test_store.XXXXXX" };

	ck_assert_ptr_nonnull(mkdtemp(c.dir));
	c.conf = (struct store_conf){ .prefix4 = 32, .prefix6 = 64,
				      .entry_places = 4000, .record_places = 501 };
	snprintf(c.conf.dir, sizeof(c.conf.dir), "%s", c.dir);
	snprintf(c.conf.boot, sizeof(c.conf.boot), "%s", "this boot");
	c.clocks = (struct store_clocks){ BOOT, NOW };
	case_start(&c);
	return c;
}

/* Whatever there is, once `is_done` says that it has all come. */
static inline void case_hear(struct store_case *c)
{
	struct store_news n;

	while (store_collect(c->store, &n)) {
		ck_assert_uint_lt(c->count, NEWS_KEPT);
		c->news[c->count++] = n;
	}
}

static inline const struct store_news *case_news(const struct store_case *c,
						 enum store_news_kind kind)
{
	for (unsigned i = 0; i < c->count; i++)
		if (c->news[i].kind == kind)
			return &c->news[i];
	return NULL;
}

static inline unsigned case_count(const struct store_case *c, enum store_news_kind kind)
{
	unsigned count = 0;

	for (unsigned i = 0; i < c->count; i++)
		count += c->news[i].kind == kind;
	return count;
}

static inline void case_try(struct store_case *c)
{
	c->count = 0;
	ck_assert(store_try(c->store, &c->clocks));
	c->tries++;
	store_wake(c->store);
	for (int i = 0; store_count(c->store).tried != c->tries; i++) {
		ck_assert_int_lt(i, PATIENCE);
		poll(NULL, 0, 1);
		case_hear(c);
	}
	for (int i = 0; case_news(c, STORE_OPENED) && !case_news(c, STORE_LOADED); i++) {
		ck_assert_int_lt(i, PATIENCE);
		poll(NULL, 0, 1);
		case_hear(c);
	}
	case_hear(c);
}

static inline bool case_is_committed(const struct store_case *c)
{
	return store_count(c->store).marked == c->commits;
}

static inline void case_ask_commit(struct store_case *c)
{
	ck_assert(store_commit(c->store, &c->clocks));
	c->commits++;
	store_wake(c->store);
}

static inline void case_commit(struct store_case *c)
{
	case_ask_commit(c);
	for (int i = 0; !case_is_committed(c); i++) {
		ck_assert_int_lt(i, PATIENCE);
		poll(NULL, 0, 1);
	}
	case_hear(c);
}

static inline void case_end(struct store_case *c)
{
	ck_assert(store_end(c->store));
	store_wake(c->store);
	for (int i = 0; !store_has_ended(c->store); i++) {
		ck_assert_int_lt(i, PATIENCE);
		poll(NULL, 0, 1);
	}
	store_close(c->store);
}

/* Another daemon's life with the same folder. */
static inline void case_restart(struct store_case *c)
{
	case_end(c);
	case_start(c);
	case_try(c);
}

static inline void case_remove(struct store_case *c)
{
	char path[400];
	struct dirent *e;
	DIR *d = opendir(c->dir);

	while (d && (e = readdir(d)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", c->dir, e->d_name);
		(void)unlink(path);
	}
	if (d)
		closedir(d);
	(void)rmdir(c->dir);
}

static inline void case_over(struct store_case *c)
{
	case_end(c);
	case_remove(c);
}

/* The name of a file that begins so; "" when there is none. */
static inline const char *case_find(const struct store_case *c, const char *begin)
{
	static char name[256];
	struct dirent *e;
	DIR *d = opendir(c->dir);

	name[0] = '\0';
	ck_assert_ptr_nonnull(d);
	while ((e = readdir(d)) != NULL)
		if (strncmp(e->d_name, begin, strlen(begin)) == 0)
			snprintf(name, sizeof(name), "%s", e->d_name);
	closedir(d);
	return name;
}

/* As somebody with the sqlite3 shell. */
static inline void case_sql(const struct store_case *c, const char *sql)
{
	sqlite3 *db;
	char *error = NULL;

	ck_assert_int_eq(sqlite3_open(case_file(c), &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &error) == SQLITE_OK, "%s: %s",
		      sql, error);
	sqlite3_close(db);
}

static inline int64_t case_number(const struct store_case *c, const char *sql)
{
	sqlite3_stmt *st;
	sqlite3 *db;
	int64_t n;

	ck_assert_int_eq(sqlite3_open(case_file(c), &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK, "%s: %s",
		      sql, sqlite3_errmsg(db));
	ck_assert_int_eq(sqlite3_step(st), SQLITE_ROW);
	n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return n;
}

/* The number-th source, at the place of that number, with a window of an hour. */
static inline struct store_row case_entry(uint32_t number)
{
	const uint8_t byte[4] = { 198, 18, (uint8_t)(number >> 8), (uint8_t)number };
	struct store_row r = { .kind = CHANGE_ENTRY, .place = number };

	r.source = addr_from_bytes(ADDR_IP4, byte);
	r.of.entry = (struct store_entry){ .queue = "default", .via = VIA_KNOCK,
					   .opens = NOW, .closes = NOW + 3600 };
	return r;
}

static inline struct store_row case_record(uint32_t number)
{
	struct store_row r = case_entry(number);

	r.kind = CHANGE_RECORD;
	r.of.record = (struct store_record){ .penalty = NOW + 60, .forget = NOW + 600,
					     .penalties = 1, .strikes = 2,
					     .strike = { NOW - 20, NOW - 10 } };
	return r;
}

static inline void case_put(struct store_case *c, struct store_row row)
{
	ck_assert(store_put(c->store, &row));
}

#endif
