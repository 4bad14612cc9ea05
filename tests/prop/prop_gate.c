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
#include "restart_int.h"

enum { ROUND_OPERATIONS = 10000, DEFAULT_OPERATIONS = 300000, NAMES_MAX = 12 };

/* --- what comes of it ------------------------------------------------------ */

static bool compare_effects(const struct run *r, const struct effects *gate,
			    const struct effects *twin)
{
	if (gate->count != twin->count || gate->lost != twin->lost)
		return fail(r, "another number of effects");
	for (unsigned i = 0; i < gate->count; i++) {
		if (gate->list[i].kind != twin->list[i].kind ||
		    gate->list[i].is_known != twin->list[i].is_known ||
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
	    gate->closes_ms == twin->closes_ms && gate->queue == twin->queue &&
	    gate->list == twin->list && gate->showing == twin->showing &&
	    gate->is_known == twin->is_known)
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
		used += r->twin.entry[i].is_kept;
	if (c.entries == r->twin.count && c.used == used &&
	    c.evicted == r->twin.evicted && c.records == r->twin.records &&
	    c.over == r->twin.over && c.unasked == r->twin.unasked)
		return true;
	fail(r, "other counts");
	printf("gate: %" PRIu32 " entries, %" PRIu32 " used, %" PRIu64 " evicted, "
	       "%" PRIu32 " records\n", c.entries, c.used, c.evicted, c.records);
	printf("twin: %u entries, %u used, %" PRIu64 " evicted, %u records\n",
	       r->twin.count, used, r->twin.evicted, r->twin.records);
	return false;
}

static bool is_same_entry(const struct knowledge *a, const struct knowledge *b)
{
	return a->has_entry == b->has_entry && a->is_used == b->is_used &&
	       a->is_proven == b->is_proven &&
	       (!a->has_entry || a->via == b->via) && a->opens_ms == b->opens_ms &&
	       a->closes_ms == b->closes_ms && a->connections == b->connections &&
	       addr_is_equal(&a->bringer, &b->bringer);
}

static bool is_same_record(const struct knowledge *a, const struct knowledge *b)
{
	return a->strikes == b->strikes && a->whites == b->whites &&
	       a->penalty_ms == b->penalty_ms && a->penalties == b->penalties;
}

static void show_knowledge(const char *whose, const struct knowledge *k)
{
	char source[NET_TEXT_MAX], bringer[ADDR_TEXT_MAX];

	printf("%s: %s %s via=%s(%d) used=%d queue=%u opens=%" PRId64 " closes=%" PRId64
	       " connections=%u bringer=%s\n", whose, net_format(&k->source, source),
	       state_name(k->state), via_name(k->via), k->has_entry, k->is_used, k->queue,
	       k->opens_ms, k->closes_ms, k->connections,
	       k->bringer.family == ADDR_NONE ? "-" : addr_format(&k->bringer, bringer));
	printf("      strikes=%u whites=%u penalty=%" PRId64 " penalties=%u\n",
	       k->strikes, k->whites, k->penalty_ms, k->penalties);
	printf("      list=%u by-name=%d name=%s %s would %s %s\n", k->list,
	       k->is_listed_by_name, k->name, verdict_name(k->decision.verdict),
	       verdict_name(k->decision.would), reason_name(k->decision.reason));
}

static bool compare_knowledge(const struct run *r, const struct knowledge *gate,
			      const struct knowledge *twin)
{
	const struct decision *a = &gate->decision, *b = &twin->decision;

	if (addr_is_equal(&gate->source.addr, &twin->source.addr) &&
	    gate->source.bits == twin->source.bits && gate->state == twin->state &&
	    gate->queue == twin->queue && gate->list == twin->list &&
	    gate->is_listed_by_name == twin->is_listed_by_name &&
	    strcmp(gate->name, twin->name) == 0 && is_same_entry(gate, twin) &&
	    is_same_record(gate, twin) && a->verdict == b->verdict &&
	    a->would == b->would && a->reason == b->reason)
		return true;
	fail(r, "other knowledge");
	show_knowledge("gate", gate);
	show_knowledge("twin", twin);
	return false;
}

/* --- steps ----------------------------------------------------------------- */

static bool try_explain(struct run *r, const struct addr *who, struct knowledge *k)
{
	struct knowledge twin = twin_explain(&r->twin, who, r->now);

	memset(k, 0xaa, sizeof(*k));
	gate_explain(r->gate, who, (struct mono){ r->now }, k);
	return compare_knowledge(r, k, &twin);
}

/* One never seen before meets what gate_explain() said it would. */
static bool try_foretold(struct run *r)
{
	struct effects by_gate = { .count = 0 }, by_twin = { .count = 0 };
	struct attempt a = fresh_attempt(r);
	struct decision gate, twin;
	struct knowledge k;

	a.shape = ATTEMPT_SYN;
	a.dst = r->twin.policy.real[below(r, 2)];
	a.dport = r->twin.policy.smtp_port;
	if (!try_explain(r, &a.src, &k))
		return false;
	gate = gate_judge(r->gate, &a, (struct mono){ r->now }, &by_gate);
	twin = twin_judge(&r->twin, &a, r->now, &by_twin);
	if (gate.verdict != k.decision.verdict || gate.would != k.decision.would ||
	    gate.reason != k.decision.reason)
		return fail(r, "not what gate_explain() foretold");
	return compare_decisions(r, &a, &gate, &twin) &&
	       compare_effects(r, &by_gate, &by_twin);
}

/* A batch for the gate; the twin takes them one by one. */
static bool try_attempts(struct run *r)
{
	struct attempt a[GATE_BATCH_MAX];
	struct decision gate[GATE_BATCH_MAX], twin;
	unsigned more = below(r, 8) == 0 ? below(r, GATE_BATCH_MAX) : 0;
	struct gate_batch batch = { a, gate, 1 + more };
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

static bool try_proof(struct run *r)
{
	struct effects by_gate = { .count = 0 }, by_twin = { .count = 0 };
	struct decision gate, twin = { .reason = REASON_KNOCK };
	struct addr who = r->twin.past[below(r, TWIN_PAST)].attempt.src;
	enum proven a, b;

	if (who.family == ADDR_NONE || below(r, 4) == 0)
		who = some_bringer(r);
	a = gate_prove(r->gate, &who, (struct mono){ r->now }, &gate, &by_gate);
	b = twin_prove(&r->twin, &who, r->now, &twin, &by_twin);
	if (a != b)
		return fail(r, "another outcome of a proof");
	if (a == PROVEN_NOW &&
	    (gate.queue != twin.queue || gate.opens_ms != twin.opens_ms ||
	     gate.closes_ms != twin.closes_ms))
		return fail(r, "another window for a proof");
	return compare_effects(r, &by_gate, &by_twin);
}

static bool try_names(struct run *r)
{
	struct effects by_gate = { .count = 0 }, by_twin = { .count = 0 };
	struct addr list[NAMES_MAX];
	struct heard h = { .siblings = list, .is_final = below(r, 3) != 0 };

	h.who = some_bringer(r);
	h.name = some_name(r);
	h.count = h.name ? below(r, NAMES_MAX + 1) : 0;
	for (unsigned i = 0; i < h.count; i++)
		list[i] = below(r, 8) == 0 ? h.who : some_addr(r);
	gate_hear_name(r->gate, &h, (struct mono){ r->now }, &by_gate);
	twin_hear(&r->twin, &h, r->now, &by_twin);
	return compare_effects(r, &by_gate, &by_twin);
}

static bool try_vote(struct run *r)
{
	struct vote v = some_vote(r);
	enum vote_outcome gate, twin;

	/* What has expired and is not swept may make "unknown" a "forgotten" here. */
	if (v.kind == VOTE_FORGET_PENALTIES || v.kind == VOTE_FORGET_ALL) {
		gate_expire(r->gate, (struct mono){ r->now }, POLICY_ENTRIES_MIN);
		twin_expire(&r->twin, r->now);
	}
	gate = gate_count_vote(r->gate, &v, (struct mono){ r->now });
	twin = twin_vote(&r->twin, &v, r->now);
	if (gate == twin)
		return true;
	printf("vote %d: gate %d, twin %d\n", v.kind, gate, twin);
	return fail(r, "another outcome of a vote");
}

static void note_windows(struct run *r)
{
	for (unsigned i = 0; i < r->twin.policy.queues; i++)
		if (r->twin.policy.queue[i].window_ms > r->window_max)
			r->window_max = r->twin.policy.queue[i].window_ms;
}

static bool try_swap(struct run *r)
{
	struct policy p = some_policy(r);
	struct lists *lists;

	p.prefix4 = r->twin.policy.prefix4;
	p.prefix6 = r->twin.policy.prefix6;
	if (below(r, 3) == 0) {
		p.entries_max++;
		return !gate_swap_policy(r->gate, &p, NULL) ||
		       fail(r, "a policy for another table accepted");
	}
	lists = some_lists(r, &p);
	r->twin.policy = p;
	note_windows(r);
	return gate_swap_policy(r->gate, &p, lists) || fail(r, "a policy refused");
}

/* How many the twin would show. */
static unsigned count_known(struct run *r)
{
	unsigned count = 0;

	for (unsigned i = 0; i < r->twin.count; i++)
		count += !twin_has_expired(&r->twin, &r->twin.entry[i], r->now);
	for (unsigned i = 0; i < r->twin.records; i++) {
		const struct twin_record *c = &r->twin.record[i];

		if (r->now < c->forget && twin_peek(&r->twin, &c->key, r->now) == NULL)
			count += r->now < c->penalty || c->whites > 0 ||
				 twin_strikes(&r->twin, c, r->now) > 0;
	}
	return count;
}

/* Each known source once: as many as there are, and none twice. */
static bool try_walk(struct run *r)
{
	struct addr seen[TWIN_ENTRIES + TWIN_RECORDS];
	unsigned count = 0, calls = 0;
	struct knowledge k, twin;
	uint64_t cursor = 0;
	bool found;

	while (gate_walk(r->gate, &cursor, 1 + below(r, 60), (struct mono){ r->now }, &k,
			 &found)) {
		if (++calls > 2 * (TWIN_ENTRIES + TWIN_RECORDS) + 2)
			return fail(r, "a walk without end");
		if (!found)
			continue;
		twin = twin_explain(&r->twin, &k.source.addr, r->now);
		if (!compare_knowledge(r, &k, &twin))
			return false;
		for (unsigned i = 0; i < count; i++)
			if (addr_is_equal(&seen[i], &k.source.addr))
				return fail(r, "seen twice on a walk");
		seen[count++] = k.source.addr;
	}
	return (!found && count == count_known(r)) || fail(r, "not all seen on a walk");
}

/* Only where no table ever fills may a part be swept: the twin has no places, so it
 * cannot know which part. */
static bool try_expire(struct run *r)
{
	if (r->may_sweep_parts && below(r, 2) == 0) {
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
	struct knowledge k;
	struct addr who;

	r->now += some_wait(r);
	if (kind < 680)
		return try_attempts(r);
	if (kind < 720)
		return try_proof(r);
	if (kind < 780)
		return try_foretold(r);
	if (kind < 860)
		return try_names(r);
	if (kind < 960)
		return try_vote(r);
	if (kind < 985) {
		who = some_addr(r);
		return try_explain(r, &who, &k);
	}
	if (kind < 988)
		return try_swap(r);
	if (kind < 990)
		return try_walk(r);
	if (kind < 991)
		return try_restart(r);
	if (kind < 994 || !r->overflows)
		return try_expire(r);
	return compare_counts(r);
}

/* --- rounds ---------------------------------------------------------------- */

static bool begin_round(struct run *r, bool overflows)
{
	static const unsigned prefixes4[] = { 32, 32, 30, 24, 8 };
	static const unsigned prefixes6[] = { 64, 64, 60, 128, 127, 16 };
	uint8_t key[GATE_KEY_BYTES];
	struct lists *lists;

	for (unsigned i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)draw(r);
	r->overflows = overflows;
	r->window_max = 0;
	r->universe = overflows ? 1100 + below(r, 3000) : 1 + below(r, 300);
	r->may_sweep_parts = r->universe <= 40;
	memset(&r->twin, 0, sizeof(r->twin));
	r->twin.policy = some_policy(r);
	r->twin.policy.prefix4 = overflows ? 32 : prefixes4[below(r, 5)];
	r->twin.policy.prefix6 = prefixes6[below(r, 6)];
	note_windows(r);
	memset(r->mirror, 0, sizeof(*r->mirror));
	lists = some_lists(r, &r->twin.policy);
	r->gate = gate_new(&r->twin.policy, lists, key);
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
	uint64_t evicted = 0, evicted_used = 0, evicted_records = 0, over = 0;

	for (unsigned round = 0; r->done < operations; round++) {
		bool fine = begin_round(r, round % 2 == 1) && run_round(r, operations);

		gate_free(r->gate);
		if (!fine)
			return false;
		evicted += r->twin.evicted;
		evicted_used += r->twin.evicted_kept;
		over += r->twin.over;
		evicted_records += r->twin.evicted_records;
	}
	printf("seed %" PRIu64 ": %" PRIu64 " operations, %" PRIu64 " evictions, %" PRIu64
	       " of them of kept entries, %" PRIu64 " of records, %" PRIu64
	       " over quota; %" PRIu64 " restarts\n", r->seed, r->done, evicted,
	       evicted_used, evicted_records, over, r->restarts);
	if (operations >= DEFAULT_OPERATIONS &&
	    (evicted == 0 || evicted_used == 0 || evicted_records == 0 || over == 0))
		return fail(r, "no full table or quota: this tests too little");
	return true;
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : getenv("SEED");
	uint64_t seed = 1, operations = DEFAULT_OPERATIONS;
	struct run *r = calloc(1, sizeof(*r));
	bool fine;

	if (r == NULL || (r->mirror = calloc(1, sizeof(*r->mirror))) == NULL)
		return 1;
	if ((word != NULL && !text_number(word, 0, UINT64_MAX, &seed)) ||
	    (argc > 2 && !text_number(argv[2], 1, UINT64_MAX, &operations))) {
		fprintf(stderr, "usage: prop_gate [SEED [OPERATIONS]]\n");
		free(r);
		return 1;
	}
	r->seed = r->random = seed;
	fine = run_all(r, operations);
	free(r->mirror);
	free(r);
	return fine ? 0 : 1;
}
