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

enum { PRINTED_MAX = 1024 * 1024 };

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

static void require_same_again(const struct settings *s)
{
	char *first = malloc(PRINTED_MAX), *second = malloc(PRINTED_MAX);
	struct settings again;
	struct complaint why;
	size_t printed;

	require(first && second);
	printed = print(s, first);
	conf_defaults(&again);
	require(conf_read(&again, "fuzz.conf", first, printed, &why));
	require(print(&again, second) == printed && memcmp(first, second, printed) == 0);
	require(conf_may_change(s, &again, &why));
	conf_free(&again);
	free(first);
	free(second);
}

/* What needs no files. */
static void require_lists(const struct settings *s)
{
	unsigned count = s->many ? s->many->lists : 0;
	struct lists *lists;
	struct complaint why;

	for (unsigned i = 0; i < count; i++)
		if (s->many->list[i].file[0])
			return;
	require(conf_compile_lists(s, &lists, &why));
	require((lists ? lists_count(lists) : 0) == count);
	lists_free(lists);
}

static void require_policy(const struct settings *s)
{
	struct policy p;

	conf_compile(s, &p);
	require(p.fakes == s->fake.count && p.reals == s->real.count);
	require(p.entries_max >= POLICY_ENTRIES_MIN);
	require(p.queues >= 1 && p.queues <= POLICY_QUEUES_MAX);
	require(strcmp(p.queue[0].name, "default") == 0);
	for (unsigned i = 0; i < p.queues; i++) {
		require(p.queue[i].window_ms >= 1000 && p.queue[i].pause_ms >= 0);
		require(p.queue[i].deny != VERDICT_ACCEPT);
	}
	require(p.penalty.time_max_ms >= p.penalty.time_ms);
	require(p.penalty.strikes >= 1 && p.penalty.strikes <= POLICY_STRIKES_MAX);
}

int fuzz_one(const uint8_t *bytes, size_t len)
{
	struct settings s;
	struct complaint why;

	conf_defaults(&s);
	if (!conf_read(&s, "fuzz.conf", (const char *)bytes, len, &why)) {
		require_message(&why);
		require(why.kind == COMPLAINT_FILE && s.many == NULL);
		return 0;
	}
	require_same_again(&s);
	if (conf_check(&s, &why)) {
		require_policy(&s);
		require_lists(&s);
	} else {
		require_message(&why);
	}
	conf_free(&s);
	return 0;
}
