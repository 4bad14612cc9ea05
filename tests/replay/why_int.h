/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * why_int.h - what gate_explain() says, word by word as a story asks for it; private to
 * the player
 */
#ifndef TESTS_WHY_INT_H
#define TESTS_WHY_INT_H

#include "story_int.h"

enum { WHY_TEXT_MAX = 96 };

static inline const char *list_word(const struct story *s, uint16_t list)
{
	return list == LISTS_NONE ? "none" : lists_at(gate_lists(s->gate), list)->name;
}

static inline const char *queue_word(const struct story *s, uint8_t queue)
{
	return gate_policy(s->gate)->queue[queue].name;
}

static inline void show_span(int64_t ms, const char *zero, char *out)
{
	if (ms == 0)
		snprintf(out, WHY_TEXT_MAX, "%s", zero);
	else
		span_format(ms * 1000, out);
}

static inline void show_number(unsigned n, char *out)
{
	snprintf(out, WHY_TEXT_MAX, "%u", n);
}

static inline void show_word(const char *word, char *out)
{
	snprintf(out, WHY_TEXT_MAX, "%s", word[0] ? word : "none");
}

static inline bool show_text(const struct story *s, const struct knowledge *k,
			     const char *key, char *out)
{
	if (is(key, "state"))
		show_word(state_name(k->state), out);
	else if (is(key, "via"))
		show_word(k->has_entry ? via_name(k->via) : "none", out);
	else if (is(key, "used"))
		show_word(k->is_used ? "yes" : "no", out);
	else if (is(key, "proven"))
		show_word(k->is_proven ? "yes" : "no", out);
	else if (is(key, "queue"))
		show_word(queue_word(s, k->queue), out);
	else if (is(key, "list"))
		show_word(list_word(s, k->list), out);
	else if (is(key, "by-name"))
		show_word(k->is_listed_by_name ? "yes" : "no", out);
	else if (is(key, "name"))
		show_word(k->name, out);
	else if (is(key, "verdict"))
		show_word(verdict_name(k->decision.verdict), out);
	else if (is(key, "would"))
		show_word(verdict_name(k->decision.would), out);
	else if (is(key, "reason"))
		show_word(reason_name(k->decision.reason), out);
	else
		return false;
	return true;
}

/* What stands behind `key` in knowledge; false when there is no such key. */
static inline bool show_fact(const struct story *s, const struct knowledge *k,
			     const char *key, char *out)
{
	if (is(key, "source"))
		net_format(&k->source, out);
	else if (is(key, "bringer") && k->bringer.family != ADDR_NONE)
		addr_format(&k->bringer, out);
	else if (is(key, "bringer"))
		show_word("none", out);
	else if (is(key, "opens"))
		show_span(k->opens_ms, "now", out);
	else if (is(key, "closes"))
		show_span(k->closes_ms, "none", out);
	else if (is(key, "penalty"))
		show_span(k->penalty_ms, "none", out);
	else if (is(key, "connections"))
		show_number(k->connections, out);
	else if (is(key, "strikes"))
		show_number(k->strikes, out);
	else if (is(key, "whites"))
		show_number(k->whites, out);
	else if (is(key, "penalties"))
		show_number(k->penalties, out);
	else
		return show_text(s, k, key, out);
	return true;
}

/* SPAN why ADDR KEY=VALUE... */
static inline bool play_why(struct story *s, struct words *w)
{
	struct knowledge k;
	struct addr who;
	char got[WHY_TEXT_MAX];

	if (w->count < 4)
		return fail(s, "not: SPAN why ADDR KEY=VALUE...");
	if (!read_addr(s, w->at[2], &who))
		return fail(s, "bad address %s", w->at[2]);
	gate_explain(s->gate, &who, s->now, &k);
	for (unsigned i = 3; i < w->count; i++) {
		char *want = strchr(w->at[i], '=');

		if (want == NULL)
			return fail(s, "\"%s\" is not key=value", w->at[i]);
		*want++ = '\0';
		if (!show_fact(s, &k, w->at[i], got))
			return fail(s, "nobody knows a %s", w->at[i]);
		if (!is(want, got))
			return fail(s, "expected %s=%s, got %s", w->at[i], want, got);
	}
	return true;
}

#endif
