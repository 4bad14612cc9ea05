/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * read_int.h - rows out of the file: checked, in the order of their worth
 *
 * Whatever the file says is looked at as a stranger's word. Entries are held in memory,
 * 48 bytes each, until they were handed over; so nothing is read while others write.
 */
#ifndef STORE_READ_INT_H
#define STORE_READ_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "store/store.h"

struct reading;

/* Reads all there is. `now` is by the file's scale. *out is owned by the caller, *c
 * is borrowed as long. A result code of SQLite. */
int reading_start(struct reading **out, sqlite3 *db, const struct store_conf *c,
		  int64_t now);
void reading_free(struct reading *r); /* NULL is allowed */

/* Rows that made no sense. */
size_t reading_useless(const struct reading *r);

/* The first places above all that the file has, as far as places go. */
uint32_t reading_places(const struct reading *r, enum change_kind kind);

/* The next row, as STORE_ROW or STORE_USELESS; false when there is none. */
bool reading_next(struct reading *r, struct store_news *out);

#endif
