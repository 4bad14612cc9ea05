/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lines_int.h - cut a stream of bytes into lines, whatever the bytes are
 *
 * Values only; no I/O. A line that is too long is told once and skipped up to its
 * newline, so it costs its sender nothing but itself.
 */
#ifndef SOCK_LINES_INT_H
#define SOCK_LINES_INT_H

#include <stdbool.h>
#include <stddef.h>

enum {
	LINES_READ_BYTES = 1024,                   /* taken in at one time */
	LINES_BYTES = LINES_READ_BYTES + 1024,     /* and the longest unfinished line */
};

struct lines {
	size_t max; /* bytes of a line with its newline; at most 1024 */
	size_t start;
	size_t end;
	bool   is_skipping; /* behind what was too long, until its newline */
	char   buf[LINES_BYTES];
};

enum lines_got {
	LINES_NONE,     /* no whole line is here */
	LINES_ONE,
	LINES_TOO_LONG, /* one was too long, and is dropped */
};

void lines_init(struct lines *l, size_t max);

/* Where up to LINES_READ_BYTES more may be put, once lines_next() has said LINES_NONE;
 * lines_put() says how many were. NULL while older bytes wait to be read. */
char *lines_room(struct lines *l);
void lines_put(struct lines *l, size_t count);

/* The next line without its newline, borrowed until lines_room(); not terminated. */
enum lines_got lines_next(struct lines *l, const char **line, size_t *len);

/* Whether a whole line, or one too long, waits. */
bool lines_has_more(const struct lines *l);

/* Part of a line is here and its newline is not. */
bool lines_has_partial(const struct lines *l);

/* Drops it: what comes next is the beginning of a line. */
void lines_drop_partial(struct lines *l);

#endif
