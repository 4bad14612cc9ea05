/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lines.c - cut a stream of bytes into lines, whatever the bytes are
 */
#include "sock/lines_int.h"

#include <assert.h>
#include <string.h>

void lines_init(struct lines *l, size_t max)
{
	assert(max <= LINES_BYTES - LINES_READ_BYTES);
	l->max = max;
	l->start = 0;
	l->end = 0;
	l->is_skipping = false;
}

char *lines_room(struct lines *l)
{
	size_t waiting = l->end - l->start;

	if (waiting > LINES_BYTES - LINES_READ_BYTES)
		return NULL;
	memmove(l->buf, l->buf + l->start, waiting);
	l->start = 0;
	l->end = waiting;
	return l->buf + l->end;
}

void lines_put(struct lines *l, size_t count)
{
	assert(count <= LINES_BYTES - l->end);
	l->end += count;
}

static const char *find_newline(const struct lines *l)
{
	return memchr(l->buf + l->start, '\n', l->end - l->start);
}

enum lines_got lines_next(struct lines *l, const char **line, size_t *len)
{
	const char *newline = find_newline(l);

	if (l->is_skipping) {
		l->start = newline ? (size_t)(newline - l->buf) + 1 : l->end;
		l->is_skipping = newline == NULL;
		newline = find_newline(l);
	}
	*line = l->buf + l->start;
	*len = newline ? (size_t)(newline - *line) : l->end - l->start;
	if (*len >= l->max) {
		l->is_skipping = newline == NULL;
		l->start = newline ? l->start + *len + 1 : l->end;
		return LINES_TOO_LONG;
	}
	if (!newline)
		return LINES_NONE;
	l->start += *len + 1;
	return LINES_ONE;
}

bool lines_has_more(const struct lines *l)
{
	if (find_newline(l))
		return true;
	return !l->is_skipping && l->end - l->start >= l->max;
}

bool lines_has_partial(const struct lines *l)
{
	return l->is_skipping || l->end > l->start;
}

void lines_drop_partial(struct lines *l)
{
	l->start = l->end;
	l->is_skipping = false;
}
