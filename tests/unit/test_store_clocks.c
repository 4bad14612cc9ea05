/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_store_clocks.c - how much time has passed, whatever the wall clock says
 */
#include <check.h>

#include "store/clocks_int.h"

#include "store_case.h"

#include "unit.h"

enum { HOUR_S = 3600, DAY_S = 24 * HOUR_S };

static const struct clocks_stamp then = { "this boot", { BOOT, NOW } };

static int64_t elapsed(const char *boot, int64_t boot_s, int64_t wall,
		       enum clocks_doubt *doubt)
{
	const struct store_clocks now = { boot_s, wall };

	return clocks_elapsed(&then, boot, &now, doubt);
}

START_TEST(within_one_boot_the_wall_clock_has_no_say)
{
	static const int64_t walls[] = { 0, NOW - 400 * DAY_S, NOW,
					 NOW + 9000 * (int64_t)DAY_S };
	enum clocks_doubt doubt;

	for (unsigned i = 0; i < 4; i++) {
		ck_assert_int_eq(elapsed("this boot", BOOT + 77, walls[i], &doubt), 77);
		ck_assert_int_eq(doubt, CLOCKS_FINE);
	}
	/* even for months */
	ck_assert_int_eq(elapsed("this boot", BOOT + 90 * (int64_t)DAY_S, 0, &doubt),
			 90 * (int64_t)DAY_S);
}
END_TEST

START_TEST(after_another_boot_the_wall_clock_is_believed_for_a_week)
{
	enum clocks_doubt doubt;

	ck_assert_int_eq(elapsed("another", 10, NOW + HOUR_S, &doubt), HOUR_S);
	ck_assert_int_eq(doubt, CLOCKS_FINE);
	ck_assert_int_eq(elapsed("another", 10, NOW + 7 * DAY_S, &doubt), 7 * DAY_S);
	ck_assert_int_eq(doubt, CLOCKS_FINE);
	ck_assert_int_eq(elapsed("another", 10, NOW + 7 * DAY_S + 1, &doubt), 7 * DAY_S);
	ck_assert_int_eq(doubt, CLOCKS_TOO_FAR);
}
END_TEST

START_TEST(a_clock_that_was_set_back_makes_nothing_younger)
{
	enum clocks_doubt doubt;

	ck_assert_int_eq(elapsed("another", 10, NOW - 1, &doubt), 0);
	ck_assert_int_eq(doubt, CLOCKS_BACKWARDS);
	ck_assert_int_eq(elapsed("another", 10, 0, &doubt), 0);
}
END_TEST

START_TEST(a_boot_without_a_name_is_another_one)
{
	struct clocks_stamp nameless = { "", { BOOT, NOW } };
	const struct store_clocks now = { BOOT + 5, NOW + 60 };
	enum clocks_doubt doubt;

	ck_assert_int_eq(clocks_elapsed(&nameless, "", &now, &doubt), 60);
	/* and one that ran backwards was not this one */
	ck_assert_int_eq(elapsed("this boot", BOOT - 1, NOW + 60, &doubt), 60);
}
END_TEST

/* --- the same through a file ------------------------------------------------ */

START_TEST(the_file_knows_what_time_it_is_by_its_own_scale)
{
	struct store_case c = case_of();

	case_try(&c);
	case_put(&c, case_entry(1));
	case_commit(&c);
	/* half an hour later, and the wall clock was set to another year meanwhile */
	c.clocks.boot += HOUR_S / 2;
	c.clocks.wall += 400 * DAY_S;
	case_restart(&c);
	ck_assert_int_eq(case_news(&c, STORE_OPENED)->of.opened.now, NOW + HOUR_S / 2);
	ck_assert_int_eq(case_news(&c, STORE_ROW)->of.row.of.entry.closes, NOW + HOUR_S);
	ck_assert_ptr_null(case_news(&c, STORE_NOTE));
	case_over(&c);
}
END_TEST

START_TEST(a_wrong_clock_after_a_boot_is_told)
{
	static const int64_t off[] = { -HOUR_S, 8 * DAY_S };
	static const int64_t passed[] = { 0, 7 * DAY_S };

	for (unsigned i = 0; i < 2; i++) {
		struct store_case c = case_of();

		case_try(&c);
		case_put(&c, case_entry(1));
		case_commit(&c);
		snprintf(c.conf.boot, sizeof(c.conf.boot), "another");
		c.clocks = (struct store_clocks){ 10, NOW + off[i] };
		case_restart(&c);
		ck_assert_int_eq(case_news(&c, STORE_OPENED)->of.opened.now,
				 NOW + passed[i]);
		ck_assert_ptr_nonnull(case_news(&c, STORE_NOTE));
		case_over(&c);
	}
}
END_TEST

START_TEST(a_forged_stamp_is_no_danger)
{
	static const char *const forged[] = {
		"UPDATE meta SET value = -5 WHERE key = 'boot_seconds'",
		"UPDATE meta SET value = 9223372036854775807 WHERE key = 'wall_seconds'",
		"UPDATE meta SET value = 'noon' WHERE key = 'wall_seconds'",
		"UPDATE meta SET value = zeroblob(500) WHERE key = 'boot'",
		"DELETE FROM meta WHERE key LIKE '%seconds'",
		"UPDATE meta SET value = 9223372036854775807 WHERE key = 'boot_seconds'",
	};

	for (unsigned i = 0; i < sizeof(forged) / sizeof(forged[0]); i++) {
		struct store_case c = case_of();
		int64_t now;

		case_try(&c);
		case_put(&c, case_entry(1));
		case_commit(&c);
		case_end(&c);
		case_sql(&c, forged[i]);
		case_start(&c);
		case_try(&c);
		ck_assert_ptr_nonnull(case_news(&c, STORE_LOADED));
		now = case_news(&c, STORE_OPENED)->of.opened.now;
		ck_assert_int_ge(now, NOW);
		ck_assert_int_le(now, NOW + 7 * DAY_S);
		case_over(&c);
	}
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, within_one_boot_the_wall_clock_has_no_say);
	tcase_add_test(t, after_another_boot_the_wall_clock_is_believed_for_a_week);
	tcase_add_test(t, a_clock_that_was_set_back_makes_nothing_younger);
	tcase_add_test(t, a_boot_without_a_name_is_another_one);
	tcase_add_test(t, the_file_knows_what_time_it_is_by_its_own_scale);
	tcase_add_test(t, a_wrong_clock_after_a_boot_is_told);
	tcase_add_test(t, a_forged_stamp_is_no_danger);
}

int main(void)
{
	return unit_main("store_clocks", add_tests);
}
