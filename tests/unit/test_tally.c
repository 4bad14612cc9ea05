/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_tally.c - what the tally counts, what it leaves out, what it forgets
 */
#include "core/tally.h"

#include <stdlib.h>

#include <check.h>

#include "gate_case.h"
#include "unit.h"

/* The number-th of many, 256 of them in a /24. */
static struct addr neighbour(unsigned number)
{
	struct addr a = addr_of("198.18.0.0");

	a.byte[1] = (uint8_t)(18 + (number >> 16));
	a.byte[2] = (uint8_t)(number >> 8);
	a.byte[3] = (uint8_t)number;
	return a;
}

static struct policy      policy;
static struct tally       *tally;
static struct tally_report *report;

static void make_tally(uint32_t entries_max)
{
	static const uint8_t key[GATE_KEY_BYTES] = "any sixteen byte";

	tally_free(tally);
	policy.entries_max = entries_max;
	tally = tally_new(&policy, key, (struct mono){ 0 });
	ck_assert_ptr_nonnull(tally);
}

static void setup(void)
{
	policy = short_policy();
	tally = NULL;
	make_tally(40000);
	report = calloc(1, sizeof(*report));
	ck_assert_ptr_nonnull(report);
}

static void teardown(void)
{
	tally_free(tally);
	free(report);
}

static void happens(struct addr src, enum reason reason, int64_t ms)
{
	struct attempt a = { .shape = ATTEMPT_SYN,
			     .src = src,
			     .dst = policy.real[0] };
	struct decision d = { .reason = reason };

	tally_note(tally, &a, &d, &policy, (struct mono){ ms });
}

static const struct tally_report *look(void)
{
	*report = (struct tally_report){ .cursor = 0 };
	while (tally_look(tally, report, 1000))
		;
	return report;
}

static void voted(const char *who, enum vote_kind kind, enum vote_outcome outcome)
{
	struct vote v = { .kind = kind, .who = addr_of(who) };

	tally_note_vote(tally, &v, outcome);
}

START_TEST(who_knocks_after_a_refusal_and_comes_in_order_is_good)
{
	struct addr who = addr_of("203.0.113.9");

	happens(who, REASON_NO_KNOCK, 1000);
	ck_assert_uint_eq(tally_total(tally).refused, 1);
	ck_assert_uint_eq(look()->hurts, 0);
	happens(who, REASON_KNOCK, 61000);
	happens(who, REASON_OPEN, 61100);
	ck_assert_uint_eq(look()->totals.good[TALLY_KNOCKED], 1);
	ck_assert_uint_eq(report->hurts, 1);
	ck_assert_int_eq(report->hurt[0].delay_ms, 60100);
	ck_assert_int_eq(report->totals.median_ms, 61000); /* 60 and 61 are one step */
	ck_assert_int_eq(report->totals.p95_ms, report->totals.median_ms);
}
END_TEST

START_TEST(who_came_in_order_at_once_was_not_hurt)
{
	happens(addr_of("203.0.113.9"), REASON_KNOCK, 1000);
	happens(addr_of("203.0.113.9"), REASON_OPEN, 1100);
	ck_assert_uint_eq(look()->totals.attempts, 2);
	ck_assert_uint_eq(report->totals.sources, 1);
	ck_assert_uint_eq(report->totals.refused, 0);
	ck_assert_uint_eq(report->hurts, 0);
}
END_TEST

START_TEST(what_is_no_attempt_at_mail_is_not_counted)
{
	static const enum reason none[] = { REASON_NOT_A_SYN, REASON_MALFORMED,
					    REASON_OTHER_DESTINATION, REASON_UNSURE };

	for (unsigned i = 0; i < 4; i++)
		happens(addr_of("203.0.113.9"), none[i], 1000);
	ck_assert_uint_eq(tally_total(tally).attempts, 0);
	ck_assert_uint_eq(tally_total(tally).sources, 0);
}
END_TEST

