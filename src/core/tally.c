/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tally.c - follow each source from its refusal to what it turns out to be
 */
#include "core/tally_int.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(REASONS <= 16, "struct followed has a bit for each");

const char *tally_good_name(enum tally_good how)
{
	switch (how) {
	case TALLY_NOT_GOOD:
		return "none";
	case TALLY_KNOCKED:
		return "knocked";
	case TALLY_RETRIED:
		return "retried";
	case TALLY_PRAISED:
		return "praised";
	case TALLY_LISTED:
		return "listed";
	}
	return "unknown";
}

static unsigned at_most(unsigned bits, unsigned max)
{
	return bits < max ? bits : max;
}

struct tally *tally_new(const struct policy *p, const uint8_t key[GATE_KEY_BYTES],
			struct mono now)
{
	struct tally *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	cutter_init(&t->cutter, p->prefix4, p->prefix6, key);
	if (!shelves_make(t, at_most(p->entries_max / 4, TALLY_SOURCES_MAX))) {
		free(t);
		return NULL;
	}
	cutter_init(&t->networks, at_most(p->prefix4, TALLY_NETWORK4),
		    at_most(p->prefix6, TALLY_NETWORK6), key);
	t->made = now;
	t->totals.since = now;
	t->totals.observe = p->observe;
	return t;
}

void tally_free(struct tally *t)
{
	if (!t)
		return;
	free(t->memory);
	free(t);
}

static void begin_anew(struct tally *t, bool observe, struct mono now)
{
	shelves_clear(t);
	memset(t->delays, 0, sizeof(t->delays));
	t->totals = (struct tally_totals){ .since = now, .observe = observe };
}

bool followed_is_refused(const struct followed *f)
{
	return f->reasons != 0;
}

bool followed_is_hurt(const struct followed *f)
{
	return followed_is_refused(f) && !(f->flags & FOLLOWED_BLACK) &&
	       f->how != TALLY_NOT_GOOD;
}

bool followed_is_stuck(const struct followed *f)
{
	return !(f->flags & FOLLOWED_BLACK) && f->knocks >= TALLY_STUCK_KNOCKS &&
	       moment_ms(f->last_knock) - moment_ms(f->first_knock) >= TALLY_STUCK_MS;
}

/* In whole seconds: a SYN is not repeated sooner. */
static unsigned step_of(int64_t ms)
{
	uint32_t seconds = (uint32_t)((ms + 999) / 1000);
	unsigned power;

	if (seconds < TALLY_PRECISION)
		return seconds;
	power = 31 - (unsigned)__builtin_clz(seconds);
	return (power - 3) * TALLY_PRECISION + (seconds >> (power - 4)) % TALLY_PRECISION;
}

/* The longest delay in a step. */
static int64_t end_of(unsigned step)
{
	int64_t seconds = step;

	if (step >= TALLY_PRECISION)
		seconds = ((TALLY_PRECISION + step % TALLY_PRECISION + INT64_C(1))
			   << (step / TALLY_PRECISION - 1)) -
			  1;
	return seconds * 1000;
}

/* Takes what the source counts for out of the totals (-1), or puts it in (+1). */
static void weigh(struct tally *t, const struct followed *f, int sign)
{
	uint64_t one = (uint64_t)(int64_t)sign;

	if (!followed_is_refused(f))
		return;
	t->totals.refused += one;
	if (f->flags & FOLLOWED_BLACK)
		t->totals.black += one;
	if (!followed_is_hurt(f))
		return;
	t->totals.good[f->how] += one;
	if (f->flags & FOLLOWED_LET_IN)
		t->delays[step_of(moment_ms(f->wait))] += one;
}

/* The first proof stays. */
static void prove(struct followed *f, enum tally_good how)
{
	if (f->how == TALLY_NOT_GOOD)
		f->how = (uint8_t)how;
}

/* Times here and below are since the tally was made. */
static void note_knock(struct followed *f, int64_t ms)
{
	if (followed_is_refused(f))
		f->flags |= FOLLOWED_KNOCKED;
	if (f->knocks > 0 && ms - moment_ms(f->last_knock) < TALLY_TRY_MS)
		return;
	f->last_knock = moment_of(ms);
	if (f->knocks == 0)
		f->first_knock = f->last_knock;
	f->knocks += f->knocks < UINT16_MAX;
}

