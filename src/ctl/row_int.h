/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * row_int.h - look into one row of an answer: a kind word and key=value pairs
 */
#ifndef CTL_ROW_INT_H
#define CTL_ROW_INT_H

#include <stdbool.h>
#include <stddef.h>

#include "wire/proto.h"

enum { ROW_MAX = 4096, ROW_WORD_MAX = 256 };

/* Where the pairs begin; *kind_len is the length of the word before them, 0 when the row
 * begins with a pair at once. */
const char *row_pairs(const char *row, size_t *kind_len);

bool row_is(const char *row, const char *kind);

/* The value of `key` as people read it (row_readable()), cut to ROW_WORD_MAX. False, and
 * "" in `out`, when the row has none. */
bool row_get(const char *row, const char *key, char out[ROW_WORD_MAX]);

/* The same, for where "" will do: returns `out`. */
const char *row_value(const char *row, const char *key, char out[ROW_WORD_MAX]);

/* Whether the row says key=value. */
bool row_says(const char *row, const char *key, const char *value);

/* Undoes the escapes of printable ASCII but the backslash; what else was escaped stays,
 * so that no stranger's byte reaches a terminal. Returns the length written, without the
 * NUL. */
size_t row_readable(char *out, size_t size, const char *value, size_t len);

#endif
