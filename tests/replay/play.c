/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * play.c - plays a story against the core and fails at the first line that is not so
 *
 * usage: play STORY...
 *
 * A story is a list of timed steps; README in this directory has the grammar. Every
 * wish of the core must be told: one that no line expects fails the story.
 */
#include <stdio.h>
#include <string.h>

#include "news_int.h"
#include "rules_int.h"
#include "story_int.h"
#include "why_int.h"

enum { LINE_BYTES_MAX = 4096, STORY_PORT = 40000 };

/* What a line says of a decision. */
struct wanted {
	enum verdict verdict;
	enum verdict would;
	enum reason  reason;
	bool         repeat;
	const char  *opens; /* NULL when the line does not say */
	const char  *closes;
	const char  *line;
	const char  *proof;
	const char  *queue;
	const char  *list;
};

/* --- packets --------------------------------------------------------------- */

/* Words 2 to 4 of a packet step: SRC -> DST. A source without port is a new attempt. */
static bool read_attempt(struct story *s, const struct words *w, enum attempt_shape shape,
			 struct attempt *out)
{
	struct end src, dst;

	if (w->count < 7 || !is(w->at[3], "->"))
		return fail(s, "not: SPAN %s SRC -> DST VERDICT REASON ...", w->at[1]);
	if (!read_end(s, w->at[2], &src))
		return fail(s, "bad source %s", w->at[2]);
	if (!read_end(s, w->at[4], &dst))
		return fail(s, "bad destination %s", w->at[4]);
	*out = (struct attempt){
		.shape = shape,
		.src = src.addr,
		.dst = dst.addr,
		.seq = src.has_port ? src.seq : s->next_seq++,
		.sport = src.has_port ? src.port : STORY_PORT,
		.dport = dst.has_port ? dst.port : s->rules.policy.smtp_port,
	};
	return true;
}

static bool read_wanted(struct story *s, const struct words *w, struct wanted *out)
{
	bool has_would = false;

	*out = (struct wanted){ 0 };
	if (!read_verdict(w->at[5], &out->verdict))
		return fail(s, "no such verdict: %s", w->at[5]);
	if (!read_reason(w->at[6], &out->reason))
		return fail(s, "no such reason: %s", w->at[6]);
	for (unsigned i = 7; i < w->count; i++) {
		const char *value = i + 1 < w->count ? w->at[i + 1] : "";

		if (is(w->at[i], "repeat")) {
			out->repeat = true;
			continue;
		}
		if (is(w->at[i], "opens"))
			out->opens = value;
		else if (is(w->at[i], "closes"))
			out->closes = value;
		else if (is(w->at[i], "line"))
			out->line = value;
		else if (is(w->at[i], "proof"))
			out->proof = value;
		else if (is(w->at[i], "queue"))
			out->queue = value;
		else if (is(w->at[i], "list"))
			out->list = value;
		else if (is(w->at[i], "would") && read_verdict(value, &out->would))
			has_would = true;
		else
			return fail(s, "no such word here: %s", w->at[i]);
		i++;
	}
	if (!has_would)
		out->would = out->verdict;
	return true;
}

static const char *showing_word(enum showing s)
{
	switch (s) {
	case SHOWING_ENOUGH:   return "enough";
	case SHOWING_NOTHING:  return "asked";
	case SHOWING_PATIENCE: return "missing";
	case SHOWING_PROOF:    return "shown";
	}
	return "unknown";
}

static bool check_span(struct story *s, const char *what, const char *want,
		       int64_t got_ms)
{
	char text[SPAN_TEXT_MAX];
	int64_t ms = 0;

	if (!is(want, "now") && !read_span(want, &ms))
		return fail(s, "bad span %s", want);
	if (ms != got_ms)
		return fail(s, "expected %s %s, got %s", what, want,
			    span_format(got_ms * 1000, text));
	return true;
}

