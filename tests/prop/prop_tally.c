/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prop_tally.c - the tally against a diary that is read again from the start
 *
 * usage: prop_tally [SEED [EVENTS]], or $SEED. Few sources in few networks, so that they
 * come again. What differs is printed with the seed that shows it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/tally.h"

#include "random.h"

enum { SOURCES = 60, NETS = 20, EVENTS = 400, ROUNDS = 300, EVENTS_MAX = 100000 };

enum what { KNOCK, SHUNNED, REFUSED, OPENED, ALLOWED, WHITE, BLACK, OPENING, WHATS };

struct entry {
	int64_t  ms;
	uint32_t source;
	enum what   what;
	enum reason reason;
};

/* What the diary says of a source. */
struct found {
	bool     seen, refused, black, good, let_in, stuck, knocked;
	int64_t  refused_ms, delay_ms;
	uint32_t attempts, refusals, knocks;
	int64_t  first_ms, last_ms;
	enum tally_good how;
	uint32_t reasons;
};

static struct entry diary[EVENTS_MAX];
static unsigned     written;

/* A third of them IPv6; three in each network. */
static struct addr addr_of(uint32_t source)
{
	uint32_t net = source % NETS, host = source / NETS;
	uint8_t bytes[16] = { 198, 51, (uint8_t)net, (uint8_t)(7 + host) };

	if (net % 3 != 0)
		return addr_from_bytes(ADDR_IP4, bytes);
	bytes[0] = 0x20;
	bytes[1] = 0x01;
	bytes[7] = (uint8_t)host;
	bytes[15] = 9; /* behind the prefix */
	bytes[2] = 0;
	bytes[5] = (uint8_t)net;
	bytes[3] = 0;
	return addr_from_bytes(ADDR_IP6, bytes);
}

static void prove(struct found *f, enum tally_good how)
{
	if (f->refused && !f->black && !f->good) {
		f->good = true;
		f->how = how;
	}
}

static void let_in(struct found *f, enum tally_good how, int64_t delay_ms)
{
	if (f->refused && !f->let_in) {
		f->let_in = true;
		f->delay_ms = delay_ms;
	}
	prove(f, how);
}

static void read_attempt(struct found *f, const struct entry *e)
{
	f->seen = true;
	f->attempts++;
	if (e->what == KNOCK) {
		f->knocked |= f->refused;
		if (f->knocks == 0)
			f->first_ms = e->ms;
		if (f->knocks == 0 || e->ms - f->last_ms >= 60000) {
			f->last_ms = e->ms;
			f->knocks++;
		}
	} else if (e->what != SHUNNED) {
		f->knocks = 0;
	}
	if (e->what == REFUSED) {
		if (!f->refused)
			f->refused_ms = e->ms;
		f->refused = true;
		f->refusals++;
		f->reasons |= 1U << e->reason;
	} else if (e->what == OPENED) {
		let_in(f, f->knocked ? TALLY_KNOCKED : TALLY_RETRIED,
		       e->ms - f->refused_ms);
	} else if (e->what == ALLOWED) {
		f->black = false;
		let_in(f, TALLY_LISTED, e->ms - f->refused_ms);
	}
}

static void read_entry(struct found *f, const struct entry *e)
{
	int64_t since = e->ms - f->refused_ms;

	switch (e->what) {
	case WHITE:
		f->black = f->black && !f->seen; /* nobody votes for the unknown */
		prove(f, TALLY_PRAISED);
		break;
	case BLACK:
		f->black = f->seen;
		f->good = f->good && !f->seen;
		break;
	case OPENING:
		if (f->refused && !f->let_in && since <= 30000)
			let_in(f, TALLY_RETRIED, since > 1000 ? since : 1000);
		break;
	case KNOCK:
	case SHUNNED:
	case REFUSED:
	case OPENED:
	case ALLOWED:
	case WHATS:
		read_attempt(f, e);
		break;
	}
}

static struct found read_diary(uint32_t source)
{
	struct found f = { .seen = false };

	for (unsigned i = 0; i < written; i++)
		if (diary[i].source == source)
			read_entry(&f, &diary[i]);
	f.stuck = !f.black && f.knocks >= 3 && f.last_ms - f.first_ms >= 7200000;
	return f;
}

/* --- what happens -------------------------------------------------------------- */

static enum reason reason_for(enum what what, uint64_t random)
{
	static const enum reason refusals[] = {
		REASON_PAUSING, REASON_SPENT, REASON_FIRST_TRY,
		REASON_NO_KNOCK, REASON_PENALTY, REASON_LISTED_DENY,
	};

