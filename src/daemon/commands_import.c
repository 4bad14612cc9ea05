/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands_import.c - take over what another daemon, or this one earlier, knew
 *
 * The text may come from anywhere: each line is taken or refused by itself, with its
 * number. Times in it count from the moment it was written; what has passed since is
 * over.
 */
#include "daemon/commands_int.h"

#include <string.h>

#include "base/text.h"
#include "daemon/clock_int.h"

enum { REFUSALS_TOLD = 20, VALUE_MAX = 64 };

#define SPAN_MAX_MS (3650 * INT64_C(86400000))

struct import_entry {
	struct knowledge k;
	bool has_source;
	const char *why; /* it was refused */
};

static bool number(const char *value, uint64_t max, int64_t *out)
{
	uint64_t n;

	if (!text_number(value, 0, max, &n))
		return false;
	*out = (int64_t)n;
	return true;
}

static bool read_yes(const char *value, bool *out)
{
	*out = strcmp(value, "yes") == 0;
	return *out || strcmp(value, "no") == 0;
}

/* A queue that is no more is `default`, as after a reload. */
static uint8_t find_queue(const struct policy *p, const char *name)
{
	int i = policy_find_queue(p, name);

	return i < 0 ? 0 : (uint8_t)i;
}

static unsigned *find_count(struct import_entry *e, const char *key)
{
	if (strcmp(key, "connections") == 0)
		return &e->k.connections;
	if (strcmp(key, "penalties") == 0)
		return &e->k.penalties;
	if (strcmp(key, "strikes") == 0)
		return &e->k.strikes;
	if (strcmp(key, "whites") == 0)
		return &e->k.whites;
	return NULL;
}

/* Keys nobody knows are a later version's. */
static bool read_pair(struct import_entry *e, const struct policy *p, const char *key,
		      const char *value)
{
	unsigned *count;
	int64_t n = 0;
	bool good;

	if (strcmp(key, "src") == 0)
		return e->has_source = net_parse(value, &e->k.source);
	if (strcmp(key, "queue") == 0) {
		e->k.has_entry = true;
		e->k.queue = find_queue(p, value);
		return true;
	}
	if (strcmp(key, "via") == 0)
		return via_parse(value, &e->k.via);
	if (strcmp(key, "used") == 0)
		return read_yes(value, &e->k.is_used);
	if (strcmp(key, "proven") == 0)
		return read_yes(value, &e->k.is_proven);
	if (strcmp(key, "opens-ms") == 0)
		return number(value, SPAN_MAX_MS, &e->k.opens_ms);
	if (strcmp(key, "closes-ms") == 0)
		return number(value, SPAN_MAX_MS, &e->k.closes_ms);
	if (strcmp(key, "penalty-ms") == 0)
		return number(value, SPAN_MAX_MS, &e->k.penalty_ms);
	count = find_count(e, key);
	good = !count || number(value, UINT16_MAX, &n);
	if (count && good)
		*count = (unsigned)n;
	return good;
}

static bool copy(char out[VALUE_MAX], const char *text, size_t len)
{
	if (len >= VALUE_MAX)
		return false;
	memcpy(out, text, len);
	out[len] = '\0';
	return true;
}

static bool read_entry(struct import_entry *e, const struct policy *p, const char *pairs)
{
	char key[VALUE_MAX], value[VALUE_MAX];
	struct proto_pair pair;

	*e = (struct import_entry){ .why = "not key=value pairs" };
	e->k.list = LISTS_NONE;
	while (proto_next_pair(&pairs, &pair)) {
		if (!copy(key, pair.key, pair.key_len) ||
		    !copy(value, pair.value, pair.value_len) ||
		    !read_pair(e, p, key, value)) {
			e->why = "a value makes no sense";
			return false;
		}
	}
	while (*pairs == ' ')
		pairs++;
	if (*pairs != '\0')
		return false;
	e->why = "it needs src, and queue with closes-ms, penalty-ms, strikes or whites";
	return e->has_source &&
	       ((e->k.has_entry && e->k.closes_ms > 0) || e->k.penalty_ms > 0 ||
		e->k.strikes > 0 || e->k.whites > 0) &&
	       (!e->k.has_entry || e->k.opens_ms <= e->k.closes_ms);
}

/* Lets the time pass that has passed; false when nothing is left. */
static bool grow_old(struct knowledge *k, const struct policy *p, int64_t elapsed_ms)
{
	if (elapsed_ms >= p->penalty.within_ms)
		k->strikes = 0;
	if (elapsed_ms >= p->trust.time_ms)
		k->whites = 0;

	k->opens_ms = k->opens_ms > elapsed_ms ? k->opens_ms - elapsed_ms : 0;
	k->closes_ms -= elapsed_ms;
	k->penalty_ms = k->penalty_ms > elapsed_ms ? k->penalty_ms - elapsed_ms : 0;
	if (k->closes_ms <= 0)
		k->has_entry = false;
	return k->has_entry || k->penalty_ms > 0 || k->strikes > 0 || k->whites > 0;
}

static void refuse(struct control_client *c, struct job *j, const char *why)
{
	struct row r = { .used = 0 };

	if (++j->import.refused > REFUSALS_TOLD)
		return;
	row_add(&r, "refused line=%u", j->import.lines);
	row_add_text(&r, "why", why);
	control_row(c, "%s", r.text);
}

/* mxallowd-export 1 time=UNIXSECONDS */
static bool read_head(struct job *j, const char *line)
{
	static const char magic[] = "mxallowd-export 1 ";
	struct proto_pair pair;
	char value[VALUE_MAX];
	int64_t then;

	if (strncmp(line, magic, sizeof(magic) - 1) != 0)
		return false;
	line += sizeof(magic) - 1;
	if (!proto_next_pair(&line, &pair) || pair.key_len != 4 ||
	    memcmp(pair.key, "time", 4) != 0 ||
	    !copy(value, pair.value, pair.value_len) ||
	    !number(value, INT64_MAX / 2000, &then))
		return false;
	/* A clock that was set back makes nothing younger. */
	j->import.elapsed_ms = wall_now_s() > then ? (wall_now_s() - then) * 1000 : 0;
	return true;
}

static void take(struct app *app, struct job *j, const struct addr *who, struct mono now)
{
	j->import.sources++;
	source_heed(app, who, now);
}

void import_line(struct app *app, struct control_client *c, struct job *j,
		 const char *line)
{
	struct mono now = mono_now();
	struct import_entry e;

	if (!j || j->import.is_over)
		return;
	if (++j->import.lines == 1) {
		j->import.is_over = !read_head(j, line);
		if (j->import.is_over)
			control_row(
				c,
				"error: line 1: not an export of version 1; nothing was "
				"taken");
		return;
	}
	if (line[strspn(line, " ")] == '\0')
		return;
	if (strncmp(line, "entry ", 6) != 0)
		refuse(c, j, "it does not begin with `entry`");
	else if (!read_entry(&e, gate_policy(app->gate), line + 6))
		refuse(c, j, e.why);
	else if (!grow_old(&e.k, gate_policy(app->gate), j->import.elapsed_ms))
		j->import.expired++;
	else if (!gate_restore(app->gate, &e.k, now))
		refuse(c, j, "no room, or no possible source");
	else
		take(app, j, &e.k.source.addr, now);
}

void import_end(struct control_client *c, const struct job *j)
{
	if (j->import.is_over)
		return;
	if (j->import.lines == 0)
		control_row(c, "error: nothing came in");
	else
		control_row(c, "imported sources=%u expired=%u refused=%u",
			    j->import.sources, j->import.expired, j->import.refused);
}
