/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_explain.c - what is known can be looked at, walked over and handed on
 *
 * That it is true is compared by tests/prop/prop_gate.c.
 */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "gate_case.h"
#include "unit.h"

enum { KNOWN_MAX = 32, NOON = 12 * HOUR };

struct all {
	struct knowledge of[KNOWN_MAX];
	unsigned         count;
};

static struct all walk(const struct gate *g, unsigned places, int64_t now_ms)
{
	struct all all = { .count = 0 };
	uint64_t cursor = 0;
	bool found;

	while (gate_walk(g, &cursor, places, (struct mono){ now_ms },
			 &all.of[all.count], &found)) {
		all.count += found;
		ck_assert_uint_lt(all.count, KNOWN_MAX);
	}
	ck_assert(!found);
	return all;
}

static struct policy mixed_policy(void)
{
	struct policy p = short_policy();

	p.fake[p.fakes++] = addr_of("2001:db8::3");
	p.queue[p.queues] = p.queue[0];
	memcpy(p.queue[p.queues].name, "slow", sizeof("slow"));
	p.queue[p.queues++].pause_ms = 10 * MINUTE;
	p.queue[0].connections = 1;
	p.penalty.strikes = 2;
	return p;
}

static struct lists *slow_net(void)
{
	struct list list = { .name = "dial-up", .action = LIST_QUEUE, .queue = 1 };
	struct lists *l = lists_new();
	struct net n;

	ck_assert_ptr_nonnull(l);
	ck_assert(net_parse("203.0.113.0/24", &n));
	ck_assert(lists_add_net(l, lists_add(l, &list), &n));
	return l;
}

/* One of each kind: open, spent, pausing in another queue, trusted, IPv6, a sibling;
 * penalised with an entry and without. At noon. */
static struct gate *mixed_gate(const struct policy *p)
{
	struct addr sibling = addr_of("198.51.100.1");
	struct effects fx = { .count = 0 };
	struct gate *g = gate_of(p);

	ck_assert(gate_swap_policy(g, p, slow_net()));
	knock(g, stranger(1), NOON);
	knock(g, stranger(2), NOON);
	ck_assert_int_eq(try_real(g, stranger(2), 1, NOON), REASON_OPEN);
	knock(g, addr_of("203.0.113.1"), NOON);
	vote(g, VOTE_WHITE, stranger(3), NOON);
	knock(g, addr_of("2001:db8:9::1"), NOON);
	hear(g, stranger(1), &sibling, 1, NOON, &fx);
	for (int i = 0; i < 2; i++) {
		vote(g, VOTE_BLACK, stranger(2), NOON);
		vote(g, VOTE_BLACK, stranger(4), NOON);
	}
	return g;
}

static const struct knowledge *find(const struct all *all, struct addr source)
{
	for (unsigned i = 0; i < all->count; i++)
		if (addr_is_equal(&all->of[i].source.addr, &source))
			return &all->of[i];
	return NULL;
}

START_TEST(a_walk_shows_every_source_once)
{
	struct policy p = mixed_policy();
	struct gate *g = mixed_gate(&p);
	struct all all = walk(g, 1, NOON + 1);

	ck_assert_uint_eq(all.count, 7);
	ck_assert_int_eq(find(&all, stranger(1))->state, STATE_OPEN);
	ck_assert_int_eq(find(&all, stranger(2))->state, STATE_PENALTY);
	ck_assert(find(&all, stranger(2))->has_entry);
	ck_assert_int_eq(find(&all, stranger(3))->via, VIA_VOTE);
	ck_assert_int_eq(find(&all, stranger(4))->state, STATE_PENALTY);
	ck_assert(!find(&all, stranger(4))->has_entry);
	ck_assert_int_eq(find(&all, addr_of("203.0.113.1"))->state, STATE_PAUSING);
	ck_assert_int_eq(find(&all, addr_of("198.51.100.1"))->via, VIA_SIBLING);
	ck_assert_uint_eq(find(&all, addr_of("2001:db8:9::"))->source.bits, 64);
	gate_free(g);
}
END_TEST

START_TEST(the_length_of_a_step_changes_nothing)
{
	struct policy p = mixed_policy();
	struct gate *g = mixed_gate(&p);
	struct all slow = walk(g, 1, NOON), fast = walk(g, 100000, NOON);

	ck_assert_uint_eq(slow.count, fast.count);
	for (unsigned i = 0; i < slow.count; i++)
		ck_assert(addr_is_equal(&slow.of[i].source.addr,
					&fast.of[i].source.addr));
	gate_free(g);
}
END_TEST

START_TEST(a_walk_over_nothing_ends_at_once)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);

	ck_assert_uint_eq(walk(g, 1, 0).count, 0);
	ck_assert_uint_eq(walk(g, 100, 0).count, 0);
	gate_free(g);
}
END_TEST