	if (what == KNOCK)
		return random % 4 == 0 ? REASON_LISTED_ALLOW : REASON_KNOCK;
	if (what == SHUNNED)
		return random % 2 == 0 ? REASON_LISTED_DENY : REASON_PENALTY;
	if (what == REFUSED)
		return refusals[random % 6];
	return what == OPENED ? REASON_OPEN : REASON_LISTED_ALLOW;
}

static void tell_attempt(struct tally *t, const struct policy *p, const struct entry *e,
			 uint64_t random)
{
	bool to_fake = e->what == KNOCK || e->what == SHUNNED;
	struct attempt a = { .shape = ATTEMPT_SYN,
			     .src = addr_of(e->source),
			     .dst = to_fake ? p->fake[0] : p->real[0] };
	struct decision d = { .reason = e->reason };
	struct gate_batch b = { &a, &d, 1 };

	if (random % 2)
		tally_note(t, &a, &d, p, (struct mono){ e->ms });
	else
		tally_note_batch(t, &b, p, (struct mono){ e->ms });
	d.repeat = true;
	if (random % 3 == 0)
		tally_note(t, &a, &d, p, (struct mono){ e->ms });
}

static void tell(struct tally *t, const struct policy *p, const struct entry *e,
		 uint64_t random)
{
	struct vote v = { .kind = e->what == WHITE ? VOTE_WHITE : VOTE_BLACK,
			  .who = addr_of(e->source) };

	if (e->what == OPENING)
		tally_note_opening(t, &v.who, TALLY_RETRIED, (struct mono){ e->ms });
	else if (e->what == WHITE || e->what == BLACK)
		tally_note_vote(t, &v, VOTE_COUNTED);
	else
		tell_attempt(t, p, e, random);
}

/* --- what must be -------------------------------------------------------------- */

struct sums {
	struct tally_totals totals;
	uint32_t stuck;
	int64_t  delay[SOURCES];
	struct tally_network net[NETS];
};

