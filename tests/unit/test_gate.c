/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_gate.c - the gate's promises that no story can tell: memory, bounds, other callers
 *
 * The rule itself is told by tests/replay and compared by tests/prop/prop_gate.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "gate_case.h"
#include "unit.h"

START_TEST(the_gate_keeps_a_copy_of_its_policy)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);

	p.queue[0].deny = VERDICT_RESET;
	p.reals = 0;
	ck_assert_int_eq(gate_policy(g)->queue[0].deny, VERDICT_DROP);
	ck_assert_int_eq(judge(g, attempt_from(stranger(1), "192.0.2.4", 1), 0).verdict,
			 VERDICT_DROP);
	gate_free(g);
}
END_TEST

START_TEST(a_refused_policy_changes_nothing)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);

	p.queue[0].deny = VERDICT_RESET;
	p.prefix6 = 128;
	ck_assert(!gate_swap_policy(g, &p, NULL));
	ck_assert_int_eq(gate_policy(g)->queue[0].deny, VERDICT_DROP);
	ck_assert_uint_eq(gate_policy(g)->prefix6, 64);
	p.prefix6 = 64;
	ck_assert(gate_swap_policy(g, &p, NULL));
	ck_assert_int_eq(gate_policy(g)->queue[0].deny, VERDICT_RESET);
	gate_free(g);
}
END_TEST

START_TEST(freeing_no_gate_is_fine)
{
	gate_free(NULL);
}
END_TEST

START_TEST(a_batch_is_judged_in_order)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);
	struct attempt a[3] = {
		attempt_from(stranger(1), "192.0.2.4", 1),
		attempt_from(stranger(1), "192.0.2.3", 2),
		attempt_from(stranger(1), "192.0.2.4", 3),
	};
	struct decision d[3];
	struct effects fx = { .count = 0 };

	gate_judge_batch(g, &(struct gate_batch){ a, d, 3 }, (struct mono){ 0 }, &fx);
	ck_assert_int_eq(d[0].reason, REASON_NO_KNOCK);
	ck_assert_int_eq(d[1].reason, REASON_KNOCK);
	ck_assert_int_eq(d[2].reason, REASON_OPEN);
	gate_free(g);
}
END_TEST

START_TEST(a_decision_without_a_recorded_knock_has_no_times)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);
	struct decision d = judge(g, attempt_from(stranger(1), "192.0.2.4", 1), 0);

	ck_assert(!d.timed && !d.repeat);
	ck_assert_int_eq(d.opens_ms, 0);
	ck_assert_int_eq(d.closes_ms, 0);
	d = judge(g, attempt_from(stranger(1), "192.0.2.3", 2), 0);
	ck_assert(d.timed);
	ck_assert_int_eq(d.closes_ms, HOUR);
	gate_free(g);
}
END_TEST

/* They stay in the log each time: nothing was decided that could be the same. */
START_TEST(packets_outside_the_rule_are_never_repeats)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);
	struct attempt a = attempt_from(stranger(1), "192.0.2.5", 1);

	for (int i = 0; i < 3; i++)
		ck_assert(!judge(g, a, i).repeat);
	a.dst = addr_of("192.0.2.4");
	a.shape = ATTEMPT_UNREADABLE;
	for (int i = 0; i < 3; i++)
		ck_assert(!judge(g, a, i).repeat);
	gate_free(g);
}
END_TEST

START_TEST(ports_sequence_number_and_addresses_tell_attempts_apart)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);
	struct attempt first = attempt_from(stranger(1), "192.0.2.4", 1);
	struct attempt other = first;

	ck_assert(!judge(g, first, 0).repeat);
	other.seq = 2;
	ck_assert(!judge(g, other, 0).repeat);
	other = first;
	other.sport++;
	ck_assert(!judge(g, other, 0).repeat);
	other = first;
	other.src = stranger(2);
	ck_assert(!judge(g, other, 0).repeat);
	ck_assert(judge(g, first, 0).repeat);
	gate_free(g);
}
END_TEST

/* Spoofed SYNs must not make a sender pay twice for one connection. */
START_TEST(a_flood_of_refused_attempts_costs_nobody_a_second_connection)
{
	struct policy p = short_policy();
	struct gate *g;

	p.queue[0].connections = 1;
	g = gate_of(&p);
	knock(g, stranger(1), 0);
	ck_assert_int_eq(try_real(g, stranger(1), 7, SECOND), REASON_OPEN);
	for (unsigned i = 0; i < 50000; i++)
		try_real(g, stranger(2 + i), 7, SECOND);
	ck_assert_int_eq(try_real(g, stranger(1), 7, 2 * SECOND), REASON_OPEN);
	ck_assert_int_eq(try_real(g, stranger(1), 8, 2 * SECOND), REASON_SPENT);
	gate_free(g);
}
END_TEST

