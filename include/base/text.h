/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text.h - strict numbers and harmless text, without locale
 *
 * Pure; no allocation.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decimal, or hexadecimal behind 0x. No sign, no blanks, no octal ("010" is ten), nothing
 * behind it. False when it is no number from `min` to `max`; then *out is left alone. */
bool text_number(const char *text, uint64_t min, uint64_t max, uint64_t *out);

/* The value of a hexadecimal digit of either case; 16 for any other character. */
unsigned text_digit(char c);

/*
 * Copies `len` bytes that a stranger wrote so that they can stand in a log line:
 * printable ASCII but blank, quote, backslash and equals sign stays, all else becomes
 * \xHH. Cut to fit `size` (at least 1), never in the middle of an escape, and always
 * terminated. Returns `out`.
 */
const char *text_escape(char *out, size_t size, const char *bytes, size_t len);

#endif
