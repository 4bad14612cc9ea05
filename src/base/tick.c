/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tick.c - spans of time as text
 *
 * Whole numbers and units only, largest unit first: "1h30m" has one meaning, "30m1h"
 * and "1.5h" are more likely a slip of the pen than an intention.
 */
#include "base/tick.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Largest first; the order is what "descending" means below. */
static const struct unit {
	char    name[3];
	int64_t us;
} units[] = {
	{ "d", INT64_C(86400000000) },
	{ "h", INT64_C(3600000000) },
	{ "m", INT64_C(60000000) },
	{ "s", INT64_C(1000000) },
	{ "ms", INT64_C(1000) },
	{ "us", INT64_C(1) },
};

enum { UNITS = sizeof(units) / sizeof(units[0]), UNIT_SECONDS = 3 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads digits at *text and moves behind them. */
static bool take_number(const char **text, int64_t *out)
{
	const char *at = *text;
	int64_t n = 0;

	for (; is_digit(*at); at++) {
		int digit = *at - '0';

		if (n > (INT64_MAX - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	if (at == *text)
		return false;
	*text = at;
	*out = n;
	return true;
}

/* Reads the letters at *text and moves behind them; UNITS when they name no unit. */
static unsigned take_unit(const char **text)
{
	size_t len = strcspn(*text, "0123456789");

	for (unsigned i = 0; i < UNITS; i++) {
		const char *name = units[i].name;

		if (strlen(name) != len || memcmp(*text, name, len) != 0)
			continue;
		*text += len;
		return i;
	}
	return UNITS;
}

bool span_parse(const char *text, int64_t *us)
{
	int64_t sum = 0;
	unsigned next = 0; /* the largest unit that may still come */

	do {
		bool is_first = next == 0;
		unsigned unit;
		int64_t n;

		if (!take_number(&text, &n))
			return false;
		unit = is_first && !*text ? UNIT_SECONDS : take_unit(&text);
		if (unit >= UNITS || unit < next)
			return false;
		if (n > (INT64_MAX - sum) / units[unit].us)
			return false;
		sum += n * units[unit].us;
		next = unit + 1;
	} while (*text);

	*us = sum;
	return true;
}

const char *span_format(int64_t us, char *out)
{
	size_t used = 0;

	for (unsigned i = 0; i < UNITS && us > 0; i++) {
		int64_t n = us / units[i].us;
		size_t left = SPAN_TEXT_MAX - used;

		if (n == 0)
			continue;
		us %= units[i].us;
		used += (size_t)snprintf(out + used, left, "%" PRId64 "%s", n,
					 units[i].name);
	}
	if (used == 0)
		memcpy(out, "0s", 3);
	return out;
}
