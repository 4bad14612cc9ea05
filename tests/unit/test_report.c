/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_report.c - a flood leaves a summary in the log, not a flood
 */
#include <check.h>
#include <stdlib.h>

#include "daemon/report_int.h"

#include "unit.h"

static unsigned let_through(struct report *r, enum reason reason, unsigned lines,
			    struct mono now)
{
	struct decision d = { .verdict = VERDICT_DROP, .reason = reason };
	unsigned count = 0;

	for (unsigned i = 0; i < lines; i++)
		count += report_may(r, &d, now);
	return count;
}

START_TEST(a_burst_is_written_whole)
{
	struct report r;

	report_init(&r, (struct mono){ 5000 });
	ck_assert_uint_eq(let_through(&r, REASON_NO_KNOCK, REPORT_BURST,
				      (struct mono){ 5000 }), REPORT_BURST);
}
END_TEST

START_TEST(a_flood_is_cut_and_counted)
{
	struct report r;

	report_init(&r, (struct mono){ 5000 });
	ck_assert_uint_eq(let_through(&r, REASON_NO_KNOCK, 10000, (struct mono){ 5000 }),
			  REPORT_BURST);
	ck_assert_uint_eq(r.of[REASON_NO_KNOCK].left_out, 10000 - REPORT_BURST);
}
END_TEST

START_TEST(the_budget_comes_back_with_time)
{
	struct report r;

	report_init(&r, (struct mono){ 5000 });
	let_through(&r, REASON_NO_KNOCK, 10000, (struct mono){ 5000 });
	ck_assert_uint_eq(let_through(&r, REASON_NO_KNOCK, 10000, (struct mono){ 6000 }),
			  REPORT_PER_SECOND);
	ck_assert_uint_eq(
		let_through(&r, REASON_NO_KNOCK, 10000, (struct mono){ 3600000 }),
		REPORT_BURST);
}
END_TEST

START_TEST(a_flood_for_one_reason_leaves_the_others_their_lines)
{
	struct report r;

	report_init(&r, (struct mono){ 5000 });
	let_through(&r, REASON_NO_KNOCK, 10000, (struct mono){ 5000 });
	ck_assert_uint_eq(let_through(&r, REASON_OPEN, 1, (struct mono){ 5000 }), 1);
}
END_TEST

START_TEST(proofs_and_votes_have_budgets_of_their_own)
{
	struct report r;
	unsigned proofs = 0;

	report_init(&r, (struct mono){ 5000 });
	for (unsigned i = 0; i < 1000; i++)
		proofs += report_may_proof(&r, (struct mono){ 5000 });
	ck_assert_uint_eq(proofs, REPORT_BURST);
	ck_assert(report_may_vote(&r, (struct mono){ 5000 }));
	ck_assert_uint_eq(let_through(&r, REASON_KNOCK, 1, (struct mono){ 5000 }), 1);
	ck_assert_uint_eq(r.of[REPORT_PROOFS].left_out, 1000 - REPORT_BURST);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, a_burst_is_written_whole);
	tcase_add_test(t, a_flood_is_cut_and_counted);
	tcase_add_test(t, the_budget_comes_back_with_time);
	tcase_add_test(t, proofs_and_votes_have_budgets_of_their_own);
	tcase_add_test(t, a_flood_for_one_reason_leaves_the_others_their_lines);
}

int main(void)
{
	return unit_main("report", add_tests);
}
