/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_record.c - strikes, white votes and penalties of one source, to the millisecond
 */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "core/record_int.h"

#include "unit.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

static struct mono at(int64_t ms)
{
	return (struct mono){ ms };
}

static struct penalty penalty_of(unsigned strikes, int64_t within_ms, int64_t time_ms)
{
	return (struct penalty){ .strikes = strikes, .within_ms = within_ms,
				 .time_ms = time_ms, .action = VERDICT_DROP,
				 .escalate = 1, .time_max_ms = 30 * HOUR };
}

static bool has_expired(const struct record *r, int64_t now_ms)
{
	return record_has_expired(NULL, &r->node, at(now_ms));
}

START_TEST(a_strike_counts_until_its_last_millisecond)
{
	struct penalty p = penalty_of(2, HOUR, MINUTE);
	struct record early = { 0 }, late = { 0 };

	ck_assert(!record_strike(&early, &p, at(SECOND)));
	late = early;
	ck_assert_uint_eq(record_strikes(&early, &p, at(SECOND + HOUR - 1)), 1);
	ck_assert(record_strike(&early, &p, at(SECOND + HOUR - 1)));
	ck_assert_uint_eq(record_strikes(&late, &p, at(SECOND + HOUR)), 0);
	ck_assert(!record_strike(&late, &p, at(SECOND + HOUR)));
	ck_assert_uint_eq(record_strikes(&late, &p, at(SECOND + HOUR)), 1);
}
END_TEST

START_TEST(as_many_strikes_as_the_policy_may_ask_for_are_remembered)
{
	struct penalty p = penalty_of(POLICY_STRIKES_MAX, POLICY_STRIKES_MAX, MINUTE);
	struct record r = { 0 };

	for (int i = 0; i < POLICY_STRIKES_MAX - 1; i++)
		ck_assert(!record_strike(&r, &p, at(i)));
	ck_assert(record_strike(&r, &p, at(POLICY_STRIKES_MAX - 1)));
}
END_TEST

/* One millisecond too slow, for ever. */
START_TEST(beyond_them_the_oldest_gives_way)
{
	struct penalty p = penalty_of(POLICY_STRIKES_MAX, POLICY_STRIKES_MAX - 1, MINUTE);
	struct record r = { 0 };

	for (int i = 0; i < 100; i++)
		ck_assert(!record_strike(&r, &p, at(i)));
	ck_assert_uint_eq(record_strikes(&r, &p, at(99)), POLICY_STRIKES_MAX - 1);
	p.within_ms++;
	ck_assert(record_strike(&r, &p, at(100)));
}
END_TEST

START_TEST(a_penalty_uses_up_the_strikes_and_ends_on_time)
{
	struct penalty p = penalty_of(2, HOUR, MINUTE);
	struct record r = { 0 };

	record_strike(&r, &p, at(0));
	ck_assert(!record_is_penalised(&r, at(0)));
	ck_assert(record_strike(&r, &p, at(SECOND)));
	ck_assert_uint_eq(record_strikes(&r, &p, at(SECOND)), 0);
	ck_assert_uint_eq(r.penalties, 1);
	ck_assert(record_is_penalised(&r, at(SECOND)));
	ck_assert(record_is_penalised(&r, at(SECOND + MINUTE - 1)));
	ck_assert(!record_is_penalised(&r, at(SECOND + MINUTE)));
}
END_TEST

START_TEST(a_shorter_penalty_does_not_end_a_longer_one)
{
	struct penalty p = penalty_of(1, HOUR, MINUTE);
	struct record r = { 0 };

	record_penalise(&r, &p, HOUR, at(0));
	record_penalise(&r, &p, MINUTE, at(SECOND));
	ck_assert(record_is_penalised(&r, at(HOUR - 1)));
	ck_assert(!record_is_penalised(&r, at(HOUR)));
}
END_TEST

/* The n-th penalty in a row, each after the end of the one before. */
static int64_t nth_span(const struct penalty *p, unsigned n)
{
	struct record r = { 0 };
	int64_t now = 0;

	for (; n > 1; n--) {
		record_strike(&r, p, at(now));
		now = r.penalty.ms;
	}
	record_strike(&r, p, at(now));
	return r.penalty.ms - now;
}

