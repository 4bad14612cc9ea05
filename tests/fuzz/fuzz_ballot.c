/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_ballot.c - a stream gives the same lines in whatever pieces it comes
 *
 * The first byte says how large the pieces are and which limit holds. A plain splitter
 * that sees all bytes at once is the judge.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sock/lines_int.h"
#include "wire/proto.h"

#include "fuzz.h"

static void require(int holds)
{
	if (!holds)
		abort();
}

/* What came out so far, as a position in the input. */
struct judge {
	const char *at;
	const char *end;
	bool        is_skipping; /* the line at `at` was told to be too long */
};

static void expect_line(struct judge *j, const char *line, size_t len, size_t max)
{
	const char *newline = memchr(j->at, '\n', (size_t)(j->end - j->at));

	if (j->is_skipping) {
		require(newline != NULL);
		j->at = newline + 1;
		j->is_skipping = false;
		newline = memchr(j->at, '\n', (size_t)(j->end - j->at));
	}
	require(newline != NULL);
	require((size_t)(newline - j->at) == len && len < max);
	require(len == 0 || memcmp(j->at, line, len) == 0);
	j->at = newline + 1;
}

static void expect_too_long(struct judge *j, size_t max)
{
	const char *newline = memchr(j->at, '\n', (size_t)(j->end - j->at));

	if (j->is_skipping) {
		require(newline != NULL);
		j->at = newline + 1;
		newline = memchr(j->at, '\n', (size_t)(j->end - j->at));
	}
	require((size_t)((newline ? newline : j->end) - j->at) >= max);
	j->is_skipping = true;
}

static void drain(struct lines *l, struct judge *j)
{
	enum lines_got got;
	const char *line;
	size_t len;

	while ((got = lines_next(l, &line, &len)) != LINES_NONE) {
		if (got == LINES_ONE)
			expect_line(j, line, len, l->max);
		else
			expect_too_long(j, l->max);
	}
	require(!lines_has_more(l));
}

int fuzz_one(const uint8_t *bytes, size_t len)
{
	struct judge j = { (const char *)bytes + 1, (const char *)bytes + len, false };
	size_t piece, at = 1;
	struct lines *l;

	if (len < 2)
		return 0;
	l = malloc(sizeof(*l));
	if (!l)
		return 0;
	lines_init(l, bytes[0] & 0x80 ? PROTO_SIGNED_MAX : PROTO_LINE_MAX);
	piece = (size_t)(bytes[0] & 0x7f) * 8 + 1;
	while (at < len) {
		size_t count = len - at < piece ? len - at : piece;
		char *room = lines_room(l);

		require(room != NULL && room + LINES_READ_BYTES <= l->buf + LINES_BYTES);
		memcpy(room, bytes + at, count);
		lines_put(l, count);
		drain(l, &j);
		at += count;
	}
	/* What is left is less than a line, and dropping it leaves nothing. */
	require(j.is_skipping || memchr(j.at, '\n', (size_t)(j.end - j.at)) == NULL);
	lines_drop_partial(l);
	require(!lines_has_partial(l));
	free(l);
	return 0;
}
