/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_state.c - whatever a state file holds, what is read from it makes sense
 *
 * Input is a whole database, or one row: a line `entry` or `record`, then a line a
 * column, `n` for NULL, `i NUMBER`, `t TEXT` or `b BYTES`.
 */
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "store/read_int.h"
#include "store/value_int.h"

#include "fuzz.h"

enum { NOW = 1800000000, COLUMNS_MAX = 12 };

static void require(int holds)
{
	if (!holds)
		abort();
}

static void require_source(const struct store_conf *c, const struct addr *a)
{
	unsigned bits = a->family == ADDR_IP6 ? c->prefix6 : c->prefix4;
	struct addr cut = addr_mask(a, bits);

	require(a->family == ADDR_IP4 || a->family == ADDR_IP6);
	require(addr_is_equal(&cut, a));
}

static void require_time(int64_t t)
{
	require(t >= 0 && t <= NOW + VALUE_AHEAD_MAX);
}

static void require_entry(const struct store_conf *c, const struct store_entry *e)
{
	require(memchr(e->queue, '\0', sizeof(e->queue)) != NULL);
	require(e->via <= VIA_VOTE);
	require_time(e->opens);
	require_time(e->closes);
	if (e->bringer.family != ADDR_NONE)
		require_source(c, &e->bringer);
	require(!e->follows || e->bringer.family != ADDR_NONE);
}

static void require_record(const struct store_record *r)
{
	require_time(r->penalty);
	require_time(r->forget);
	require(r->strikes <= POLICY_STRIKES_MAX);
	for (unsigned i = 0; i < r->strikes; i++)
		require(r->strike[i] >= (i > 0 ? r->strike[i - 1] : 0) &&
			r->strike[i] <= NOW);
}

static void require_sense(const struct store_conf *c, const struct reading *r,
			  const struct store_news *n)
{
	const struct store_row *row = &n->of.row;

	require(n->kind == STORE_ROW || n->kind == STORE_USELESS);
	if (n->kind == STORE_USELESS)
		return;
	require(row->place < reading_places(r, row->kind) &&
		reading_places(r, row->kind) <= POLICY_ENTRIES_MAX + 1);
	require_source(c, &row->source);
	if (row->kind == CHANGE_ENTRY)
		require_entry(c, &row->of.entry);
	else
		require_record(&row->of.record);
}

static void read_all(sqlite3 *db)
{
	static const struct store_conf conf = { .prefix4 = 32, .prefix6 = 64 };
	struct reading *r;
	struct store_news n;

	if (reading_start(&r, db, &conf, NOW) != SQLITE_OK)
		return;
	while (reading_next(r, &n))
		require_sense(&conf, r, &n);
	reading_free(r);
}

static void read_file(sqlite3 *db, const uint8_t *bytes, size_t len)
{
	uint8_t *copy = sqlite3_malloc64(len);

	require(copy != NULL);
	memcpy(copy, bytes, len);
	if (sqlite3_deserialize(db, "main", copy, (sqlite3_int64)len, (sqlite3_int64)len,
				SQLITE_DESERIALIZE_FREEONCLOSE |
					SQLITE_DESERIALIZE_READONLY) == SQLITE_OK)
		read_all(db);
}

/* `at` stands behind the letter; a value that is cut is an empty one. */
static void bind(sqlite3_stmt *st, int column, char kind, const char *at, size_t len)
{
	char number[24] = "";

	if (kind == 'i') {
		memcpy(number, at, len < sizeof(number) - 1 ? len : sizeof(number) - 1);
		sqlite3_bind_int64(st, column, (sqlite3_int64)strtoll(number, NULL, 10));
	} else if (kind == 't') {
		sqlite3_bind_text(st, column, at, (int)len, SQLITE_TRANSIENT);
	} else if (kind == 'b') {
		sqlite3_bind_blob(st, column, at, (int)len, SQLITE_TRANSIENT);
	}
}

static void read_row(sqlite3 *db, const char *text, size_t len)
{
	int is_entry = len >= 6 && memcmp(text, "entry\n", 6) == 0;
	sqlite3_stmt *st;

	/* without types, a column keeps what it is given */
	require(sqlite3_exec(db,
			     "CREATE TABLE entry (place, source, queue, via, opens,"
			     " closes, connections, used, proven, kept, follows,"
			     " bringer);"
			     "CREATE TABLE record (place, source, penalty, penalties,"
			     " whites, strikes, forget)", NULL, NULL, NULL) == SQLITE_OK);
	require(sqlite3_prepare_v2(db, is_entry
				   ? "INSERT INTO entry VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
				   : "INSERT INTO record VALUES (?,?,?,?,?,?,?)", -1, &st,
				   NULL) == SQLITE_OK);
	for (int column = 0; column <= COLUMNS_MAX && len > 0; column++) {
		const char *newline = memchr(text, '\n', len);
		size_t line = newline ? (size_t)(newline - text) : len;

		if (column > 0 && line > 0)
			bind(st, column, text[0], text + (line > 1 ? 2 : 1),
			     line > 1 ? line - 2 : 0);
		line += newline != NULL;
		text += line;
		len -= line;
	}
	require(sqlite3_step(st) == SQLITE_DONE);
	sqlite3_finalize(st);
	read_all(db);
}

int fuzz_one(const uint8_t *bytes, size_t len)
{
	static const char magic[16] = "SQLite format 3";
	sqlite3 *db;

	require(sqlite3_open(":memory:", &db) == SQLITE_OK);
	if (len >= sizeof(magic) && memcmp(bytes, magic, sizeof(magic)) == 0)
		read_file(db, bytes, len);
	else
		read_row(db, (const char *)bytes, len);
	sqlite3_close(db);
	return 0;
}
