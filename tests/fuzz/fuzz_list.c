/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_list.c - a list file is read, or refused with a clean line; what is read is found
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/listfile_int.h"
#include "core/lists.h"
#include "wire/dnsname.h"

#include "fuzz.h"

static void require(int holds)
{
	if (!holds)
		abort();
}

static void require_message(const struct complaint *why)
{
	size_t len = strlen(why->text);

	require(len < sizeof(why->text) && why->kind == COMPLAINT_FILE);
	for (size_t i = 0; i < len; i++)
		require(why->text[i] >= ' ' && why->text[i] < 0x7f);
	require(strncmp(why->text, "fuzz.list:", strlen("fuzz.list:")) == 0);
}

/* A pattern is what comes of a name from DNS, or it could never match. */
static void require_clean(const char *pattern)
{
	const char *name = pattern + (pattern[0] == '.');
	char clean[DNSNAME_MAX];

	require(dnsname_clean(name, strlen(name), clean));
	require(strcmp(clean, name) == 0);
}

static void require_found(const struct lists *l, const char *line, size_t len)
{
	char text[LIST_LINE_MAX + 1], wrong[LIST_WRONG_MAX];
	struct list_entry e;

	if (len > LIST_LINE_MAX)
		return;
	memcpy(text, line, len);
	text[len] = '\0';
	if (strlen(text) != len || !list_entry_parse(text, &e, wrong))
		return;
	if (!e.is_name) {
		require(lists_find_addr(l, &e.net.addr) == 0);
		return;
	}
	require_clean(e.name);
	require(lists_have_names(l));
	require(lists_find_name(l, e.name + (e.name[0] == '.')) == 0);
}

static void require_all_found(const struct lists *l, const char *text, size_t len)
{
	while (len > 0) {
		const char *newline = memchr(text, '\n', len);
		size_t line = newline ? (size_t)(newline - text) : len;

		require_found(l, text, line);
		line += newline != NULL;
		text += line;
		len -= line;
	}
}

int fuzz_one(const uint8_t *bytes, size_t len)
{
	struct lists *lists = lists_new();
	struct list list = { .name = "fuzz", .action = LIST_ALLOW };
	struct complaint why = { .text = "" };
	struct list_reading r = { .name = "fuzz.list", .why = &why };
	const char *text = (const char *)bytes;

	require(lists != NULL);
	r.lists = lists;
	r.list = lists_add(lists, &list);
	if (list_read_text(&r, text, len))
		require_all_found(lists, text, len);
	else
		require_message(&why);
	lists_free(lists);
	return 0;
}