START_TEST(a_full_table_is_walked_to_its_end_and_on_to_the_penalised)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);
	unsigned entries = 0, records = 0;
	struct knowledge k;
	uint64_t cursor = 0;
	bool found;

	for (unsigned i = 0; i < POLICY_ENTRIES_MIN; i++)
		knock(g, stranger(i), 0);
	for (unsigned i = 0; i < 5; i++)
		vote(g, VOTE_BLACK, stranger(2 * POLICY_ENTRIES_MIN + i), 0);
	while (gate_walk(g, &cursor, 7, (struct mono){ 1 }, &k, &found)) {
		entries += found && k.has_entry;
		records += found && !k.has_entry;
	}
	ck_assert_uint_eq(entries, POLICY_ENTRIES_MIN);
	ck_assert_uint_eq(records, 5);
	gate_free(g);
}
END_TEST

START_TEST(looking_changes_nothing)
{
	struct policy p = mixed_policy();
	struct gate *g = mixed_gate(&p);
	struct gate_counts before = gate_count(g);
	struct gate_counts after;

	/* long after all of it has expired, and unswept */
	ck_assert_uint_eq(walk(g, 1, NOON + 1000 * (int64_t)HOUR).count, 0);
	ck_assert_int_eq(explain(g, stranger(1), NOON + 2 * HOUR).state, STATE_NONE);
	after = gate_count(g);
	ck_assert_uint_eq(after.entries, before.entries);
	ck_assert_uint_eq(after.used, before.used);
	ck_assert_uint_eq(after.records, before.records);
	ck_assert_int_eq(explain(g, stranger(9), NOON).decision.reason, REASON_NO_KNOCK);
	ck_assert_uint_eq(gate_count(g).entries, before.entries);
	gate_free(g);
}
END_TEST

static void assert_handed_on(const struct knowledge *a, const struct knowledge *b)
{
	ck_assert(addr_is_equal(&a->source.addr, &b->source.addr));
	ck_assert_uint_eq(a->source.bits, b->source.bits);
	ck_assert_int_eq(a->state, b->state);
	ck_assert_int_eq(a->has_entry, b->has_entry);
	ck_assert_int_eq(a->via, b->via);
	ck_assert_int_eq(a->is_used, b->is_used);
	ck_assert_uint_eq(a->queue, b->queue);
	ck_assert_int_eq(a->opens_ms, b->opens_ms);
	ck_assert_int_eq(a->closes_ms, b->closes_ms);
	ck_assert_uint_eq(a->connections, b->connections);
	ck_assert_int_eq(a->penalty_ms, b->penalty_ms);
	ck_assert_uint_eq(a->penalties, b->penalties);
	ck_assert_int_eq(a->decision.verdict, b->decision.verdict);
	ck_assert_int_eq(a->decision.reason, b->decision.reason);
}

/* Another daemon, whose clock says something else. */
START_TEST(what_one_gate_knew_another_can_go_on_with)
{
	struct policy p = mixed_policy();
	struct gate *g = mixed_gate(&p), *other = gate_of(&p);
	struct all before, after;
	int64_t later = NOON + MINUTE, elsewhere = 7777;

	before = walk(g, 100, later);
	ck_assert(gate_swap_policy(other, &p, slow_net()));
	for (unsigned i = 0; i < before.count; i++)
		ck_assert(gate_restore(other, &before.of[i], (struct mono){ elsewhere }));
	after = walk(other, 100, elsewhere);
	ck_assert_uint_eq(after.count, before.count);
	for (unsigned i = 0; i < before.count; i++) {
		const struct knowledge *b = find(&after, before.of[i].source.addr);

		ck_assert_ptr_nonnull(b);
		assert_handed_on(&before.of[i], b);
	}
	/* and without the list: the entry itself says where it lives */
	ck_assert(gate_swap_policy(other, &p, NULL));
	ck_assert_uint_eq(explain(other, addr_of("203.0.113.1"), elsewhere).queue, 1);
	gate_free(g);
	gate_free(other);
}
END_TEST

START_TEST(a_restored_sibling_stands_on_its_own)
{
	struct policy p = mixed_policy();
	struct gate *g = mixed_gate(&p), *other = gate_of(&p);
	struct knowledge k = explain(g, addr_of("198.51.100.1"), NOON);

	ck_assert_int_eq(k.bringer.family, ADDR_IP4);
	ck_assert(gate_restore(other, &k, (struct mono){ 0 }));
	k = explain(other, addr_of("198.51.100.1"), 0);
	ck_assert_int_eq(k.via, VIA_SIBLING);
	ck_assert_int_eq(k.bringer.family, ADDR_NONE);
	ck_assert_int_eq(try_real(other, addr_of("198.51.100.1"), 1, 1), REASON_OPEN);
	gate_free(g);
	gate_free(other);
}
END_TEST