static void add(struct sums *s, const struct found *f, uint32_t source)
{
	struct tally_network *n = &s->net[source % NETS];
	bool is_hurt = f->good && !f->black;

	s->totals.attempts += f->attempts;
	s->totals.sources += f->seen;
	s->totals.refused += f->refused;
	s->totals.black += f->refused && f->black;
	if (is_hurt)
		s->totals.good[f->how]++;
	if (is_hurt && f->let_in)
		s->delay[s->totals.delays++] = f->delay_ms;
	for (unsigned r = 0; r < REASONS; r++)
		s->totals.refused_by[r] += f->reasons >> r & 1;
	s->stuck += f->stuck;
	n->good += is_hurt;
	n->stuck += f->stuck;
	n->sources += is_hurt || f->stuck;
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int most_first(const void *a, const void *b)
{
	const struct tally_network *x = a, *y = b;

	return (x->sources < y->sources) - (x->sources > y->sources);
}

static bool is_near(int64_t told, int64_t exact)
{
	int64_t seconds = (exact + 999) / 1000;

	return told >= exact && told / 1000 - seconds <= seconds / TALLY_PRECISION;
}

static const char *totals_differ(const struct tally_totals *got, struct sums *s)
{
	const struct tally_totals *want = &s->totals;

	if (got->attempts != want->attempts || got->sources != want->sources)
		return "attempts or sources";
	if (got->refused != want->refused || got->black != want->black)
		return "refused or black";
	for (unsigned i = 0; i < TALLY_GOODS; i++)
		if (got->good[i] != want->good[i])
			return "good";
	for (unsigned i = 0; i < REASONS; i++)
		if (got->refused_by[i] != want->refused_by[i])
			return "refused by reason";
	if (got->delays != want->delays)
		return "delays";
	if (got->delays == 0)
		return NULL;
	qsort(s->delay, got->delays, sizeof(s->delay[0]), compare);
	if (!is_near(got->median_ms, s->delay[(got->delays + 1) / 2 - 1]))
		return "median";
	return is_near(got->p95_ms, s->delay[(got->delays * 95 + 99) / 100 - 1]) ? NULL
										  : "p95";
}

/* Each source that is told is as it should be, and none is missing. */
static const char *sources_differ(const struct tally_source *list, uint32_t count,
				  const struct found *found, bool is_stuck)
{
	uint32_t wanted = 0;

	for (uint32_t i = 0; i < SOURCES; i++)
		wanted += is_stuck ? found[i].stuck : found[i].good && !found[i].black;
	if (wanted != count)
		return is_stuck ? "number of stuck" : "number of hurt";
	for (uint32_t i = 0; i < count; i++) {
		const struct tally_source *s = &list[i];
		const struct found *f = NULL;

		for (uint32_t n = 0; n < SOURCES; n++) {
			struct addr a = addr_of(n);

			a = addr_mask(&a, s->source.bits);
			if (addr_is_equal(&a, &s->source.addr))
				f = &found[n];
		}
		if (!f || s->refused != f->refusals || s->knocks != f->knocks)
			return "a source";
		if (is_stuck ? !f->stuck || s->first_knock.ms != f->first_ms ||
				       s->last_knock.ms != f->last_ms
			     : f->how != s->how || s->has_delay != f->let_in ||
				       (f->let_in && s->delay_ms != f->delay_ms))
			return "what is told of a source";
		if (i > 0 && (is_stuck ? s[-1].knocks < s->knocks
				       : s[-1].refused < s->refused))
			return "the order of sources";
	}
	return NULL;
}

static const char *networks_differ(const struct tally_report *r, struct sums *s)
{
	qsort(s->net, NETS, sizeof(s->net[0]), most_first);
	for (unsigned i = 0; i < TALLY_NETWORKS; i++) {
		if (s->net[i].sources == 0)
			return r->networks == i ? NULL : "number of networks";
		if (i >= r->networks || r->network[i].sources != s->net[i].sources)
			return "a network";
	}
	return r->networks == TALLY_NETWORKS ? NULL : "number of networks";
}

static const char *report_differs(const struct tally *t)
{
	struct tally_report *r = calloc(1, sizeof(*r));
	struct sums s = { .stuck = 0 };
	struct found found[SOURCES];
	const char *what = NULL;

	if (!r)
		return "no memory";
	for (uint32_t i = 0; i < SOURCES; i++) {
		found[i] = read_diary(i);
		add(&s, &found[i], i);
	}
	while (tally_look(t, r, 7))
		;
	what = totals_differ(&r->totals, &s);
	if (!what && r->stuck != s.stuck)
		what = "stuck";
	if (!what)
		what = sources_differ(r->hurt, r->hurts, found, false);
	if (!what)
		what = sources_differ(r->stuck_source, r->stucks, found, true);
	if (!what)
		what = networks_differ(r, &s);
	free(r);
	return what;
}

static const char *round_differs(uint64_t *state, unsigned events)
{
	static const uint8_t key[GATE_KEY_BYTES] = { 5 };
	static const int64_t gaps[] = { 3, 500, 20000, 400000, 4000000 };
	struct policy p = policy_default();
	int64_t now = (int64_t)(next(state) % 1000000);
	uint32_t sources = 1 + (uint32_t)(next(state) % SOURCES);
	const char *what = NULL;
	struct tally *t;

	p.entries_max = 40000; /* nobody has to make room */
	p.fakes = p.reals = 1;
	(void)addr_parse("192.0.2.3", &p.fake[0]);
	(void)addr_parse("192.0.2.4", &p.real[0]);
	t = tally_new(&p, key, (struct mono){ now });
	for (written = 0; t && !what && written < events;) {
		struct entry *e = &diary[written++];

		now += next(state) % 4 ? (int64_t)(next(state) %
						   (uint64_t)gaps[next(state) % 5])
				       : 30000; /* the bounds are multiples of it */
		e->ms = now;
		e->source = (uint32_t)(next(state) % sources);
		e->what = next(state) % 2 ? KNOCK : (enum what)(next(state) % WHATS);
		e->reason = reason_for(e->what, next(state));
		tell(t, &p, e, next(state));
		if (written % 100 == 0 || written == events)
			what = report_differs(t);
	}
	tally_free(t);
	return what;
}

int main(int argc, char **argv)
{
	uint64_t seed = seed_of(argc, argv);
	unsigned events = count_of(argc, argv, EVENTS);
	uint64_t state = seed;

	if (events > EVENTS_MAX)
		events = EVENTS_MAX;
	for (unsigned i = 0; i < ROUNDS; i++) {
		const char *what = round_differs(&state, events);

		if (!what)
			continue;
		printf("round %u, event %u: %s differs; again with: prop_tally %" PRIu64
		       " %u\n", i, written, what, seed, events);
		return 1;
	}
	printf("tally: %d rounds of %u events, seed %" PRIu64 "\n", ROUNDS, events, seed);
	return 0;
}