static void note_refusal(struct tally *t, struct followed *f, enum reason reason,
			 int64_t ms)
{
	if (!followed_is_refused(f))
		f->wait = moment_of(ms);
	f->refused += f->refused < UINT32_MAX;
	if (!(f->reasons >> reason & 1))
		t->totals.refused_by[reason]++;
	f->reasons |= (uint16_t)(1U << reason);
}

static void note_let_in(struct followed *f, enum tally_good how, int64_t delay_ms)
{
	if (how == TALLY_LISTED)
		f->flags &= (uint8_t)~FOLLOWED_BLACK;
	if (!followed_is_refused(f))
		return;
	if (!(f->flags & FOLLOWED_LET_IN))
		f->wait = moment_of(delay_ms < UINT32_MAX ? delay_ms : UINT32_MAX);
	f->flags |= FOLLOWED_LET_IN;
	if (!(f->flags & FOLLOWED_BLACK))
		prove(f, how);
}

/* What an attempt means here. */
enum event {
	EVENT_NONE, /* no attempt at one of our addresses, or a repetition */
	EVENT_KNOCK,
	EVENT_SHUNNED, /* at the fake MX, by one who is denied or under penalty */
	EVENT_REFUSED, /* at the real MX, from here on */
	EVENT_LET_IN,
};

static enum event event_of(const struct attempt *a, const struct decision *d,
			   const struct policy *p)
{
	if (d->repeat)
		return EVENT_NONE;
	switch (d->reason) {
	case REASON_NOT_A_SYN:
	case REASON_MALFORMED:
	case REASON_OTHER_DESTINATION:
	case REASON_UNSURE:
		return EVENT_NONE;
	case REASON_KNOCK:
		return EVENT_KNOCK;
	case REASON_LISTED_ALLOW:
		return policy_is_fake(p, &a->dst) ? EVENT_KNOCK : EVENT_LET_IN;
	case REASON_LISTED_DENY:
	case REASON_PENALTY:
		return policy_is_fake(p, &a->dst) ? EVENT_SHUNNED : EVENT_REFUSED;
	case REASON_OPEN:
		return EVENT_LET_IN;
	case REASON_PAUSING:
	case REASON_SPENT:
	case REASON_FIRST_TRY:
	case REASON_NO_KNOCK:
		return EVENT_REFUSED;
	}
	return EVENT_NONE;
}

static enum tally_good proof_of(const struct followed *f, const struct decision *d)
{
	if (d->reason == REASON_LISTED_ALLOW)
		return TALLY_LISTED;
	return f->flags & FOLLOWED_KNOCKED ? TALLY_KNOCKED : TALLY_RETRIED;
}

static void note(struct tally *t, const struct source *s, const struct decision *d,
		 enum event event, struct mono now)
{
	int64_t ms = now.ms - t->made.ms;
	bool is_new;
	struct followed *f = shelf_follow(t, s, now, &is_new);

	t->totals.attempts++;
	t->totals.sources += is_new;
	weigh(t, f, -1);
	if (event == EVENT_KNOCK)
		note_knock(f, ms);
	if (event == EVENT_REFUSED)
		note_refusal(t, f, d->reason, ms);
	if (event == EVENT_LET_IN)
		note_let_in(f, proof_of(f, d), ms - moment_ms(f->wait));
	if (event == EVENT_REFUSED || event == EVENT_LET_IN) {
		f->flags |= FOLLOWED_CAME;
		f->knocks = 0;
	}
	weigh(t, f, +1);
	if (f->knocks > 1 || followed_is_hurt(f))
		shelf_make_precious(t, s, f);
}

void tally_note(struct tally *t, const struct attempt *a, const struct decision *d,
		const struct policy *p, struct mono now)
{
	enum event event = event_of(a, d, p);
	struct source s;

	if (p->observe != t->totals.observe)
		begin_anew(t, p->observe, now);
	if (event == EVENT_NONE)
		return;
	s = cutter_source(&t->cutter, &a->src);
	note(t, &s, d, event, now);
}

