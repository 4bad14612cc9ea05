/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_votes.c - votes by the thousand: what stays bounded, and who is remembered
 *
 * What one vote does is told by tests/replay and compared by tests/prop/prop_gate.c.
 */
#include <stdlib.h>

#include <check.h>

#include "gate_case.h"
#include "unit.h"

enum { RECORDS_MAX = POLICY_ENTRIES_MIN / 8 + 1 };

static const struct addr nobody = { .family = ADDR_NONE };

/* Two strikes start a penalty of twelve hours. */
static struct gate *strict_gate(void)
{
	struct policy p = short_policy();

	p.penalty.strikes = 2;
	return gate_of(&p);
}

static void punish(struct gate *g, struct addr who, int64_t now_ms)
{
	ck_assert_int_eq(vote(g, VOTE_BLACK, who, now_ms), VOTE_COUNTED);
	ck_assert_int_eq(vote(g, VOTE_BLACK, who, now_ms), VOTE_PENALISED);
}

START_TEST(a_flood_of_single_strikes_pushes_no_penalty_out)
{
	struct gate *g = strict_gate();

	for (unsigned i = 0; i < 10; i++)
		punish(g, stranger(i), 0);
	for (unsigned i = 10; i < 5000; i++) {
		ck_assert_int_eq(vote(g, VOTE_BLACK, stranger(i), i), VOTE_COUNTED);
		ck_assert_uint_le(gate_count(g).records, RECORDS_MAX);
	}
	ck_assert_uint_eq(gate_count(g).records, RECORDS_MAX);
	for (unsigned i = 0; i < 10; i++)
		ck_assert_int_eq(try_real(g, stranger(i), i, HOUR), REASON_PENALTY);
	/* of the strikes the last ones are there */
	ck_assert_int_eq(vote(g, VOTE_BLACK, stranger(4999), HOUR), VOTE_PENALISED);
	ck_assert_int_eq(vote(g, VOTE_BLACK, stranger(10), HOUR), VOTE_COUNTED);
	gate_free(g);
}
END_TEST

START_TEST(of_too_many_penalties_the_oldest_goes)
{
	struct gate *g = strict_gate();

	for (unsigned i = 0; i < RECORDS_MAX + 10; i++)
		punish(g, stranger(i), i);
	ck_assert_uint_eq(gate_count(g).records, RECORDS_MAX);
	ck_assert_int_eq(try_real(g, stranger(0), 1, SECOND), REASON_NO_KNOCK);
	ck_assert_int_eq(try_real(g, stranger(9), 1, SECOND), REASON_NO_KNOCK);
	ck_assert_int_eq(try_real(g, stranger(10), 1, SECOND), REASON_PENALTY);
	ck_assert_int_eq(try_real(g, stranger(RECORDS_MAX + 9), 1, SECOND),
			 REASON_PENALTY);
	gate_free(g);
}
END_TEST

START_TEST(votes_make_no_entries_but_white_ones_do)
{
	struct gate *g = strict_gate();

	for (unsigned i = 0; i < 3 * POLICY_ENTRIES_MIN; i++)
		vote(g, VOTE_BLACK, stranger(i), i);
	ck_assert_uint_eq(gate_count(g).entries, 0);
	ck_assert_int_eq(vote(g, VOTE_WHITE, stranger(1), 4000), VOTE_TRUSTED);
	ck_assert_uint_eq(gate_count(g).entries, 1);
	gate_free(g);
}
END_TEST

/* A thousand strangers knock: the table is full of them. */
START_TEST(the_trusted_are_not_pushed_out_by_strangers)
{
	struct gate *g = strict_gate();

	vote(g, VOTE_WHITE, addr_of("203.0.113.9"), 0);
	for (unsigned i = 0; i < 3 * POLICY_ENTRIES_MIN; i++)
		knock(g, stranger(i), i);
	ck_assert_int_eq(try_real(g, addr_of("203.0.113.9"), 1, 4000), REASON_OPEN);
	gate_free(g);
}
END_TEST

START_TEST(forgetting_all_leaves_a_gate_as_good_as_new)
{
	struct gate *g = strict_gate();

	for (unsigned i = 0; i < POLICY_ENTRIES_MIN; i++) {
		knock(g, stranger(i), i);
		vote(g, VOTE_BLACK, stranger(i), i);
	}
	ck_assert_int_eq(vote(g, VOTE_FORGET_ALL, nobody, SECOND), VOTE_FORGOTTEN);
	ck_assert_uint_eq(gate_count(g).entries, 0);
	ck_assert_uint_eq(gate_count(g).used, 0);
	ck_assert_uint_eq(gate_count(g).records, 0);
	ck_assert_int_eq(vote(g, VOTE_FORGET_ALL, nobody, SECOND), VOTE_UNKNOWN);
	ck_assert_int_eq(vote(g, VOTE_BLACK, stranger(1), SECOND), VOTE_COUNTED);
	for (unsigned i = 0; i < POLICY_ENTRIES_MIN; i++) {
		knock(g, stranger(i), 2 * SECOND);
		ck_assert_int_eq(try_real(g, stranger(i), i, 2 * SECOND), REASON_OPEN);
	}
	ck_assert_uint_eq(gate_count(g).used, POLICY_ENTRIES_MIN);
	gate_free(g);
}
END_TEST

START_TEST(forgetting_penalties_leaves_windows_alone)
{
	struct gate *g = strict_gate();

	knock(g, stranger(1), 0);
	punish(g, stranger(1), 0);
	vote(g, VOTE_BLACK, stranger(2), 0);
	ck_assert_int_eq(vote(g, VOTE_FORGET_PENALTIES, nobody, 1), VOTE_FORGOTTEN);
	ck_assert_int_eq(vote(g, VOTE_FORGET_PENALTIES, nobody, 1), VOTE_UNKNOWN);
	ck_assert_int_eq(try_real(g, stranger(1), 1, 2), REASON_OPEN);
	/* strikes went as well */
	ck_assert_int_eq(vote(g, VOTE_BLACK, stranger(2), 2), VOTE_COUNTED);
	gate_free(g);
}
END_TEST

START_TEST(white_votes_of_long_ago_do_not_add_up)
{
	struct policy p = short_policy();
	struct gate *g;

	p.trust.votes = 2;
	p.trust.time_ms = HOUR;
	g = gate_of(&p);
	ck_assert_int_eq(vote(g, VOTE_WHITE, stranger(1), 0), VOTE_COUNTED);
	ck_assert_int_eq(vote(g, VOTE_WHITE, stranger(1), HOUR), VOTE_COUNTED);
	ck_assert_int_eq(vote(g, VOTE_WHITE, stranger(1), 2 * HOUR - 1), VOTE_TRUSTED);
	gate_free(g);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, a_flood_of_single_strikes_pushes_no_penalty_out);
	tcase_add_test(t, of_too_many_penalties_the_oldest_goes);
	tcase_add_test(t, votes_make_no_entries_but_white_ones_do);
	tcase_add_test(t, the_trusted_are_not_pushed_out_by_strangers);
	tcase_add_test(t, forgetting_all_leaves_a_gate_as_good_as_new);
	tcase_add_test(t, forgetting_penalties_leaves_windows_alone);
	tcase_add_test(t, white_votes_of_long_ago_do_not_add_up);
}

int main(void)
{
	return unit_main("votes", add_tests);
}
