/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * database.c - the tables, and who may have made them
 *
 * A file is trusted as far as what we wrote: no trigger or view in it is run, and reading
 * checks each value.
 */
#include "store/database_int.h"

#include <stdio.h>
#include <string.h>

#include "store/strikes_int.h"

enum { BUSY_MS = 200, LENGTH_MAX = 1000000 };

/* The year 9999, as far as SQLite can show a time. */
#define WALL_MAX INT64_C(253402300799)

/* The head of the file, too, must be right from its first commit on: it is looked at
 * before SQLite is let near the file. */
static const char schema[] =
	"PRAGMA page_size = 4096;"
	"BEGIN IMMEDIATE;"
	"CREATE TABLE entry (place INTEGER PRIMARY KEY, source TEXT NOT NULL,"
	" queue TEXT NOT NULL, via TEXT NOT NULL, opens INTEGER NOT NULL,"
	" closes INTEGER NOT NULL, connections INTEGER NOT NULL, used INTEGER NOT NULL,"
	" proven INTEGER NOT NULL, kept INTEGER NOT NULL, follows INTEGER NOT NULL,"
	" bringer TEXT);"
	"CREATE TABLE record (place INTEGER PRIMARY KEY, source TEXT NOT NULL,"
	" penalty INTEGER, penalties INTEGER NOT NULL, whites INTEGER NOT NULL,"
	" strikes TEXT NOT NULL, forget INTEGER NOT NULL);"
	"CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;"
	"INSERT INTO meta VALUES ('prefix4', %u), ('prefix6', %u), ('boot', ''),"
	" ('boot_seconds', 0), ('wall_seconds', 0);"
	"PRAGMA application_id = %d;"
	"PRAGMA user_version = %d;"
	"COMMIT;";

/* With the write-ahead log a commit seldom waits for the disk, and nobody who reads the
 * tables holds it up. The log is emptied into the file every thousand pages, and cut to
 * 4 MiB when a large commit made it longer. */
static const char pragmas[] =
	"PRAGMA trusted_schema = OFF;"
	"PRAGMA cell_size_check = ON;"
	"PRAGMA temp_store = MEMORY;"
	"PRAGMA journal_mode = WAL;"
	"PRAGMA synchronous = NORMAL;"
	"PRAGMA journal_size_limit = 4194304;";

static const char *const texts[STATEMENTS] = {
	[ST_BEGIN] = "BEGIN IMMEDIATE",
	[ST_COMMIT] = "COMMIT",
	[ST_ROLLBACK] = "ROLLBACK",
	[ST_PUT_ENTRY] =
		"REPLACE INTO entry (place, source, queue, via, opens, closes,"
		" connections, used, proven, kept, follows, bringer)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
	[ST_PUT_RECORD] = "REPLACE INTO record (place, source, penalty, penalties,"
			  " whites, strikes, forget)"
			  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[ST_DROP_ENTRY] = "DELETE FROM entry WHERE place = ?1",
	[ST_DROP_RECORD] = "DELETE FROM record WHERE place = ?1",
	[ST_TRIM_ENTRIES] = "DELETE FROM entry WHERE place < 0 OR place >= ?1",
	[ST_TRIM_RECORDS] = "DELETE FROM record WHERE place < 0 OR place >= ?1",
	[ST_SHIFT_ENTRIES] = "UPDATE entry SET opens = opens + ?1, closes = closes + ?1",
	[ST_SHIFT_RECORDS] = "UPDATE record SET penalty = penalty + ?1,"
			     " forget = forget + ?1, strikes = shifted(strikes, ?1)",
	[ST_STAMP] = "REPLACE INTO meta VALUES ('boot', ?1), ('boot_seconds', ?2),"
		     " ('wall_seconds', ?3)",
};

bool database_is_damage(int rc)
{
	rc &= 0xff; /* the rest says more of the same */
	return rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB || rc == SQLITE_SCHEMA ||
	       rc == SQLITE_MISMATCH || rc == SQLITE_CONSTRAINT || rc == SQLITE_TOOBIG ||
	       rc == SQLITE_ERROR;
}

int database_step(sqlite3_stmt *st)
{
	int rc = sqlite3_step(st);

	(void)sqlite3_reset(st);
	return rc == SQLITE_DONE || rc == SQLITE_ROW ? SQLITE_OK : rc;
}

/* SQL: shifted(strikes, by) */
static void shifted(sqlite3_context *context, int count, sqlite3_value **values)
{
	const char *text = (const char *)sqlite3_value_text(values[0]);
	int64_t strike[POLICY_STRIKES_MAX];
	char out[STRIKES_TEXT_MAX];
	unsigned strikes;

	(void)count;
	if (!text || !strikes_parse(text, strike, &strikes)) {
		sqlite3_result_value(context, values[0]); /* of no use, as before */
		return;
	}
	for (unsigned i = 0; i < strikes; i++)
		strike[i] += sqlite3_value_int64(values[1]);
	strikes_format(strike, strikes, out);
	sqlite3_result_text(context, out, -1, SQLITE_TRANSIENT);
}

