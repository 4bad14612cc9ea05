/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tick.h - points in time and spans of it
 *
 * A point in time is a struct, so that it cannot be mistaken for a span or for a
 * count. Pure; nothing here reads a clock (daemon/clock.c does).
 */
#ifndef BASE_TICK_H
#define BASE_TICK_H

#include <stdbool.h>
#include <stdint.h>

/* Milliseconds of a clock that never jumps; never stored. */
struct mono {
	int64_t ms;
};

/* Seconds since 1970; may jump. For files and for people, never for the rule. */
struct wall {
	int64_t sec;
};

enum { SPAN_TEXT_MAX = 32 };

/* `now` lies at or behind `due`. */
static inline bool mono_reached(struct mono now, struct mono due)
{
	return now.ms >= due.ms;
}

static inline struct mono mono_after(struct mono from, int64_t span_ms)
{
	return (struct mono){ from.ms + span_ms };
}

static inline struct mono mono_later(struct mono a, struct mono b)
{
	return a.ms > b.ms ? a : b;
}

/* Reads "90s", "10m", "4h", "36d", "1h30m", "500us", "20ms"; a bare number is seconds.
 * Microseconds, 0 to about 290 000 years; false for anything else, *us left alone. */
bool span_parse(const char *text, int64_t *us);

/* Writes a span as span_parse() reads it: "36d", "1h30m", "500us", "0s". Returns `out`
 * (SPAN_TEXT_MAX bytes). */
const char *span_format(int64_t us, char *out);

#endif