START_TEST(a_vote_that_a_list_overrules_proves_nothing)
{
	happens(addr_of("203.0.113.9"), REASON_LISTED_DENY, 1000);
	happens(addr_of("203.0.113.10"), REASON_NO_KNOCK, 1000);
	voted("203.0.113.9", VOTE_WHITE, VOTE_LISTED);
	voted("203.0.113.10", VOTE_BLACK, VOTE_LISTED);
	voted("203.0.113.10", VOTE_FORGET, VOTE_FORGOTTEN);
	voted("203.0.113.11", VOTE_WHITE, VOTE_TRUSTED);
	ck_assert_uint_eq(look()->hurts, 0);
	ck_assert_uint_eq(report->totals.black, 0);
	ck_assert_uint_eq(report->totals.sources, 2);
	voted("203.0.113.10", VOTE_WHITE, VOTE_TRUSTED);
	ck_assert_uint_eq(look()->totals.good[TALLY_PRAISED], 1);
	ck_assert(!report->hurt[0].has_delay);
	ck_assert_uint_eq(report->totals.delays, 0);
}
END_TEST

START_TEST(a_spammer_that_comes_again_is_not_good)
{
	struct addr who = addr_of("203.0.113.66");

	happens(who, REASON_FIRST_TRY, 1000);
	happens(who, REASON_OPEN, 601000);
	ck_assert_uint_eq(look()->totals.good[TALLY_RETRIED], 1);
	voted("203.0.113.66", VOTE_BLACK, VOTE_PENALISED);
	ck_assert_uint_eq(look()->totals.good[TALLY_RETRIED], 0);
	ck_assert_uint_eq(report->totals.black, 1);
	ck_assert_uint_eq(report->totals.delays, 0);
	ck_assert_uint_eq(report->hurts + report->networks, 0);
	voted("203.0.113.66", VOTE_WHITE, VOTE_COUNTED);
	ck_assert_uint_eq(look()->totals.good[TALLY_PRAISED], 1);
	ck_assert_uint_eq(report->totals.black, 0);
	ck_assert_uint_eq(report->totals.delays, 1);
}
END_TEST

START_TEST(three_knocks_over_two_hours_are_a_stuck_sender)
{
	struct addr who = addr_of("203.0.113.9");

	happens(who, REASON_KNOCK, 0);
	happens(who, REASON_KNOCK, TALLY_STUCK_MS - 1);
	ck_assert_uint_eq(look()->stuck, 0);
	happens(who, REASON_KNOCK, TALLY_STUCK_MS + 1000); /* the same try */
	ck_assert_uint_eq(look()->stuck, 0);
	happens(who, REASON_KNOCK, TALLY_STUCK_MS + TALLY_TRY_MS);
	ck_assert_uint_eq(look()->stuck, 1);
	ck_assert_uint_eq(report->stuck_source[0].knocks, 3);
	ck_assert_uint_eq(report->networks, 1);
	ck_assert_uint_eq(report->network[0].stuck, 1);
	happens(who, REASON_OPEN, 2 * TALLY_STUCK_MS);
	ck_assert_uint_eq(look()->stuck, 0);
}
END_TEST

START_TEST(who_comes_by_another_address_of_its_name_is_not_stuck)
{
	struct addr who = addr_of("203.0.113.9"), other = addr_of("2001:db8:7::9");
	struct heard h = { .who = who, .siblings = &other, .count = 1, .is_final = true };

	for (int64_t ms = 0; ms <= TALLY_STUCK_MS; ms += TALLY_STUCK_MS / 2) {
		happens(other, REASON_KNOCK, ms);
		happens(who, REASON_KNOCK, ms);
	}
	tally_note_name(tally, &h);
	ck_assert_uint_eq(look()->stuck, 2);
	happens(other, REASON_OPEN, TALLY_STUCK_MS + 100);
	happens(other, REASON_KNOCK, 2 * TALLY_STUCK_MS);
	happens(who, REASON_KNOCK, 2 * TALLY_STUCK_MS);
	tally_note_name(tally, &h);
	ck_assert_uint_eq(look()->stuck, 0);
}
END_TEST