static int pragma_number(sqlite3 *db, const char *sql, int64_t *out)
{
	sqlite3_stmt *st;
	int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);

	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		*out = sqlite3_column_int64(st, 0);
	(void)sqlite3_finalize(st);
	return rc == SQLITE_ROW ? SQLITE_OK : rc;
}

static int make_tables(sqlite3 *db, const struct store_conf *c)
{
	char sql[sizeof(schema) + 64];

	snprintf(sql, sizeof(sql), schema, c->prefix4, c->prefix6, FOLDER_APPLICATION,
		 DATABASE_VERSION);
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

/* -1 when it is not there, or no number. */
static int64_t meta_number(sqlite3_stmt *st, const char *key)
{
	int64_t n = -1;

	sqlite3_bind_text(st, 1, key, -1, SQLITE_STATIC);
	if (sqlite3_step(st) == SQLITE_ROW &&
	    sqlite3_column_type(st, 0) == SQLITE_INTEGER)
		n = sqlite3_column_int64(st, 0);
	(void)sqlite3_reset(st);
	return n;
}

static int read_meta(struct database *d, const struct store_conf *c,
		     enum database_find *find, struct clocks_stamp *stamp)
{
	sqlite3_stmt *st;
	int rc = sqlite3_prepare_v2(d->db, "SELECT value FROM meta WHERE key = ?1", -1,
				    &st, NULL);

	if (rc != SQLITE_OK)
		return rc;
	*stamp = (struct clocks_stamp){ .at = { meta_number(st, "boot_seconds"),
						meta_number(st, "wall_seconds") } };
	sqlite3_bind_text(st, 1, "boot", -1, SQLITE_STATIC);
	if (sqlite3_step(st) == SQLITE_ROW && sqlite3_column_bytes(st, 0) > 0 &&
	    sqlite3_column_bytes(st, 0) < STORE_BOOT_MAX)
		snprintf(stamp->boot, sizeof(stamp->boot), "%s",
			 (const char *)sqlite3_column_text(st, 0));
	(void)sqlite3_reset(st);
	if (meta_number(st, "prefix4") != c->prefix4 ||
	    meta_number(st, "prefix6") != c->prefix6)
		*find = DATABASE_OTHER_SHAPE;
	rc = sqlite3_finalize(st);
	if (stamp->at.boot < 0 || stamp->at.wall < 0 || stamp->at.wall > WALL_MAX)
		*stamp = (struct clocks_stamp){ .at = { 0, 0 } };
	return rc;
}

static int check(struct database *d, const struct store_conf *c, enum database_find *find,
		 struct clocks_stamp *stamp)
{
	int64_t pages = 0, version = 0;
	int rc = pragma_number(d->db, "PRAGMA page_count", &pages);

	if (rc == SQLITE_OK && pages == 0)
		rc = make_tables(d->db, c);
	if (rc == SQLITE_OK)
		rc = pragma_number(d->db, "PRAGMA user_version", &version);
	if (rc == SQLITE_OK && version != DATABASE_VERSION)
		*find = version > DATABASE_VERSION ? DATABASE_NEWER : DATABASE_DAMAGED;
	if (rc != SQLITE_OK || *find != DATABASE_FINE)
		return rc;
	return read_meta(d, c, find, stamp);
}

static int configure(sqlite3 *db)
{
	int rc = sqlite3_busy_timeout(db, BUSY_MS);

	(void)sqlite3_extended_result_codes(db, 1);
	(void)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, LENGTH_MAX);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_create_function(db, "shifted", 2, SQLITE_UTF8, NULL, shifted,
					     NULL, NULL);
	return rc;
}

static int prepare(struct database *d)
{
	int rc = SQLITE_OK;

	for (unsigned i = 0; i < STATEMENTS && rc == SQLITE_OK; i++)
		rc = sqlite3_prepare_v3(d->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
					&d->statement[i], NULL);
	return rc;
}

int database_open(struct database *d, const char *path, const struct store_conf *c,
		  enum database_find *find, struct clocks_stamp *stamp)
{
	int rc = sqlite3_open_v2(path, &d->db,
				 SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
					 SQLITE_OPEN_PRIVATECACHE,
				 NULL);

	*find = DATABASE_FINE;
	*stamp = (struct clocks_stamp){ .at = { 0, 0 } };
	d->has_begun = false;
	if (rc == SQLITE_OK)
		rc = configure(d->db);
	if (rc == SQLITE_OK)
		rc = check(d, c, find, stamp);
	if (rc == SQLITE_OK && *find == DATABASE_FINE)
		rc = sqlite3_exec(d->db, pragmas, NULL, NULL, NULL);
	if (rc == SQLITE_OK && *find == DATABASE_FINE)
		rc = prepare(d);
	if (database_is_damage(rc)) {
		*find = DATABASE_DAMAGED;
		rc = SQLITE_OK;
	}
	return rc;
}

void database_close(struct database *d)
{
	for (unsigned i = 0; i < STATEMENTS; i++) {
		(void)sqlite3_finalize(d->statement[i]);
		d->statement[i] = NULL;
	}
	(void)sqlite3_close(d->db);
	d->db = NULL;
	d->has_begun = false;
}
