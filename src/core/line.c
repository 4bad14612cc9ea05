/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * line.c - a decision as one line of key=value, the same wherever it is shown
 */
#include "core/gate.h"

#include <string.h>

struct line {
	char  *out;
	size_t size;
	size_t used; /* bytes before the NUL; never reaches size */
};

/* By hand: printf() takes longer than all of the judgement. */
static void add(struct line *l, const char *text)
{
	size_t len = strlen(text), room = l->size - l->used - 1;

	if (len > room)
		len = room;
	memcpy(l->out + l->used, text, len);
	l->used += len;
	l->out[l->used] = '\0';
}

/* `key` brings its blank and its equals sign along. */
static void add_pair(struct line *l, const char *key, const char *value)
{
	add(l, key);
	add(l, value);
}

static void add_addr(struct line *l, const char *key, const struct addr *a)
{
	char text[ADDR_TEXT_MAX];

	if (a->family != ADDR_NONE)
		add_pair(l, key, addr_format(a, text));
}

/* In microseconds, rounded up: people read this. */
static int64_t whole_seconds(int64_t ms)
{
	return (ms + 999) / 1000 * 1000000;
}

/* The rows before the queue is looked at. */
static bool has_queue(enum reason r)
{
	return r != REASON_NOT_A_SYN && r != REASON_MALFORMED &&
	       r != REASON_OTHER_DESTINATION && r != REASON_UNSURE &&
	       r != REASON_LISTED_ALLOW && r != REASON_LISTED_DENY;
}

static void add_times(struct line *l, const struct decision *d)
{
	char span[SPAN_TEXT_MAX];

	add_pair(l, " opens=",
		 d->opens_ms == 0 ? "now"
				  : span_format(whole_seconds(d->opens_ms), span));
	add_pair(l, " closes=", span_format(whole_seconds(d->closes_ms), span));
}

static const char *showing_words(enum showing s)
{
	switch (s) {
	case SHOWING_ENOUGH:   return "";
	case SHOWING_NOTHING:  return " proof=asked";
	case SHOWING_PATIENCE: return " proof=missing";
	case SHOWING_PROOF:    return " proof=shown";
	}
	return "";
}

const char *gate_line(const struct gate *g, const struct attempt *a,
		      const struct decision *d, char *out, size_t size)
{
	struct line l = { out, size, 0 };

	if (size == 0)
		return out;
	add_pair(&l, "verdict=", verdict_name(d->verdict));
	if (d->would != d->verdict)
		add_pair(&l, " would=", verdict_name(d->would));
	add_addr(&l, " src=", &a->src);
	add_addr(&l, " dst=", &a->dst);
	add_pair(&l, " reason=", reason_name(d->reason));
	if (has_queue(d->reason))
		add_pair(&l, " queue=", gate_policy(g)->queue[d->queue].name);
	else if (d->list != LISTS_NONE)
		add_pair(&l, " list=", lists_at(gate_lists(g), d->list)->name);
	if (d->timed)
		add_times(&l, d);
	add(&l, showing_words(d->showing));
	return out;
}

const char *gate_proven_line(const struct gate *g, const struct addr *who,
			     const struct decision *d, char *out, size_t size)
{
	struct line l = { out, size, 0 };

	if (size == 0)
		return out;
	add(&l, "proven");
	add_addr(&l, " src=", who);
	add_pair(&l, " queue=", gate_policy(g)->queue[d->queue].name);
	add_times(&l, d);
	return out;
}
