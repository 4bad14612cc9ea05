/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * news_int.h - what a story says that others said: the resolver's names, the filters'
 * votes; private to the player
 */
#ifndef TESTS_NEWS_INT_H
#define TESTS_NEWS_INT_H

#include "story_int.h"

static inline const char *proven_word(enum proven p)
{
	switch (p) {
	case PROVEN_NOBODY: return "nobody";
	case PROVEN_BEFORE: return "before";
	case PROVEN_NOW:    return "now";
	}
	return "no such outcome";
}

/* SPAN proof WHO OUTCOME [line "..."] */
static inline bool play_proof(struct story *s, struct words *w)
{
	struct addr who;
	struct decision d;
	char line[GATE_LINE_MAX];
	const char *got;

	if (w->count != 4 && (w->count != 6 || !is(w->at[4], "line")))
		return fail(s, "not: SPAN proof WHO OUTCOME [line TEXT]");
	if (!read_addr(s, w->at[2], &who))
		return fail(s, "bad address %s", w->at[2]);
	got = proven_word(gate_prove(s->gate, &who, s->now, &d, &s->fx));
	if (!is(w->at[3], got))
		return fail(s, "expected %s, got %s", w->at[3], got);
	if (w->count != 6)
		return true;
	gate_proven_line(s->gate, &who, &d, line, sizeof(line));
	return is(w->at[5], line) ||
	       fail(s, "expected line\n  %s\ngot\n  %s", w->at[5], line);
}

/* SPAN named WHO NAME = ADDR... [more] */
static inline bool play_named(struct story *s, struct words *w)
{
	struct addr list[WORDS_MAX];
	struct heard h = { .siblings = list, .is_final = true };

	if (w->count < 5 || !is(w->at[4], "="))
		return fail(s, "not: SPAN named WHO NAME = ADDR...");
	if (!read_addr(s, w->at[2], &h.who))
		return fail(s, "bad address %s", w->at[2]);
	h.name = w->at[3];
	for (unsigned i = 5; i < w->count; i++) {
		if (i + 1 == w->count && is(w->at[i], "more"))
			h.is_final = false;
		else if (!read_addr(s, w->at[i], &list[h.count++]))
			return fail(s, "bad address %s", w->at[i]);
	}
	gate_hear_name(s->gate, &h, s->now, &s->fx);
	return true;
}

/* SPAN nameless WHO */
static inline bool play_nameless(struct story *s, struct words *w)
{
	struct heard h = { .is_final = true };

	if (w->count != 3 || !read_addr(s, w->at[2], &h.who))
		return fail(s, "not: SPAN nameless WHO");
	gate_hear_name(s->gate, &h, s->now, &s->fx);
	return true;
}

static inline const char *outcome_word(enum vote_outcome o)
{
	switch (o) {
	case VOTE_COUNTED:   return "counted";
	case VOTE_PENALISED: return "penalised";
	case VOTE_TRUSTED:   return "trusted";
	case VOTE_FORGOTTEN: return "forgotten";
	case VOTE_UNKNOWN:   return "unknown";
	case VOTE_LISTED:    return "listed";
	}
	return "no such outcome";
}

/* SPAN black|white|forget WHO OUTCOME [for SPAN]; WHO may be "penalties" or "all". */
static inline bool play_vote(struct story *s, const struct words *w, enum vote_kind kind)
{
	struct vote v = { .kind = kind };
	const char *got;

	if (w->count != 4 && (w->count != 6 || !is(w->at[4], "for")))
		return fail(s, "not: SPAN %s WHO OUTCOME [for SPAN]", w->at[1]);
	if (kind == VOTE_FORGET && is(w->at[2], "penalties"))
		v.kind = VOTE_FORGET_PENALTIES;
	else if (kind == VOTE_FORGET && is(w->at[2], "all"))
		v.kind = VOTE_FORGET_ALL;
	else if (!read_addr(s, w->at[2], &v.who))
		return fail(s, "bad address %s", w->at[2]);
	if (w->count == 6 && !read_span(w->at[5], &v.for_ms))
		return fail(s, "bad span %s", w->at[5]);
	got = outcome_word(gate_count_vote(s->gate, &v, s->now));
	return is(w->at[3], got) || fail(s, "expected %s, got %s", w->at[3], got);
}

#endif
