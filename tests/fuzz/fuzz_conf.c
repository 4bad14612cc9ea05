/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_conf.c - any file is read or refused with a clean line; what is read can be
 * printed, and reads back the same
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/conf.h"

#include "fuzz.h"

enum { PRINTED_MAX = 32768 };

static void require(int holds)
{
	if (!holds)
		abort();
}

static void require_message(const struct complaint *why)
{
	size_t len = strlen(why->text);

	require(len > 0 && len < sizeof(why->text));
	for (size_t i = 0; i < len; i++)
		require(why->text[i] >= ' ' && why->text[i] < 0x7f);
	if (why->kind == COMPLAINT_FILE)
		require(strncmp(why->text, "fuzz.conf:", strlen("fuzz.conf:")) == 0);
}

static size_t print(const struct settings *s, char *out)
{
	FILE *f = fmemopen(out, PRINTED_MAX, "w");
	size_t len;

	require(f != NULL);
	conf_print(s, f);
	len = (size_t)ftell(f);
	require(len < PRINTED_MAX && fclose(f) == 0);
	return len;
}

int fuzz_one(const uint8_t *bytes, size_t len)
{
	static const char name[] = "fuzz.conf";
	char first[PRINTED_MAX], second[PRINTED_MAX];
	struct settings s, again;
	struct complaint why;
	struct policy p;
	size_t printed;

	conf_defaults(&s);
	if (!conf_read(&s, name, (const char *)bytes, len, &why)) {
		require_message(&why);
		require(why.kind == COMPLAINT_FILE);
		return 0;
	}
	printed = print(&s, first);
	conf_defaults(&again);
	require(conf_read(&again, name, first, printed, &why));
	require(print(&again, second) == printed && memcmp(first, second, printed) == 0);
	require(conf_may_change(&s, &again, &why));

	if (!conf_check(&s, &why)) {
		require_message(&why);
		return 0;
	}
	conf_compile(&s, &p);
	require(p.fakes == s.fake.count && p.reals == s.real.count);
	require(p.queue.window_ms >= 1000 && p.entries_max >= POLICY_ENTRIES_MIN);
	return 0;
}
