/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prop_gate.c - the gate decides as its stupid twin does, whatever happens
 *
 * usage: prop_gate [SEED [OPERATIONS]]; SEED also from the environment. Prints the seed
 * on failure. Every round has a policy and a gate of its own; odd rounds overflow the
 * table.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "twin_int.h"

enum { ROUND_OPERATIONS = 10000, DEFAULT_OPERATIONS = 300000, NAMES_MAX = 12 };

struct run {
	uint64_t     seed;
	uint64_t     random;
	uint64_t     done; /* operations */
	int64_t      now;
	uint32_t     next_seq;
	unsigned     universe; /* how many addresses there are */
	bool         overflows;
	struct gate *gate;
	struct twin  twin;
};

/* splitmix64 */
static uint64_t draw(struct run *r)
{
	uint64_t z = (r->random += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static unsigned below(struct run *r, unsigned limit)
{
	return (unsigned)(draw(r) % limit);
}

static bool fail(const struct run *r, const char *what)
{
	printf("seed %" PRIu64 ", operation %" PRIu64 ", t=%" PRId64 "ms: %s\n", r->seed,
	       r->done, r->now, what);
	return false;
}

/* --- what happens ---------------------------------------------------------- */

static struct addr some_odd_addr(struct run *r)
{
	static const char *const odd[] = {
		"10.0.0.1", "10.0.0.2", "192.168.7.7", "100.64.0.1", "169.254.1.1",
		"127.0.0.1", "224.0.0.1", "0.0.0.1", "240.0.0.1", "::1", "fe80::1",
		"fd00::1", "fd00::2", "ff02::1", "::", "::ffff:198.51.100.1",
		"192.0.2.3", "192.0.2.4", "2001:db8::3", "2001:db8::4",
	};
	struct addr a = { 0 };

	addr_parse(odd[below(r, sizeof(odd) / sizeof(odd[0]))], &a);
	return a;
}

static struct addr some_addr(struct run *r)
{
	const struct twin *t = &r->twin;
	unsigned i = below(r, r->universe);
	uint8_t byte[16] = { 198, 18 };

	if (below(r, 20) == 0)
		return some_odd_addr(r);
	if (below(r, 3) == 0 && t->count > 0) /* somebody known, often the newest */
		return t->entry[below(r, 2) == 0 ? t->count - 1 : below(r, t->count)].key;
	if (i % 5 != 0) {
		byte[2] = (uint8_t)(i >> 8);
		byte[3] = (uint8_t)i;
		return addr_from_bytes(ADDR_IP4, byte);
	}
	memcpy(byte, (const uint8_t[]){ 0x20, 0x01, 0x0d, 0xb9 }, 4);
	byte[6] = (uint8_t)(i >> 8);
	byte[7] = (uint8_t)i;
	byte[15] = (uint8_t)below(r, 2);
	return addr_from_bytes(ADDR_IP6, byte);
}

static void set_own_addrs(struct policy *p)
{
	p->fakes = p->reals = 2;
	addr_parse("192.0.2.3", &p->fake[0]);
	addr_parse("2001:db8::3", &p->fake[1]);
	addr_parse("192.0.2.4", &p->real[0]);
	addr_parse("2001:db8::4", &p->real[1]);
}

static struct policy some_policy(struct run *r)
{
	static const int64_t spans[] = { 0, 1000, 60000, 600000, 14400000, 3110400000 };
	struct policy p = policy_default();

	set_own_addrs(&p);
	p.fake_action = (enum verdict)below(r, 3);
	p.when_unsure = (enum verdict)below(r, 2);
	p.observe = below(r, 6) == 0;
	p.siblings_max = below(r, 3) == 0 ? below(r, 5) : POLICY_SIBLINGS_MAX;
	p.entries_max = POLICY_ENTRIES_MIN;
	p.queue.start = (enum start)below(r, 3);
	p.queue.pause_ms = below(r, 2) == 0 ? 0 : spans[below(r, 4)];
	p.queue.window_ms = spans[r->overflows ? 4 + below(r, 2) : 1 + below(r, 5)];
	p.queue.connections = (uint16_t)(below(r, 2) == 0 ? 0 : 1 + below(r, 4));
	p.queue.refresh = below(r, 3) != 0;
	p.queue.deny = below(r, 2) == 0 ? VERDICT_DROP : VERDICT_RESET;
	return p;
}

/* From no time at all to longer than any window; a table that is to overflow needs its
 * entries to live. */
static int64_t some_wait(struct run *r)
{
	unsigned kind = below(r, 1000);

	if (r->overflows)
		return kind < 700 ? 0 : below(r, kind < 990 ? 1000 : 100000);
	if (kind < 500)
		return 0;
	if (kind < 800)
		return below(r, 1000);
	if (kind < 960)
		return below(r, 60000);
	if (kind < 998)
		return below(r, 10000000);
	return (int64_t)below(r, 400) * 24 * 60 * 60 * 100;
}

/* The gate measures the three minutes in whole seconds: stay away from their end. */
static bool is_near_forgetting(const struct run *r, const struct twin_past *p)
{
	int64_t judged = r->now - p->judged_ms;
	int64_t accepted = r->now - p->accepted_ms;

	return (judged > TWIN_PAST_MS - 1500 && judged < TWIN_PAST_MS + 1500) ||
	       (accepted > TWIN_PAST_MS - 1500 && accepted < TWIN_PAST_MS + 1500);
}

static struct attempt fresh_attempt(struct run *r)
{
	const struct policy *own = &r->twin.policy;
	struct attempt a = { .shape = ATTEMPT_SYN, .dport = 25 };
	unsigned kind = below(r, 100);

	a.src = some_addr(r);
	a.dst = kind < 50 ? own->fake[below(r, 2)] : own->real[below(r, 2)];
	a.seq = r->next_seq++;
	a.sport = (uint16_t)below(r, 65536);
	if (kind == 99)
		a.shape = (enum attempt_shape)below(r, 4);
	else if (kind == 98)
		a.dport = 587;
	else if (kind == 97)
		a.dst = some_addr(r);
	return a;
}

static struct attempt some_attempt(struct run *r)
{
	const struct twin_past *p = &r->twin.past[below(r, TWIN_PAST)];

	if (below(r, 100) < 15 && p->is_judged && !is_near_forgetting(r, p))
		return p->attempt;
	return fresh_attempt(r);
}

/* --- what comes of it ------------------------------------------------------ */

static bool compare_effects(const struct run *r, const struct effects *gate,
			    const struct effects *twin)
{
	if (gate->count != twin->count || gate->lost != twin->lost)
		return fail(r, "another number of effects");
	for (unsigned i = 0; i < gate->count; i++) {
		if (gate->list[i].kind != twin->list[i].kind ||
		    !addr_is_equal(&gate->list[i].who, &twin->list[i].who))
			return fail(r, "another effect");
	}
	return true;
}

static bool compare_decisions(const struct run *r, const struct attempt *a,
			      const struct decision *gate, const struct decision *twin)
{
	char line[GATE_LINE_MAX];

	if (gate->verdict == twin->verdict && gate->would == twin->would &&
	    gate->reason == twin->reason && gate->repeat == twin->repeat &&
	    gate->timed == twin->timed && gate->opens_ms == twin->opens_ms &&
	    gate->closes_ms == twin->closes_ms)
		return true;
	fail(r, "another decision");
	printf("gate: %s%s\n", gate_line(r->gate, a, gate, line, sizeof(line)),
	       gate->repeat ? " (repeat)" : "");
	printf("twin: %s%s\n", gate_line(r->gate, a, twin, line, sizeof(line)),
	       twin->repeat ? " (repeat)" : "");
	return false;
}

static bool compare_counts(const struct run *r)
{
	struct gate_counts c = gate_count(r->gate);
	unsigned used = 0;

	for (unsigned i = 0; i < r->twin.count; i++)
		used += r->twin.entry[i].is_used;
	if (c.entries == r->twin.count && c.used == used && c.evicted == r->twin.evicted)
		return true;
	fail(r, "other counts");
	printf("gate: %" PRIu32 " entries, %" PRIu32 " used, %" PRIu64 " evicted\n",
	       c.entries, c.used, c.evicted);
	printf("twin: %u entries, %u used, %" PRIu64 " evicted\n", r->twin.count, used,
	       r->twin.evicted);
	return false;
}

/* A batch for the gate; the twin takes them one by one. */
static bool try_attempts(struct run *r)
{
	struct attempt a[GATE_BATCH_MAX];
	struct decision gate[GATE_BATCH_MAX], twin;
	struct gate_batch batch = { a, gate, 1 + below(r, GATE_BATCH_MAX) * (below(r, 8) == 0) };
	struct effects by_gate = { .count = 0 }, by_twin = { .count = 0 };

	a[0] = some_attempt(r);
	for (unsigned i = 1; i < batch.count; i++)
		a[i] = below(r, 4) == 0 ? a[i - 1] : fresh_attempt(r);
	gate_judge_batch(r->gate, &batch, (struct mono){ r->now }, &by_gate);
	for (unsigned i = 0; i < batch.count; i++) {
		twin = twin_judge(&r->twin, &a[i], r->now, &by_twin);
		if (!compare_decisions(r, &a[i], &gate[i], &twin))
			return false;
	}
	return compare_effects(r, &by_gate, &by_twin);
}

/* Often somebody the table knows, and sometimes who is next to go from it. */
static struct addr some_bringer(struct run *r)
{
	const struct twin_entry *oldest = twin_oldest(&r->twin, false);
	unsigned kind = below(r, 4);

	if (kind == 0 || r->twin.count == 0)
		return some_addr(r);
	if (kind == 1 && oldest != NULL)
		return oldest->key;
	return r->twin.entry[below(r, r->twin.count)].key;
}

static bool try_names(struct run *r)
{
	struct effects by_gate = { .count = 0 }, by_twin = { .count = 0 };
	struct twin_names n = { .count = below(r, NAMES_MAX + 1) };

	n.who = some_bringer(r);
	for (unsigned i = 0; i < n.count; i++)
		n.list[i] = below(r, 8) == 0 ? n.who : some_addr(r);
	gate_hear_names(r->gate, &n.who, n.list, n.count, (struct mono){ r->now },
			&by_gate);
	twin_hear(&r->twin, &n, r->now, &by_twin);
	return compare_effects(r, &by_gate, &by_twin);
}

static bool try_swap(struct run *r)
{
	struct policy p = some_policy(r);

	p.prefix4 = r->twin.policy.prefix4;
	p.prefix6 = r->twin.policy.prefix6;
	if (below(r, 3) == 0) {
		p.entries_max++;
		return !gate_swap_policy(r->gate, &p) ||
		       fail(r, "a policy for another table accepted");
	}
	r->twin.policy = p;
	return gate_swap_policy(r->gate, &p) || fail(r, "a policy refused");
}

/* Only where the table never fills may a part be swept: the twin has no places, so it
 * cannot know which part. */
static bool try_expire(struct run *r)
{
	if (!r->overflows && below(r, 2) == 0) {
		gate_expire(r->gate, (struct mono){ r->now }, below(r, 50));
		return true;
	}
	gate_expire(r->gate, (struct mono){ r->now }, POLICY_ENTRIES_MIN);
	twin_expire(&r->twin, r->now);
	return compare_counts(r);
}

static bool try_something(struct run *r)
{
	unsigned kind = below(r, 1000);

	r->now += some_wait(r);
	if (kind < 900)
		return try_attempts(r);
	if (kind < 980)
		return try_names(r);
	if (kind < 983)
		return try_swap(r);
	if (kind < 990 || !r->overflows)
		return try_expire(r);
	return compare_counts(r);
}

/* --- rounds ---------------------------------------------------------------- */

static bool begin_round(struct run *r, bool overflows)
{
	static const unsigned prefixes4[] = { 32, 32, 30, 24, 8 };
	static const unsigned prefixes6[] = { 64, 64, 60, 128, 127, 16 };
	uint8_t key[GATE_KEY_BYTES];

	for (unsigned i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)draw(r);
	r->overflows = overflows;
	r->universe = overflows ? 1100 + below(r, 3000) : 1 + below(r, 300);
	memset(&r->twin, 0, sizeof(r->twin));
	r->twin.policy = some_policy(r);
	r->twin.policy.prefix4 = overflows ? 32 : prefixes4[below(r, 5)];
	r->twin.policy.prefix6 = prefixes6[below(r, 6)];
	r->gate = gate_new(&r->twin.policy, key);
	return r->gate != NULL || fail(r, "no gate");
}

static bool run_round(struct run *r, uint64_t until)
{
	for (unsigned i = 0; i < ROUND_OPERATIONS && r->done < until; i++, r->done++) {
		if (!try_something(r))
			return false;
	}
	return true;
}

static bool run_all(struct run *r, uint64_t operations)
{
	uint64_t evicted = 0, evicted_used = 0;

	for (unsigned round = 0; r->done < operations; round++) {
		bool fine = begin_round(r, round % 2 == 1) && run_round(r, operations);

		gate_free(r->gate);
		if (!fine)
			return false;
		evicted += r->twin.evicted;
		evicted_used += r->twin.evicted_used;
	}
	printf("seed %" PRIu64 ": %" PRIu64 " operations, %" PRIu64 " evictions, %" PRIu64
	       " of them of used entries\n", r->seed, r->done, evicted, evicted_used);
	if (operations >= DEFAULT_OPERATIONS && (evicted == 0 || evicted_used == 0))
		return fail(r, "no full table: this tests too little");
	return true;
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : getenv("SEED");
	uint64_t seed = 1, operations = DEFAULT_OPERATIONS;
	struct run *r = calloc(1, sizeof(*r));
	bool fine;

	if (r == NULL)
		return 1;
	if ((word != NULL && !text_number(word, 0, UINT64_MAX, &seed)) ||
	    (argc > 2 && !text_number(argv[2], 1, UINT64_MAX, &operations))) {
		fprintf(stderr, "usage: prop_gate [SEED [OPERATIONS]]\n");
		free(r);
		return 1;
	}
	r->seed = r->random = seed;
	fine = run_all(r, operations);
	free(r);
	return fine ? 0 : 1;
}