static bool check_decision(struct story *s, const struct wanted *w,
			   const struct attempt *a, const struct decision *d)
{
	char line[GATE_LINE_MAX];

	if (d->verdict != w->verdict || d->reason != w->reason)
		return fail(s, "expected %s %s, got %s %s", verdict_name(w->verdict),
			    reason_name(w->reason), verdict_name(d->verdict),
			    reason_name(d->reason));
	if (d->would != w->would)
		return fail(s, "expected would %s, got would %s", verdict_name(w->would),
			    verdict_name(d->would));
	if (d->repeat != w->repeat)
		return fail(s, w->repeat ? "expected a repeat, got a new attempt"
					 : "expected a new attempt, got a repeat");
	if ((w->opens != NULL || w->closes != NULL) && !d->timed)
		return fail(s, "expected a recorded knock, got one that is not");
	if (w->opens != NULL && !check_span(s, "opens", w->opens, d->opens_ms))
		return false;
	if (w->closes != NULL && !check_span(s, "closes", w->closes, d->closes_ms))
		return false;
	if (!is(w->proof != NULL ? w->proof : "enough", showing_word(d->showing)))
		return fail(s, "expected proof %s, got %s",
			    w->proof != NULL ? w->proof : "enough",
			    showing_word(d->showing));
	if (w->queue != NULL && !is(w->queue, queue_word(s, d->queue)))
		return fail(s, "expected queue %s, got %s", w->queue,
			    queue_word(s, d->queue));
	if (w->list != NULL && !is(w->list, list_word(s, d->list)))
		return fail(s, "expected list %s, got %s", w->list,
			    list_word(s, d->list));
	if (w->line == NULL)
		return true;
	gate_line(s->gate, a, d, line, sizeof(line));
	if (!is(line, w->line))
		return fail(s, "expected line\n  %s\ngot\n  %s", w->line, line);
	return true;
}

static bool play_packet(struct story *s, const struct words *w, enum attempt_shape shape)
{
	struct attempt a;
	struct wanted want;
	struct decision d;

	if (!read_attempt(s, w, shape, &a) || !read_wanted(s, w, &want))
		return false;
	d = gate_judge(s->gate, &a, s->now, &s->fx);
	return check_decision(s, &want, &a, &d);
}

/* Which byte of the address tells neighbours apart, and which one is next. */
static const int crowd_bytes[2][2] = { { 2, 3 }, { 6, 7 } };
static const int neighbour_bytes[2][2] = { { 3, 2 }, { 7, 6 } };

/* SPAN crowd|neighbours COUNT FIRST -> DST VERDICT REASON: one attempt each, of as many
 * networks as can be, or of as few. */
static bool play_crowd(struct story *s, struct words *w)
{
	bool is_dense = is(w->at[1], "neighbours");
	struct attempt a;
	struct wanted want;
	const int *byte;
	uint64_t count;

	if (w->count < 8 || !text_number(w->at[2], 1, 1000000, &count))
		return fail(s, "not: SPAN %s COUNT SRC -> DST VERDICT REASON", w->at[1]);
	memmove(&w->at[2], &w->at[3], (w->count - 3) * sizeof(w->at[0]));
	w->count--;
	if (!read_attempt(s, w, ATTEMPT_SYN, &a) || !read_wanted(s, w, &want))
		return false;
	byte = (is_dense ? neighbour_bytes : crowd_bytes)[a.src.family == ADDR_IP6];
	for (uint64_t i = 0; i < count; i++) {
		struct decision d = gate_judge(s->gate, &a, s->now, &s->fx);

		if (!check_decision(s, &want, &a, &d))
			return fail(s, "number %u of the crowd", (unsigned)i + 1);
		a.seq = s->next_seq++;
		if (++a.src.byte[byte[0]] == 0)
			a.src.byte[byte[1]]++;
	}
	return true;
}

/* --- wishes, upkeep -------------------------------------------------------- */

static const char *effect_word(enum effect_kind kind)
{
	switch (kind) {
	case EFFECT_ASK_NAMES:
		return "asks names";
	case EFFECT_ADMITTED:
		return "admits";
	}
	return "unknown effect";
}

/* The first wish of that kind that nobody told yet. */
static bool take_effect(struct story *s, enum effect_kind kind, struct addr *out)
{
	for (unsigned i = 0; i < s->fx.count; i++) {
		if (s->fx.list[i].kind != kind)
			continue;
		*out = s->fx.list[i].who;
		s->fx.count--;
		memmove(&s->fx.list[i], &s->fx.list[i + 1],
			(s->fx.count - i) * sizeof(s->fx.list[0]));
		return true;
	}
	return false;
}

/* The wishes of one kind are those of the words from `from` on, or "nothing". */
static bool play_effects(struct story *s, const struct words *w, unsigned from,
			 enum effect_kind kind)
{
	char text[ADDR_TEXT_MAX];
	struct addr want, got;

