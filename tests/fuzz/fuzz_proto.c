/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_proto.c - readers stay inside any line, and what they give is clean
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/proto.h"

#include "fuzz.h"

static void require(int holds)
{
	if (!holds)
		abort();
}

/* A message, or an escaped text: printable, and it ends where it must. */
static void require_printable(const char *text, size_t size)
{
	size_t len = strnlen(text, size);

	require(len < size);
	for (size_t i = 0; i < len; i++)
		require(text[i] >= ' ' && text[i] < 0x7f);
}

static void check_vote(const struct proto_vote *v)
{
	require_printable(v->text, sizeof(v->text));
	require(strpbrk(v->text, " =\"") == NULL);
	require((v->who.family == ADDR_NONE) == (v->kind == PROTO_FORGET_PENALTIES));
	if (v->who.family != ADDR_NONE)
		require(addr_scope(&v->who) != SCOPE_UNUSABLE);
}

static void eat_vote(const char *line, size_t len)
{
	char error[PROTO_ERROR_MAX] = "";
	struct proto_vote v;

	if (!proto_read_vote(line, len, &v, error)) {
		require(error[0] != '\0');
		require_printable(error, sizeof(error));
		return;
	}
	require(len < PROTO_LINE_MAX && memchr(line, '\0', len) == NULL);
	check_vote(&v);
}

static void eat_signed(const char *line, size_t len)
{
	char error[PROTO_ERROR_MAX] = "";
	struct proto_signed s;

	if (!proto_read_signed(line, len, &s, error)) {
		require(error[0] != '\0');
		require_printable(error, sizeof(error));
		return;
	}
	require(s.seq > 0 && s.len < PROTO_LINE_MAX);
	require(s.line >= line && s.line + s.len <= line + len);
}

static void eat_command(const char *line, size_t len)
{
	char error[PROTO_ERROR_MAX] = "";
	struct proto_command c;

	if (!proto_read_command(line, len, &c, error)) {
		require(error[0] != '\0');
		require_printable(error, sizeof(error));
		return;
	}
	require(c.for_us >= 0);
	if (c.kind == PROTO_VOTE)
		check_vote(&c.vote);
	if (c.kind == PROTO_WHY)
		require(c.vote.who.family != ADDR_NONE);
}

static void eat_pairs(const char *row)
{
	const char *at = row, *end = row + strlen(row);
	struct proto_pair p;

	while (proto_next_pair(&at, &p)) {
		require(p.key >= row && p.key_len > 0 && p.value <= end);
		require(p.value + p.value_len == at && at <= end);
		require(p.key[p.key_len] == '=');
	}
}

int fuzz_one(const uint8_t *bytes, size_t len)
{
	const char *line = (const char *)bytes;
	char *row = malloc(len + 1);

	eat_vote(line, len);
	eat_signed(line, len);
	eat_command(line, len);
	if (row) {
		if (len > 0)
			memcpy(row, bytes, len);
		row[len] = '\0';
		eat_pairs(row);
	}
	free(row);
	return 0;
}
