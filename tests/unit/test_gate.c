/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_gate.c - the gate's promises that no story can tell: memory, bounds, other callers
 *
 * The rule itself is told by tests/replay and compared by tests/prop/prop_gate.c.
 */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "core/gate.h"

#include "unit.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

static struct addr addr_of(const char *text)
{
	struct addr a;

	ck_assert_msg(addr_parse(text, &a), "%s is no address", text);
	return a;
}

/* Its window is an hour; a knock opens it at once. */
static struct policy short_policy(void)
{
	struct policy p = policy_default();

	p.fake[p.fakes++] = addr_of("192.0.2.3");
	p.real[p.reals++] = addr_of("192.0.2.4");
	p.entries_max = POLICY_ENTRIES_MIN;
	p.queue.window_ms = HOUR;
	return p;
}

static struct gate *gate_of(const struct policy *p)
{
	static const uint8_t key[GATE_KEY_BYTES] = "any sixteen byte";
	struct gate *g = gate_new(p, key);

	ck_assert_ptr_nonnull(g);
	return g;
}

/* The number-th of many strangers. */
static struct addr stranger(unsigned number)
{
	struct addr a = addr_of("198.18.0.0");

	a.byte[1] = (uint8_t)(18 + (number >> 16));
	a.byte[2] = (uint8_t)(number >> 8);
	a.byte[3] = (uint8_t)number;
	return a;
}

static struct attempt attempt_from(struct addr src, const char *dst, uint32_t seq)
{
	return (struct attempt){ .src = src, .dst = addr_of(dst), .seq = seq,
				 .sport = 40000, .dport = 25 };
}

static struct decision judge(struct gate *g, struct attempt a, int64_t now_ms)
{
	struct effects fx = { .count = 0 };

	return gate_judge(g, &a, (struct mono){ now_ms }, &fx);
}

static void knock(struct gate *g, struct addr src, int64_t now_ms)
{
	struct attempt a = attempt_from(src, "192.0.2.3", (uint32_t)now_ms);

	ck_assert_int_eq(judge(g, a, now_ms).reason, REASON_KNOCK);
}

static enum reason try_real(struct gate *g, struct addr src, uint32_t seq, int64_t now_ms)
{
	return judge(g, attempt_from(src, "192.0.2.4", seq), now_ms).reason;
}

START_TEST(the_gate_keeps_a_copy_of_its_policy)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);

	p.queue.deny = VERDICT_RESET;
	p.reals = 0;
	ck_assert_int_eq(gate_policy(g)->queue.deny, VERDICT_DROP);
	ck_assert_int_eq(judge(g, attempt_from(stranger(1), "192.0.2.4", 1), 0).verdict,
			 VERDICT_DROP);
	gate_free(g);
}
END_TEST

START_TEST(a_refused_policy_changes_nothing)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);

	p.queue.deny = VERDICT_RESET;
	p.prefix6 = 128;
	ck_assert(!gate_swap_policy(g, &p));
	ck_assert_int_eq(gate_policy(g)->queue.deny, VERDICT_DROP);
	ck_assert_uint_eq(gate_policy(g)->prefix6, 64);
	p.prefix6 = 64;
	ck_assert(gate_swap_policy(g, &p));
	ck_assert_int_eq(gate_policy(g)->queue.deny, VERDICT_RESET);
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

	p.queue.connections = 1;
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
	gate_hear_names(g, &who, list, 3, (struct mono){ 1 }, &fx);
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
	gate_hear_names(g, &who, &sibling, 1, (struct mono){ SECOND }, &fx);
	ck_assert_int_eq(fx.count == 1, try_real(g, sibling, 1, SECOND) == REASON_OPEN);
	gate_free(g);
}
END_TEST

START_TEST(years_of_uptime_change_nothing)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);
	int64_t later = INT64_C(100) * 365 * 24 * HOUR;

	p.queue.window_ms = INT64_C(10) * 365 * 24 * HOUR;
	ck_assert(gate_swap_policy(g, &p));
	knock(g, stranger(1), later);
	ck_assert_int_eq(try_real(g, stranger(1), 1, later), REASON_OPEN);
	later += p.queue.window_ms;
	ck_assert_int_eq(try_real(g, stranger(1), 2, later - 1), REASON_OPEN);
	later += p.queue.window_ms;
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
	};

	for (unsigned i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(t, tests[i]);
}

int main(void)
{
	return unit_main("gate", add_tests);
}