	if (from >= w->count)
		return fail(s, "%s whom?", effect_word(kind));
	for (unsigned i = from; i < w->count && !is(w->at[from], "nothing"); i++) {
		if (!read_addr(s, w->at[i], &want))
			return fail(s, "bad address %s", w->at[i]);
		if (!take_effect(s, kind, &got))
			return fail(s, "expected: %s %s, got nothing", effect_word(kind),
				    w->at[i]);
		if (!addr_is_equal(&want, &got))
			return fail(s, "expected: %s %s, got %s", effect_word(kind),
				    w->at[i], addr_format(&got, text));
	}
	if (take_effect(s, kind, &got))
		return fail(s, "not told: %s %s", effect_word(kind),
			    addr_format(&got, text));
	return true;
}

/* SPAN asks names ADDR... | asks nothing | admits ADDR... | admits nothing */
static bool play_wishes(struct story *s, const struct words *w)
{
	if (is(w->at[1], "admits"))
		return play_effects(s, w, 2, EFFECT_ADMITTED);
	if (w->count > 3 && is(w->at[2], "names"))
		return play_effects(s, w, 3, EFFECT_ASK_NAMES);
	if (w->count == 3 && is(w->at[2], "nothing"))
		return play_effects(s, w, 2, EFFECT_ASK_NAMES);
	return fail(s, "not: SPAN asks names ADDR...");
}

static bool check_all_told(struct story *s)
{
	char text[ADDR_TEXT_MAX];

	if (s->fx.lost > 0)
		return fail(s, "%u effects did not fit", s->fx.lost);
	if (s->fx.count == 0)
		return true;
	return fail(s, "before this, not told: %s %s", effect_word(s->fx.list[0].kind),
		    addr_format(&s->fx.list[0].who, text));
}

/* Swaps to s->rules; `old` are in force again when they are refused, as they should. */
static bool swap(struct story *s, const struct rules *old, bool should_refuse)
{
	bool fine, is_taken;
	struct lists *lists = make_lists(s, &fine);

	if (!fine)
		return false;
	is_taken = gate_swap_policy(s->gate, &s->rules.policy, lists);
	if (!is_taken)
		lists_free(lists);
	if (is_taken == should_refuse)
		return fail(s, is_taken ? "expected a refused policy, got it accepted"
					: "expected a new policy, got it refused");
	if (should_refuse)
		s->rules = *old;
	return true;
}

/* SPAN policy KEY=VALUE... [refused] */
static bool play_swap(struct story *s, struct words *w)
{
	struct rules old = s->rules;
	bool refused = is(w->at[w->count - 1], "refused");

	return read_policy(s, w, 2, w->count - refused) && swap(s, &old, refused);
}

/* SPAN reload: the lines that follow without a time are all there is of queues, lists,
 * penalty and trust; they count from the next timed step on. */
static bool play_reload(struct story *s, struct words *w)
{
	struct rules *new = &s->rules;
	struct policy blank = policy_default();

	if (w->count != 2)
		return fail(s, "not: SPAN reload");
	s->old = s->rules;
	s->is_reloading = true;
	new->lists = 0;
	new->policy.queues = 1;
	new->policy.queue[0] = blank.queue[0];
	new->policy.penalty = blank.penalty;
	new->policy.trust = blank.trust;
	return true;
}

/* SPAN counts ENTRIES USED EVICTED [RECORDS] */
static bool play_counts(struct story *s, struct words *w)
{
	struct gate_counts c = gate_count(s->gate);
	char got[64], want[64], records[16] = "";

	if (w->count != 5 && w->count != 6)
		return fail(s, "not: SPAN counts ENTRIES USED EVICTED [RECORDS]");
	if (w->count == 6)
		snprintf(records, sizeof(records), " %u", c.records);
	snprintf(got, sizeof(got), "%u %u %llu%s", c.entries, c.used,
		 (unsigned long long)c.evicted, records);
	snprintf(want, sizeof(want), "%s %s %s%s%s", w->at[2], w->at[3], w->at[4],
		 w->count == 6 ? " " : "", w->count == 6 ? w->at[5] : "");
	return is(got, want) || fail(s, "expected counts %s, got %s", want, got);
}

/* --- the story ------------------------------------------------------------- */

typedef bool act_fn(struct story *s, struct words *w);

struct act {
	const char *word;
	act_fn     *play;
};

static bool play_expire(struct story *s, struct words *w)
{
	if (w->count != 2)
		return fail(s, "not: SPAN expire");
	gate_expire(s->gate, s->now, s->rules.policy.entries_max);
	return true;
}

