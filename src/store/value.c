/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * value.c - from the columns of one row to values that make sense
 */
#include "store/value_int.h"

#include <string.h>

#include "store/strikes_int.h"

static bool number(sqlite3_stmt *st, int at, int64_t min, int64_t max, int64_t *out)
{
	if (sqlite3_column_type(st, at) != SQLITE_INTEGER)
		return false;
	*out = sqlite3_column_int64(st, at);
	return *out >= min && *out <= max;
}

static bool flag(sqlite3_stmt *st, int at, bool *out)
{
	int64_t n;

	if (!number(st, at, 0, 1, &n))
		return false;
	*out = n == 1;
	return true;
}

/* NULL when it is no text, too long, or has a NUL inside. */
static const char *words(sqlite3_stmt *st, int at, size_t max)
{
	const char *text;
	size_t len;

	if (sqlite3_column_type(st, at) != SQLITE_TEXT)
		return NULL;
	text = (const char *)sqlite3_column_text(st, at);
	len = (size_t)sqlite3_column_bytes(st, at);
	return text && len <= max && strlen(text) == len ? text : NULL;
}

static bool source(sqlite3_stmt *st, int at, const struct store_conf *c, struct addr *out)
{
	const char *text = words(st, at, NET_TEXT_MAX);
	struct net n;

	if (!text || !net_parse(text, &n) ||
	    n.bits != (n.addr.family == ADDR_IP6 ? c->prefix6 : c->prefix4))
		return false;
	*out = n.addr;
	return true;
}

static bool place(sqlite3_stmt *st, struct store_row *row)
{
	int64_t n;

	if (!number(st, 0, 0, POLICY_ENTRIES_MAX, &n))
		return false;
	row->place = (uint32_t)n;
	return true;
}

bool value_entry(sqlite3_stmt *st, const struct store_conf *c, int64_t now,
		 struct store_row *row)
{
	struct store_entry *e = &row->of.entry;
	const char *queue = words(st, 2, sizeof(e->queue) - 1);
	int64_t connections;

	*row = (struct store_row){ .kind = CHANGE_ENTRY };
	if (!place(st, row) || !source(st, 1, c, &row->source) || !queue ||
	    !via_parse(words(st, 3, 16), &e->via) ||
	    !number(st, 4, 0, now + VALUE_AHEAD_MAX, &e->opens) ||
	    !number(st, 5, 0, now + VALUE_AHEAD_MAX, &e->closes) ||
	    !number(st, 6, 0, UINT16_MAX, &connections) || !flag(st, 7, &e->is_used) ||
	    !flag(st, 8, &e->is_proven) || !flag(st, 9, &e->is_kept) ||
	    !flag(st, 10, &e->follows))
		return false;
	memcpy(e->queue, queue, strlen(queue) + 1);
	e->connections = (uint16_t)connections;
	if (sqlite3_column_type(st, 11) != SQLITE_NULL && !source(st, 11, c, &e->bringer))
		return false;
	return !e->follows || (e->via == VIA_SIBLING && e->bringer.family != ADDR_NONE);
}

/* A strike of the future would count for ever. */
static bool are_past(const struct store_record *r, int64_t now)
{
	return r->strikes == 0 || r->strike[r->strikes - 1] <= now;
}

bool value_record(sqlite3_stmt *st, const struct store_conf *c, int64_t now,
		  struct store_row *row)
{
	struct store_record *r = &row->of.record;
	const char *strikes = words(st, 5, STRIKES_TEXT_MAX);
	int64_t penalties, whites;
	unsigned count;

	*row = (struct store_row){ .kind = CHANGE_RECORD };
	if (!place(st, row) || !source(st, 1, c, &row->source) || !strikes ||
	    !number(st, 3, 0, UINT8_MAX, &penalties) ||
	    !number(st, 4, 0, UINT8_MAX, &whites) ||
	    !number(st, 6, 0, now + VALUE_AHEAD_MAX, &r->forget) ||
	    !strikes_parse(strikes, r->strike, &count))
		return false;
	if (sqlite3_column_type(st, 2) != SQLITE_NULL &&
	    !number(st, 2, 0, now + VALUE_AHEAD_MAX, &r->penalty))
		return false;
	r->penalties = (uint8_t)penalties;
	r->whites = (uint8_t)whites;
	r->strikes = (uint8_t)count;
	return are_past(r, now);
}