START_TEST(the_table_never_holds_more_than_entries_max)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);

	for (unsigned i = 0; i < 3 * POLICY_ENTRIES_MIN; i++) {
		knock(g, stranger(i), i);
		ck_assert_uint_le(gate_count(g).entries, POLICY_ENTRIES_MIN);
	}
	ck_assert_uint_eq(gate_count(g).entries, POLICY_ENTRIES_MIN);
	ck_assert_uint_eq(gate_count(g).evicted, 2 * POLICY_ENTRIES_MIN);
	/* the youngest are there, all of them */
	for (unsigned i = 2 * POLICY_ENTRIES_MIN; i < 3 * POLICY_ENTRIES_MIN; i++)
		ck_assert_int_eq(try_real(g, stranger(i), i, 10 * SECOND), REASON_OPEN);
	ck_assert_int_eq(try_real(g, stranger(0), 1, 10 * SECOND), REASON_NO_KNOCK);
	ck_assert_uint_eq(gate_count(g).used, POLICY_ENTRIES_MIN);
	gate_free(g);
}
END_TEST

START_TEST(sweeping_piece_by_piece_reaches_every_place)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);
	unsigned pieces = 0;

	for (unsigned i = 0; i < 500; i++)
		knock(g, stranger(i), i < 250 ? 0 : MINUTE);
	gate_expire(g, (struct mono){ HOUR - 1 }, POLICY_ENTRIES_MIN);
	ck_assert_uint_eq(gate_count(g).entries, 500);
	for (; gate_count(g).entries > 250 && pieces < POLICY_ENTRIES_MIN / 10; pieces++)
		gate_expire(g, (struct mono){ HOUR }, 10);
	ck_assert_uint_gt(pieces, 1);
	ck_assert_uint_eq(gate_count(g).entries, 250);
	gate_expire(g, (struct mono){ HOUR + MINUTE }, POLICY_ENTRIES_MIN);
	ck_assert_uint_eq(gate_count(g).entries, 0);
	ck_assert_uint_eq(gate_count(g).evicted, 0);
	gate_free(g);
}
END_TEST

START_TEST(admissions_that_do_not_fit_the_list_are_counted_and_made)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);
	struct effects fx = { .count = EFFECTS_MAX - 1 };
	struct addr who = stranger(0);
	struct addr list[] = { stranger(1), stranger(2), stranger(3) };

	knock(g, who, 0);
	hear(g, who, list, 3, 1, &fx);
	ck_assert_uint_eq(fx.count, EFFECTS_MAX);
	ck_assert_uint_eq(fx.lost, 2);
	ck_assert_int_eq(try_real(g, list[2], 1, SECOND), REASON_OPEN);
	gate_free(g);
}
END_TEST

/* Its entry is the oldest of the unused and the table is full. */
START_TEST(nobody_is_said_to_be_admitted_in_place_of_its_bringer)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);
	struct effects fx = { .count = 0 };
	struct addr who = stranger(0), sibling = addr_of("203.0.113.10");

	for (unsigned i = 0; i < POLICY_ENTRIES_MIN; i++)
		knock(g, stranger(i), i);
	hear(g, who, &sibling, 1, SECOND, &fx);
	ck_assert_int_eq(fx.count == 1, try_real(g, sibling, 1, SECOND) == REASON_OPEN);
	gate_free(g);
}
END_TEST

START_TEST(years_of_uptime_change_nothing)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);
	int64_t later = INT64_C(100) * 365 * 24 * HOUR;

	p.queue[0].window_ms = INT64_C(10) * 365 * 24 * HOUR;
	ck_assert(gate_swap_policy(g, &p, NULL));
	knock(g, stranger(1), later);
	ck_assert_int_eq(try_real(g, stranger(1), 1, later), REASON_OPEN);
	later += p.queue[0].window_ms;
	ck_assert_int_eq(try_real(g, stranger(1), 2, later - 1), REASON_OPEN);
	later += p.queue[0].window_ms;
	ck_assert_int_eq(try_real(g, stranger(1), 3, later - 1), REASON_NO_KNOCK);
	gate_free(g);
}
END_TEST

START_TEST(an_ipv4_source_is_not_the_ipv6_one_with_the_same_bytes)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);

	knock(g, addr_of("198.18.0.1"), 0);
	ck_assert_int_eq(try_real(g, addr_of("c612:1::"), 1, 1), REASON_NO_KNOCK);
	ck_assert_int_eq(try_real(g, addr_of("198.18.0.1"), 1, 1), REASON_OPEN);
	gate_free(g);
}
END_TEST

/* A list that puts `net` into the queue of that number. */
static struct lists *list_of(const char *net, uint8_t queue)
{
	struct list list = { .name = "some", .action = LIST_QUEUE, .queue = queue };
	struct lists *l = lists_new();
	struct net n;

	ck_assert_ptr_nonnull(l);
	ck_assert(net_parse(net, &n));
	ck_assert(lists_add_net(l, lists_add(l, &list), &n));
	return l;
}