START_TEST(repeated_penalties_grow_up_to_the_longest)
{
	struct penalty p = penalty_of(1, HOUR, HOUR);

	p.escalate = 3;
	ck_assert_int_eq(nth_span(&p, 1), HOUR);
	ck_assert_int_eq(nth_span(&p, 2), 3 * HOUR);
	ck_assert_int_eq(nth_span(&p, 4), 27 * HOUR);
	ck_assert_int_eq(nth_span(&p, 5), 30 * HOUR);
	ck_assert_int_eq(nth_span(&p, 300), 30 * HOUR);
	p.escalate = 1;
	ck_assert_int_eq(nth_span(&p, 300), HOUR);
}
END_TEST

START_TEST(no_growth_is_too_large_to_be_worked_out)
{
	struct penalty p = penalty_of(1, HOUR, HOUR);

	p.escalate = UINT32_MAX;
	ck_assert_int_eq(nth_span(&p, 2), 30 * HOUR);
	p.time_max_ms = INT64_C(100) * 365 * 24 * HOUR;
	p.time_ms = p.time_max_ms - 1;
	ck_assert_int_eq(nth_span(&p, 1), p.time_max_ms - 1);
	ck_assert_int_eq(nth_span(&p, 2), p.time_max_ms);
	ck_assert_int_eq(nth_span(&p, 3), p.time_max_ms);
}
END_TEST

/* What a reload makes of it: the longest time is shorter than the first. */
START_TEST(without_growth_the_longest_time_means_nothing)
{
	struct penalty p = penalty_of(1, HOUR, HOUR);

	p.time_max_ms = MINUTE;
	ck_assert_int_eq(nth_span(&p, 2), HOUR);
	p.escalate = 2;
	ck_assert_int_eq(nth_span(&p, 2), MINUTE);
}
END_TEST

START_TEST(praise_clears_strikes_and_is_trust_when_there_is_enough)
{
	struct policy p = policy_default();
	struct record r = { 0 };

	p.penalty = penalty_of(3, HOUR, MINUTE);
	p.trust.votes = 2;
	record_strike(&r, &p.penalty, at(0));
	record_strike(&r, &p.penalty, at(0));
	ck_assert(!record_praise(&r, &p, at(1)));
	ck_assert_uint_eq(record_strikes(&r, &p.penalty, at(1)), 0);
	ck_assert_uint_eq(r.whites, 1);
	record_penalise(&r, &p.penalty, HOUR, at(2));
	ck_assert(record_praise(&r, &p, at(3)));
	ck_assert_uint_eq(r.whites, 0);
	ck_assert(!record_is_penalised(&r, at(3)));
}
END_TEST

START_TEST(a_record_is_kept_as_long_as_it_matters)
{
	struct policy p = policy_default();
	struct record struck = { 0 }, punished = { 0 }, grown = { 0 }, praised = { 0 };

	p.penalty = penalty_of(2, MINUTE, HOUR);
	p.trust.votes = 2;
	p.trust.time_ms = 5 * MINUTE;

	record_strike(&struck, &p.penalty, at(0));
	ck_assert(!has_expired(&struck, MINUTE - 1));
	ck_assert(has_expired(&struck, MINUTE));

	record_penalise(&punished, &p.penalty, SECOND, at(0));
	ck_assert(!has_expired(&punished, SECOND - 1));
	ck_assert(has_expired(&punished, SECOND));

	/* a former penalty makes the next one longer: it is not forgotten with its end */
	p.penalty.escalate = 2;
	record_penalise(&grown, &p.penalty, SECOND, at(0));
	ck_assert(!has_expired(&grown, SECOND + p.penalty.time_max_ms - 1));
	ck_assert(has_expired(&grown, SECOND + p.penalty.time_max_ms));

	record_praise(&praised, &p, at(0));
	ck_assert(!has_expired(&praised, 5 * MINUTE - 1));
	ck_assert(has_expired(&praised, 5 * MINUTE));
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, a_strike_counts_until_its_last_millisecond);
	tcase_add_test(t, as_many_strikes_as_the_policy_may_ask_for_are_remembered);
	tcase_add_test(t, beyond_them_the_oldest_gives_way);
	tcase_add_test(t, a_penalty_uses_up_the_strikes_and_ends_on_time);
	tcase_add_test(t, a_shorter_penalty_does_not_end_a_longer_one);
	tcase_add_test(t, repeated_penalties_grow_up_to_the_longest);
	tcase_add_test(t, no_growth_is_too_large_to_be_worked_out);
	tcase_add_test(t, without_growth_the_longest_time_means_nothing);
	tcase_add_test(t, praise_clears_strikes_and_is_trust_when_there_is_enough);
	tcase_add_test(t, a_record_is_kept_as_long_as_it_matters);
}

int main(void)
{
	return unit_main("record", add_tests);
}
