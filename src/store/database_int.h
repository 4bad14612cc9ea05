/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * database_int.h - the state file through SQLite: open, write, commit
 *
 * All functions return a result code of SQLite; SQLITE_OK is zero. The store's thread
 * only. mxallowd(8) describes the tables to those who query them by hand.
 */
#ifndef STORE_DATABASE_INT_H
#define STORE_DATABASE_INT_H

#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

#include "store/clocks_int.h"
#include "store/folder_int.h"
#include "store/store.h"

enum { DATABASE_VERSION = 1 };

enum database_statement {
	ST_BEGIN,
	ST_COMMIT,
	ST_ROLLBACK,
	ST_PUT_ENTRY,
	ST_PUT_RECORD,
	ST_DROP_ENTRY,
	ST_DROP_RECORD,
	ST_TRIM_ENTRIES, /* places beyond those we have */
	ST_TRIM_RECORDS,
	ST_SHIFT_ENTRIES,
	ST_SHIFT_RECORDS,
	ST_STAMP,
	STATEMENTS,
};

struct database {
	sqlite3      *db; /* NULL = not open */
	sqlite3_stmt *statement[STATEMENTS];
	bool          has_begun; /* a transaction */
};

/* What an opened file turned out to be. */
enum database_find {
	DATABASE_FINE,
	DATABASE_DAMAGED,
	DATABASE_NEWER,
	DATABASE_OTHER_SHAPE, /* of other prefixes */
};

/* Opens the file, which is ours by its head or empty, and makes the tables in an empty
 * one. Then *find, when this is SQLITE_OK, and the stamp of the last commit unless it is
 * new. */
int database_open(struct database *d, const char *path, const struct store_conf *c,
		  enum database_find *find, struct clocks_stamp *stamp);

/* Also where database_open() failed half-way. */
void database_close(struct database *d);

/* Nothing is lost when this is SQLITE_BUSY. Does nothing inside a transaction. */
int database_begin(struct database *d);
int database_put(struct database *d, const struct store_conf *c,
		 const struct store_row *row);
int database_shift(struct database *d, int64_t by);
int database_trim(struct database *d, const struct store_conf *c);
int database_commit(struct database *d, const struct clocks_stamp *stamp);
void database_rollback(struct database *d);

/* The file is of no more use: what it holds is not what was written. */
bool database_is_damage(int rc);

/* Runs what is prepared, once, and resets it. */
int database_step(sqlite3_stmt *st);

#endif