static bool play_act(struct story *s, struct words *w)
{
	static const char *const shapes[] = {
		[ATTEMPT_SYN] = "syn",
		[ATTEMPT_NOT_A_SYN] = "not-a-syn",
		[ATTEMPT_MALFORMED] = "malformed",
		[ATTEMPT_UNREADABLE] = "unreadable",
	};
	static const char *const votes[] = {
		[VOTE_BLACK] = "black",
		[VOTE_WHITE] = "white",
		[VOTE_FORGET] = "forget",
	};
	static const struct act acts[] = {
		{ "named", play_named },   { "nameless", play_nameless },
		{ "policy", play_swap },   { "reload", play_reload },
		{ "counts", play_counts }, { "expire", play_expire },
		{ "why", play_why },       { "proof", play_proof },
		{ "crowd", play_crowd },   { "neighbours", play_crowd },
	};
	const char *act = w->at[1];

	for (unsigned i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (is(act, shapes[i]))
			return play_packet(s, w, (enum attempt_shape)i);
	for (unsigned i = 0; i < sizeof(votes) / sizeof(votes[0]); i++)
		if (is(act, votes[i]))
			return play_vote(s, w, (enum vote_kind)i);
	for (unsigned i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		if (is(act, acts[i].word))
			return acts[i].play(s, w);
	return fail(s, "no such step: %s", act);
}

/* What was told before this step comes into force: the first rules, or a reload's. */
static bool settle(struct story *s)
{
	static const uint8_t key[GATE_KEY_BYTES] = "a story's secret";
	struct lists *lists;
	bool fine;

	if (s->gate != NULL && !s->is_reloading)
		return true;
	if (s->gate != NULL) {
		s->is_reloading = false;
		return swap(s, &s->old, false);
	}
	lists = make_lists(s, &fine);
	if (!fine)
		return false;
	s->gate = gate_new(&s->rules.policy, lists, key);
	if (s->gate != NULL)
		return true;
	lists_free(lists);
	return fail(s, "no gate: out of memory, or not such a policy");
}

static bool play_step(struct story *s, struct words *w)
{
	struct mono now;

	if (!read_span(w->at[0], &now.ms))
		return fail(s, "not a step: %s", w->at[0]);
	if (w->count < 2)
		return fail(s, "a time without a step");
	if (!mono_reached(now, s->now))
		return fail(s, "time runs backwards");
	if (!settle(s))
		return false;
	if (is(w->at[1], "asks") || is(w->at[1], "admits"))
		return now.ms == s->now.ms ? play_wishes(s, w)
					   : fail(s, "not the time of the step before");
	if (!check_all_told(s))
		return false;
	s->now = now;
	return play_act(s, w);
}

static bool play_line(struct story *s, char *text)
{
	struct words w;

	if (strncmp(text, "story ", 6) == 0) {
		s->has_title = true;
		return true;
	}
	if (!split(s, text, &w))
		return false;
	if (w.count == 0)
		return true;
	if (!s->has_title)
		return fail(s, "a story begins with: story TEXT");
	if (!is_rule(w.at[0]))
		return play_step(s, &w);
	if (s->gate != NULL && !s->is_reloading)
		return fail(s, "after the first step rules need their time");
	return read_rule(s, &w);
}

static bool play_story(const char *path)
{
	char text[LINE_BYTES_MAX];
	struct story s = { .path = path, .next_seq = 1000 };
	FILE *file = fopen(path, "r");
	bool fine = true;

	if (file == NULL)
		return fail(&s, "cannot be opened");
	s.rules.policy = policy_default();
	/* Small, so that a story can fill it. */
	s.rules.policy.entries_max = POLICY_ENTRIES_MIN;
	while (fine && fgets(text, sizeof(text), file) != NULL) {
		s.line++;
		fine = play_line(&s, text);
	}
	fclose(file);
	if (fine && s.gate == NULL)
		fine = fail(&s, "a story without steps");
	fine = fine && check_all_told(&s);
	gate_free(s.gate);
	return fine;
}

int main(int argc, char **argv)
{
	bool fine = argc > 1;

	if (argc < 2)
		fprintf(stderr, "usage: play STORY...\n");
	for (int i = 1; i < argc; i++)
		fine = play_story(argv[i]) && fine;
	return fine ? 0 : 1;
}