void tally_note_batch(struct tally *t, const struct gate_batch *b, const struct policy *p,
		      struct mono now)
{
	struct source source[GATE_BATCH_MAX];
	enum event event[GATE_BATCH_MAX];

	if (p->observe != t->totals.observe)
		begin_anew(t, p->observe, now);
	for (unsigned i = 0; i < b->count; i++) {
		event[i] = event_of(&b->attempts[i], &b->decisions[i], p);
		if (event[i] != EVENT_NONE)
			source[i] = cutter_source(&t->cutter, &b->attempts[i].src);
	}
	for (unsigned i = 0; i < b->count; i++)
		if (event[i] != EVENT_NONE)
			shelf_fetch(t, &source[i]);
	for (unsigned i = 0; i < b->count; i++)
		if (event[i] != EVENT_NONE)
			shelf_fetch_followed(t, &source[i]);
	for (unsigned i = 0; i < b->count; i++)
		if (event[i] != EVENT_NONE)
			note(t, &source[i], &b->decisions[i], event[i], now);
}

void tally_note_vote(struct tally *t, const struct vote *v, enum vote_outcome outcome)
{
	bool is_white = v->kind == VOTE_WHITE &&
			(outcome == VOTE_COUNTED || outcome == VOTE_TRUSTED);
	bool is_black = v->kind == VOTE_BLACK &&
			(outcome == VOTE_COUNTED || outcome == VOTE_PENALISED);
	struct followed *f;
	struct source s;

	if (!is_white && !is_black)
		return;
	s = cutter_source(&t->cutter, &v->who);
	f = shelf_find(t, &s);
	if (!f)
		return;
	weigh(t, f, -1);
	if (is_black) {
		f->flags |= FOLLOWED_BLACK;
		f->how = TALLY_NOT_GOOD;
	} else {
		f->flags &= (uint8_t)~FOLLOWED_BLACK;
		if (followed_is_refused(f))
			prove(f, TALLY_PRAISED);
	}
	weigh(t, f, +1);
}

void tally_note_opening(struct tally *t, const struct addr *who, enum tally_good how,
			struct mono now)
{
	struct source s = cutter_source(&t->cutter, who);
	struct followed *f = shelf_find(t, &s);
	int64_t delay_ms;

	if (!f || !followed_is_refused(f) || (f->flags & FOLLOWED_LET_IN))
		return;
	delay_ms = now.ms - t->made.ms - moment_ms(f->wait);
	if (delay_ms > TALLY_PATIENCE_MS)
		return;
	weigh(t, f, -1);
	note_let_in(f, how, delay_ms > TALLY_REPEAT_MS ? delay_ms : TALLY_REPEAT_MS);
	weigh(t, f, +1);
}

void tally_note_name(struct tally *t, const struct heard *h)
{
	struct source s = cutter_source(&t->cutter, &h->who);
	struct followed *f = shelf_find(t, &s);

	for (unsigned i = 0; f && i < h->count; i++) {
		struct source other = cutter_source(&t->cutter, &h->siblings[i]);
		const struct followed *o = shelf_find(t, &other);

		if (o && o != f && (o->flags & FOLLOWED_CAME))
			f->knocks = 0;
	}
}

/* The delay that `rank` of them do not exceed. */
static int64_t delay_at(const struct tally *t, uint64_t rank)
{
	uint64_t passed = 0;

	for (unsigned i = 0; i < TALLY_STEPS; i++) {
		passed += t->delays[i];
		if (passed >= rank)
			return end_of(i);
	}
	return 0;
}

struct tally_totals tally_total(const struct tally *t)
{
	struct tally_totals out = t->totals;

	for (unsigned i = 0; i < TALLY_STEPS; i++)
		out.delays += t->delays[i];
	if (out.delays > 0) {
		out.median_ms = delay_at(t, (out.delays + 1) / 2);
		out.p95_ms = delay_at(t, (out.delays * 95 + 99) / 100);
	}
	return out;
}
