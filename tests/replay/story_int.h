/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * story_int.h - the words of a story, read into values; private to the player
 *
 * Readers of single words say true or false; what fails a story says where and why.
 */
#ifndef TESTS_STORY_INT_H
#define TESTS_STORY_INT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/text.h"
#include "base/tick.h"
#include "core/effects.h"
#include "core/gate.h"
#include "core/lists.h"
#include "core/policy.h"
#include "core/reason.h"

enum { WORDS_MAX = 96, TOLD_LISTS_MAX = 8, TOLD_ENTRIES_MAX = 16, TOLD_NAME_MAX = 80 };

/* A list as its line has it; the gate takes lists away, so each swap makes them anew. */
struct told_list {
	struct list list;
	char        queue[POLICY_NAME_MAX]; /* LIST_QUEUE: its name */
	char        entry[TOLD_ENTRIES_MAX][TOLD_NAME_MAX];
	unsigned    entries;
};

struct rules {
	struct policy    policy;
	struct told_list list[TOLD_LISTS_MAX];
	unsigned         lists;
};

struct story {
	const char    *path;
	unsigned       line;
	bool           has_title;
	struct rules   rules;
	struct rules   old; /* while reloading: those in force */
	bool           is_reloading;
	struct gate   *gate; /* made by the first timed step */
	struct mono    now;
	uint32_t       next_seq;
	struct effects fx; /* not told yet */
};

/* The words of one line; text in double quotes is one word. */
struct words {
	char    *at[WORDS_MAX];
	unsigned count;
};

struct end {
	struct addr addr;
	uint16_t    port;
	uint32_t    seq;
	bool        has_port;
};

static inline bool __attribute__((format(printf, 2, 3)))
fail(const struct story *s, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s:%u: ", s->path, s->line);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return false;
}

static inline bool split(struct story *s, char *text, struct words *w)
{
	w->count = 0;
	for (;;) {
		const char *stop = " \t\n";

		text += strspn(text, " \t\n");
		if (*text == '\0' || *text == '#')
			return true;
		if (*text == '"') {
			text++;
			stop = "\"";
		}
		if (w->count == WORDS_MAX)
			return fail(s, "more than %d words", WORDS_MAX);
		w->at[w->count++] = text;
		text += strcspn(text, stop);
		if (*text == '\0')
			return *stop == '"' ? fail(s, "a quote is not closed") : true;
		*text++ = '\0';
	}
}

static inline bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static inline bool read_verdict(const char *word, enum verdict *out)
{
	for (int v = VERDICT_ACCEPT; v < VERDICTS; v++) {
		if (is(word, verdict_name((enum verdict)v))) {
			*out = (enum verdict)v;
			return true;
		}
	}
	return false;
}

static inline bool read_reason(const char *word, enum reason *out)
{
	for (int r = 0; r < REASONS; r++) {
		if (is(word, reason_name((enum reason)r))) {
			*out = (enum reason)r;
			return true;
		}
	}
	return false;
}

static inline bool read_yes(const char *word, bool *out)
{
	*out = is(word, "yes");
	return *out || is(word, "no");
}

static inline bool read_span(const char *word, int64_t *ms)
{
	int64_t us;

	if (!span_parse(word, &us) || us % 1000 != 0)
		return false;
	*ms = us / 1000;
	return true;
}

/* --- addresses ------------------------------------------------------------- */

static inline bool find_named(const struct story *s, const char *name, struct addr *out)
{
	bool is_fake = strncmp(name, "fake", 4) == 0;
	const struct addr *list = is_fake ? s->rules.policy.fake : s->rules.policy.real;
	unsigned count = is_fake ? s->rules.policy.fakes : s->rules.policy.reals;
	enum addr_family family = ADDR_IP4;

	if (!is_fake && strncmp(name, "real", 4) != 0)
		return false;
	if (is(name + 4, "6"))
		family = ADDR_IP6;
	else if (name[4] != '\0')
		return false;
	for (unsigned i = 0; i < count; i++) {
		if (list[i].family == family) {
			*out = list[i];
			return true;
		}
	}
	return false;
}

static inline bool read_addr(const struct story *s, const char *text, struct addr *out)
{
	return find_named(s, text, out) || addr_parse(text, out);
}

/* ADDR, ADDR:PORT, ADDR:PORT/SEQ or [ADDR]:PORT/SEQ; `-` where nobody could read it. */
static inline bool read_end(const struct story *s, char *text, struct end *out)
{
	char *port = strchr(text, ':');
	char *close = strchr(text, ']');
	char *seq;
	uint64_t n;

	*out = (struct end){ 0 };
	if (is(text, "-"))
		return true;
	if (*text == '[' && close != NULL && close[1] == ':') {
		*close = '\0';
		port = close + 1;
		text++;
	} else if (port != NULL && strchr(port + 1, ':') != NULL) {
		port = NULL;
	}
	if (port != NULL) {
		*port++ = '\0';
		seq = strchr(port, '/');
		if (seq != NULL) {
			*seq++ = '\0';
			if (!text_number(seq, 0, UINT32_MAX, &n))
				return false;
			out->seq = (uint32_t)n;
		}
		if (!text_number(port, 0, UINT16_MAX, &n))
			return false;
		out->port = (uint16_t)n;
		out->has_port = true;
	}
	return read_addr(s, text, &out->addr);
}

#endif