/* Two addresses of one /64 are one source, which did not come by another one. */
START_TEST(a_neighbour_in_its_own_network_excuses_nobody)
{
	struct addr who = addr_of("2001:db8:7::9"), other = addr_of("2001:db8:7::10");
	struct heard h = { .who = who, .siblings = &other, .count = 1, .is_final = true };

	happens(who, REASON_OPEN, 0);
	for (int64_t ms = 1000; ms <= TALLY_STUCK_MS + 1000; ms += TALLY_STUCK_MS / 2)
		happens(who, REASON_KNOCK, ms);
	tally_note_name(tally, &h);
	ck_assert_uint_eq(look()->stuck, 1);
}
END_TEST

START_TEST(the_end_of_observing_begins_anew)
{
	happens(addr_of("203.0.113.9"), REASON_NO_KNOCK, 1000);
	policy.observe = true;
	happens(addr_of("203.0.113.10"), REASON_KNOCK, 2000);
	ck_assert(look()->totals.observe);
	ck_assert_int_eq(report->totals.since.ms, 2000);
	ck_assert_uint_eq(report->totals.sources, 1);
	ck_assert_uint_eq(report->totals.refused, 0);
	ck_assert_uint_eq(report->totals.unfollowed, 0);
}
END_TEST

/* A hundred that were hurt, then strangers without end: those are told, and what was
 * forgotten is counted. */
START_TEST(a_flood_pushes_out_strangers_first)
{
	enum { HURT = 100, FOLLOWED = 1008, FLOOD = 20000 };

	make_tally(4000); /* 1000, and a shelf more */
	for (unsigned i = 0; i < HURT; i++) {
		happens(neighbour(i), REASON_NO_KNOCK, 1000);
		happens(neighbour(i), REASON_KNOCK, 2000);
		happens(neighbour(i), REASON_OPEN, 3000);
	}
	for (unsigned i = 0; i < FLOOD; i++)
		happens(neighbour(1000 + i), REASON_NO_KNOCK, 4000);
	ck_assert_uint_eq(look()->hurts, HURT);
	ck_assert_uint_eq(report->totals.refused, HURT + FLOOD);
	ck_assert_uint_eq(report->totals.unfollowed, HURT + FLOOD - FOLLOWED);
	policy.observe = true;
	happens(neighbour(0), REASON_KNOCK, 5000);
	ck_assert_uint_eq(tally_total(tally).unfollowed, 0);
}
END_TEST

/* With a prefix6 beyond 64 a source is known by 16 bytes instead of 8. */
START_TEST(hosts_of_one_network_are_told_apart_when_the_prefix_says_so)
{
	enum { HOSTS = 2000 };
	const int64_t month = INT64_C(86400000) * 30;
	struct addr host = addr_of("2001:db8::");

	policy.prefix6 = 128;
	make_tally(40000);
	for (unsigned i = HOSTS; i-- > 0;) {
		host.byte[14] = (uint8_t)(i >> 8);
		host.byte[15] = (uint8_t)i;
		happens(host, REASON_NO_KNOCK, 1000);
		happens(host, REASON_OPEN, 1000 + month);
	}
	ck_assert_uint_eq(look()->totals.sources, HOSTS);
	ck_assert_uint_eq(report->hurts, TALLY_TOLD);
	for (unsigned i = 0; i < TALLY_TOLD; i++) {
		host.byte[14] = 0;
		host.byte[15] = (uint8_t)i;
		ck_assert(addr_is_equal(&report->hurt[i].source.addr, &host));
		ck_assert_uint_eq(report->hurt[i].source.bits, 128);
		ck_assert_int_eq(report->hurt[i].delay_ms, month);
	}
}
END_TEST

