/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * value_int.h - from the columns of one row to values that make sense
 *
 * SQLite's columns hold any type, length and number, whatever their table says.
 */
#ifndef STORE_VALUE_INT_H
#define STORE_VALUE_INT_H

#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

#include "store/store.h"

/* No time lies further ahead: the longest window behind the longest pause. */
#define VALUE_AHEAD_MAX (2 * 3650 * INT64_C(86400))

/* Columns as reading_start() asks for them. False when a value makes no sense: then *row
 * is of no use. `now` is by the file's scale. */
bool value_entry(sqlite3_stmt *st, const struct store_conf *c, int64_t now,
		 struct store_row *row);
bool value_record(sqlite3_stmt *st, const struct store_conf *c, int64_t now,
		  struct store_row *row);

#endif
