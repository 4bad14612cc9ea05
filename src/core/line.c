/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * line.c - a decision as one line of key=value, the same wherever it is shown
 */
#include "core/gate.h"

#include <stdarg.h>
#include <stdio.h>

struct line {
	char  *out;
	size_t size;
	size_t used; /* bytes before the NUL; never reaches size */
};

static void __attribute__((format(printf, 2, 3)))
add(struct line *l, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(l->out + l->used, l->size - l->used, fmt, ap);
	va_end(ap);
	if (n > 0)
		l->used +=
			(size_t)n < l->size - l->used ? (size_t)n : l->size - l->used - 1;
}

static void add_addr(struct line *l, const char *key, const struct addr *a)
{
	char text[ADDR_TEXT_MAX];

	if (a->family != ADDR_NONE)
		add(l, " %s=%s", key, addr_format(a, text));
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

const char *gate_line(const struct gate *g, const struct attempt *a,
		      const struct decision *d, char *out, size_t size)
{
	struct line l = { out, size, 0 };
	char span[SPAN_TEXT_MAX];

	if (size == 0)
		return out;
	add(&l, "verdict=%s", verdict_name(d->verdict));
	if (d->would != d->verdict)
		add(&l, " would=%s", verdict_name(d->would));
	add_addr(&l, "src", &a->src);
	add_addr(&l, "dst", &a->dst);
	add(&l, " reason=%s", reason_name(d->reason));
	if (has_queue(d->reason))
		add(&l, " queue=%s", gate_policy(g)->queue[d->queue].name);
	else if (d->list != LISTS_NONE)
		add(&l, " list=%s", lists_at(gate_lists(g), d->list)->name);
	if (d->timed) {
		add(&l, " opens=%s",
		    d->opens_ms == 0 ? "now"
				     : span_format(whole_seconds(d->opens_ms), span));
		add(&l, " closes=%s", span_format(whole_seconds(d->closes_ms), span));
	}
	return out;
}