START_TEST(the_most_refused_are_told_first)
{
	for (unsigned i = 0; i < TALLY_TOLD + 50; i++) {
		for (unsigned n = 0; n <= i; n++)
			happens(neighbour(i), REASON_NO_KNOCK, 1000);
		happens(neighbour(i), REASON_OPEN, 2000);
	}
	ck_assert_uint_eq(look()->hurts, TALLY_TOLD);
	ck_assert_uint_eq(report->totals.good[TALLY_RETRIED], TALLY_TOLD + 50);
	for (unsigned i = 0; i < TALLY_TOLD; i++)
		ck_assert_uint_eq(report->hurt[i].refused, TALLY_TOLD + 50 - i);
}
END_TEST

START_TEST(equal_ones_are_told_by_address)
{
	for (unsigned i = 250; i-- > 0;) {
		happens(neighbour(256 * (i % 20) + i), REASON_NO_KNOCK, 1000);
		happens(neighbour(256 * (i % 20) + i), REASON_OPEN, 2000);
	}
	look();
	ck_assert_uint_eq(report->networks, TALLY_NETWORKS);
	for (unsigned i = 0; i < TALLY_NETWORKS; i++) {
		struct addr want = neighbour(256 * i);

		ck_assert(addr_is_equal(&report->network[i].net.addr, &want));
		ck_assert_uint_eq(report->network[i].net.bits, 24);
		ck_assert_uint_eq(report->network[i].sources, 13);
	}
}
END_TEST

START_TEST(a_network_beyond_the_memory_is_counted)
{
	enum { NETWORKS = 7000, ROOM = TALLY_NETWORK_SLOTS / 4 * 3 };

	make_tally(16 * NETWORKS);
	for (unsigned i = 0; i < NETWORKS; i++) {
		happens(neighbour(256 * i), REASON_NO_KNOCK, 1000);
		happens(neighbour(256 * i), REASON_OPEN, 2000);
	}
	ck_assert_uint_eq(look()->unplaced, NETWORKS - ROOM);
	ck_assert_uint_eq(report->networks, TALLY_NETWORKS);
	ck_assert_uint_eq(report->totals.good[TALLY_RETRIED], NETWORKS);
}
END_TEST

START_TEST(a_name_that_comes_a_moment_later_ends_the_refusal)
{
	struct addr early = addr_of("203.0.113.9"), late = addr_of("203.0.113.10");

	happens(early, REASON_NO_KNOCK, 1000);
	happens(late, REASON_NO_KNOCK, 1000);
	tally_note_opening(tally, &early, TALLY_LISTED, (struct mono){ 1020 });
	tally_note_opening(tally, &late, TALLY_LISTED,
			   (struct mono){ 1001 + TALLY_PATIENCE_MS });
	ck_assert_uint_eq(look()->totals.good[TALLY_LISTED], 1);
	ck_assert_int_eq(report->hurt[0].delay_ms, TALLY_REPEAT_MS);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, who_knocks_after_a_refusal_and_comes_in_order_is_good);
	tcase_add_test(t, who_came_in_order_at_once_was_not_hurt);
	tcase_add_test(t, what_is_no_attempt_at_mail_is_not_counted);
	tcase_add_test(t, a_vote_that_a_list_overrules_proves_nothing);
	tcase_add_test(t, a_spammer_that_comes_again_is_not_good);
	tcase_add_test(t, three_knocks_over_two_hours_are_a_stuck_sender);
	tcase_add_test(t, who_comes_by_another_address_of_its_name_is_not_stuck);
	tcase_add_test(t, a_neighbour_in_its_own_network_excuses_nobody);
	tcase_add_test(t, the_end_of_observing_begins_anew);
	tcase_add_test(t, a_flood_pushes_out_strangers_first);
	tcase_add_test(t, hosts_of_one_network_are_told_apart_when_the_prefix_says_so);
	tcase_add_test(t, the_most_refused_are_told_first);
	tcase_add_test(t, equal_ones_are_told_by_address);
	tcase_add_test(t, a_network_beyond_the_memory_is_counted);
	tcase_add_test(t, a_name_that_comes_a_moment_later_ends_the_refusal);
}

int main(void)
{
	return unit_main("tally", add_tests);
}
