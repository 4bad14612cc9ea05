/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * row.c - find values in a row
 */
#include "ctl/row_int.h"

#include <string.h>

#include "base/text.h"

const char *row_pairs(const char *row, size_t *kind_len)
{
	size_t len = strcspn(row, " =");

	if (row[len] == '=')
		len = 0;
	*kind_len = len;
	return row[len] == ' ' ? row + len + 1 : row + len;
}

bool row_is(const char *row, const char *kind)
{
	size_t len;

	(void)row_pairs(row, &len);
	return len == strlen(kind) && memcmp(row, kind, len) == 0;
}

/* The byte that an escape at `at` stands for, when it may be shown; else 0. */
static char shown_byte(const char *at, size_t left)
{
	unsigned high, low, byte;

	if (left < 4 || at[0] != '\\' || at[1] != 'x')
		return '\0';
	high = text_digit(at[2]);
	low = text_digit(at[3]);
	if (high > 15 || low > 15)
		return '\0';
	byte = high << 4 | low;
	return byte >= 0x20 && byte < 0x7f && byte != '\\' ? (char)byte : '\0';
}

size_t row_readable(char *out, size_t size, const char *value, size_t len)
{
	size_t used = 0;

	for (size_t i = 0; i < len && used + 1 < size; i++) {
		char c = shown_byte(value + i, len - i);

		if (c != '\0')
			i += 3;
		else
			c = value[i];
		out[used++] = c;
	}
	out[used] = '\0';
	return used;
}

bool row_get(const char *row, const char *key, char out[ROW_WORD_MAX])
{
	struct proto_pair p;
	size_t len;

	row = row_pairs(row, &len);
	while (proto_next_pair(&row, &p)) {
		if (p.key_len != strlen(key) || memcmp(p.key, key, p.key_len) != 0)
			continue;
		row_readable(out, ROW_WORD_MAX, p.value, p.value_len);
		return true;
	}
	out[0] = '\0';
	return false;
}

const char *row_value(const char *row, const char *key, char out[ROW_WORD_MAX])
{
	(void)row_get(row, key, out);
	return out;
}

bool row_says(const char *row, const char *key, const char *value)
{
	char got[ROW_WORD_MAX];

	return row_get(row, key, got) && strcmp(got, value) == 0;
}