static struct queue queue_of(const char *name, enum verdict deny)
{
	struct queue q = policy_default().queue[0];

	memset(q.name, 0, sizeof(q.name));
	memcpy(q.name, name, strlen(name));
	q.deny = deny;
	return q;
}

/* The numbers entries hold are as many as fit a byte; reloads are more. */
START_TEST(a_thousand_reloads_with_new_names_keep_the_queues_apart)
{
	struct policy p = short_policy();
	struct gate *g;
	struct decision d;
	char name[POLICY_NAME_MAX];

	p.queue[p.queues++] = queue_of("slow", VERDICT_RESET);
	p.queue[1].pause_ms = HOUR;
	g = gate_of(&p);
	ck_assert(gate_swap_policy(g, &p, list_of("198.18.0.0/16", 1)));
	knock(g, stranger(1), 0);
	ck_assert_int_eq(try_real(g, stranger(1), 1, 1), REASON_PAUSING);
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "queue-%u", i);
		p.queues = 1;
		p.queue[p.queues++] = queue_of(name, VERDICT_TARPIT);
		p.queue[p.queues++] = queue_of("slow", VERDICT_RESET);
		ck_assert(gate_swap_policy(g, &p, NULL));
		/* its entry lives on where it was, no list needed */
		d = judge(g, attempt_from(stranger(1), "192.0.2.4", i), 2 + i);
		ck_assert_int_eq(d.verdict, VERDICT_RESET);
		d = judge(g, attempt_from(stranger(2), "192.0.2.4", i), 2 + i);
		ck_assert_int_eq(d.verdict, VERDICT_DROP);
	}
	gate_free(g);
}
END_TEST

START_TEST(refused_lists_stay_with_the_caller)
{
	struct policy p = short_policy();
	struct lists *lists = list_of("198.18.0.0/16", 0);
	struct gate *g = gate_of(&p);

	p.entries_max++;
	ck_assert(!gate_swap_policy(g, &p, lists));
	ck_assert_ptr_null(gate_lists(g));
	p.entries_max--;
	ck_assert(gate_swap_policy(g, &p, lists));
	ck_assert_ptr_eq(gate_lists(g), lists);
	gate_free(g);
}
END_TEST

START_TEST(lists_may_be_taken_from_a_gate)
{
	struct policy p = short_policy();
	struct lists *lists = list_of("198.18.0.0/16", 0);
	struct gate *g = gate_of(&p);

	ck_assert_ptr_null(gate_take_lists(g));
	ck_assert(gate_swap_policy(g, &p, lists));
	ck_assert_ptr_eq(gate_take_lists(g), lists);
	ck_assert_ptr_null(gate_lists(g));
	lists_free(lists);
	ck_assert(gate_fits(g, &p));
	p.prefix4 = 24;
	ck_assert(!gate_fits(g, &p));
	gate_free(g);
}
END_TEST

START_TEST(more_names_than_fit_cost_nobody_an_entry)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);
	struct effects fx = { .count = 0 };
	struct knowledge k;
	struct addr first = stranger(0);

	knock(g, first, 0);
	for (unsigned i = 0; i < 70000; i++)
		hear(g, stranger(i), NULL, 0, SECOND, &fx);
	k = explain(g, first, SECOND);
	ck_assert_str_eq(k.name, "");
	ck_assert(k.has_entry);
	k = explain(g, stranger(69999), SECOND);
	ck_assert_str_eq(k.name, "mail.example.org");
	ck_assert_uint_eq(gate_count(g).entries, 1);
	ck_assert_uint_eq(gate_count(g).evicted, 0);
	gate_free(g);
}
END_TEST

static void add_tests(TCase *t)
{
	const TTest *const tests[] = {
		the_gate_keeps_a_copy_of_its_policy,
		a_refused_policy_changes_nothing,
		freeing_no_gate_is_fine,
		a_batch_is_judged_in_order,
		a_decision_without_a_recorded_knock_has_no_times,
		packets_outside_the_rule_are_never_repeats,
		ports_sequence_number_and_addresses_tell_attempts_apart,
		a_flood_of_refused_attempts_costs_nobody_a_second_connection,
		the_table_never_holds_more_than_entries_max,
		sweeping_piece_by_piece_reaches_every_place,
		admissions_that_do_not_fit_the_list_are_counted_and_made,
		nobody_is_said_to_be_admitted_in_place_of_its_bringer,
		years_of_uptime_change_nothing,
		an_ipv4_source_is_not_the_ipv6_one_with_the_same_bytes,
		a_thousand_reloads_with_new_names_keep_the_queues_apart,
		refused_lists_stay_with_the_caller,
		lists_may_be_taken_from_a_gate,
		more_names_than_fit_cost_nobody_an_entry,
	};

	for (unsigned i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(t, tests[i]);
}

int main(void)
{
	return unit_main("gate", add_tests);
}