START_TEST(what_is_known_here_is_not_restored_over)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);
	struct knowledge k = { .has_entry = true, .via = VIA_VOTE, .closes_ms = 9 * HOUR,
			       .penalty_ms = 9 * HOUR, .penalties = 9 };

	k.source = (struct net){ stranger(1), 32 };
	knock(g, stranger(1), 0);
	vote(g, VOTE_BLACK, stranger(1), 0);
	ck_assert(gate_restore(g, &k, (struct mono){ 0 }));
	k = explain(g, stranger(1), 0);
	ck_assert_int_eq(k.via, VIA_KNOCK);
	ck_assert_int_eq(k.closes_ms, HOUR);
	ck_assert_int_eq(k.penalty_ms, 12 * HOUR);
	ck_assert_uint_eq(k.penalties, 1);
	gate_free(g);
}
END_TEST

START_TEST(a_restored_penalty_counts_itself)
{
	static const unsigned said[] = { 0, 1, 256 };
	static const int64_t next[] = { HOUR, HOUR, 5 * HOUR };
	struct policy p = short_policy();
	struct gate *g;

	p.penalty.escalate = 2;
	p.penalty.time_ms = HOUR;
	p.penalty.time_max_ms = 5 * HOUR;
	g = gate_of(&p);
	for (unsigned i = 0; i < 3; i++) {
		struct knowledge k = { .penalty_ms = 60000, .penalties = said[i] };

		k.source = (struct net){ stranger(i), 32 };
		ck_assert(gate_restore(g, &k, (struct mono){ 0 }));
		vote(g, VOTE_BLACK, stranger(i), 0);
		ck_assert_int_eq(explain(g, stranger(i), 0).penalty_ms, next[i]);
	}
	gate_free(g);
}
END_TEST

START_TEST(a_restored_entry_of_no_queue_lives_in_default)
{
	struct policy p = mixed_policy();
	struct gate *g = gate_of(&p);
	struct knowledge k = { .has_entry = true, .closes_ms = HOUR, .queue = 200 };

	k.source = (struct net){ stranger(1), 32 };
	ck_assert(gate_restore(g, &k, (struct mono){ 0 }));
	ck_assert_uint_eq(explain(g, stranger(1), 0).queue, 0);
	gate_free(g);
}
END_TEST

START_TEST(what_makes_no_sense_is_not_restored)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);
	struct knowledge good = { .has_entry = true, .opens_ms = 5, .closes_ms = HOUR };
	struct knowledge bad;

	good.source = (struct net){ stranger(1), 32 };
	bad = good;
	bad.source.addr.family = ADDR_NONE;
	ck_assert(!gate_restore(g, &bad, (struct mono){ 0 }));
	bad = good;
	bad.closes_ms = bad.opens_ms;
	ck_assert(!gate_restore(g, &bad, (struct mono){ 0 }));
	bad = good;
	bad.opens_ms = -1;
	ck_assert(!gate_restore(g, &bad, (struct mono){ 0 }));
	bad = good;
	bad.connections = UINT16_MAX + 1;
	ck_assert(!gate_restore(g, &bad, (struct mono){ 0 }));
	bad = good;
	bad.has_entry = false; /* and no penalty: nothing */
	ck_assert(!gate_restore(g, &bad, (struct mono){ 0 }));
	ck_assert_uint_eq(gate_count(g).entries, 0);
	ck_assert(gate_restore(g, &good, (struct mono){ 0 }));
	ck_assert_uint_eq(gate_count(g).entries, 1);
	gate_free(g);
}
END_TEST

START_TEST(states_and_ways_in_have_the_words_of_the_manual)
{
	ck_assert_str_eq(state_name(STATE_NONE), "none");
	ck_assert_str_eq(state_name(STATE_PAUSING), "pausing");
	ck_assert_str_eq(state_name(STATE_OPEN), "open");
	ck_assert_str_eq(state_name(STATE_SPENT), "spent");
	ck_assert_str_eq(state_name(STATE_PENALTY), "penalty");
	ck_assert_str_eq(via_name(VIA_KNOCK), "knock");
	ck_assert_str_eq(via_name(VIA_ATTEMPT), "attempt");
	ck_assert_str_eq(via_name(VIA_SIBLING), "sibling");
	ck_assert_str_eq(via_name(VIA_VOTE), "vote");
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, a_walk_shows_every_source_once);
	tcase_add_test(t, the_length_of_a_step_changes_nothing);
	tcase_add_test(t, a_walk_over_nothing_ends_at_once);
	tcase_add_test(t, a_full_table_is_walked_to_its_end_and_on_to_the_penalised);
	tcase_add_test(t, looking_changes_nothing);
	tcase_add_test(t, what_one_gate_knew_another_can_go_on_with);
	tcase_add_test(t, a_restored_sibling_stands_on_its_own);
	tcase_add_test(t, what_is_known_here_is_not_restored_over);
	tcase_add_test(t, a_restored_penalty_counts_itself);
	tcase_add_test(t, a_restored_entry_of_no_queue_lives_in_default);
	tcase_add_test(t, what_makes_no_sense_is_not_restored);
	tcase_add_test(t, states_and_ways_in_have_the_words_of_the_manual);
}

int main(void)
{
	return unit_main("explain", add_tests);
}
