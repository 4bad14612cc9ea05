/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_marks.c - marks are found once each, wherever they lie
 */
#include <check.h>

#include "core/marks_int.h"

#include "unit.h"

enum { PLACES = 1000, ALL = UINT32_MAX };

static struct marks made(void)
{
	struct marks m;

	ck_assert(marks_init(&m, PLACES));
	return m;
}

START_TEST(each_mark_is_taken_once_and_in_order)
{
	static const uint32_t set[] = { 0, 1, 63, 64, 128, 777, 999 };
	struct marks m = made();
	uint32_t place = 0;

	for (unsigned twice = 0; twice < 2; twice++)
		for (unsigned i = 0; i < 7; i++)
			marks_set(&m, set[6 - i]);
	ck_assert_uint_eq(m.count, 7);
	for (unsigned i = 0; i < 7; i++) {
		ck_assert(marks_take(&m, &place, ALL));
		ck_assert_uint_eq(place, set[i]);
	}
	ck_assert(!marks_take(&m, &place, ALL));
	ck_assert_uint_ge(place, PLACES);
	ck_assert_uint_eq(m.count, 0);
	marks_fini(&m);
}
END_TEST

START_TEST(what_lies_before_the_start_stays)
{
	struct marks m = made();
	uint32_t place = 70;

	marks_set(&m, 69);
	marks_set(&m, 70);
	ck_assert(marks_take(&m, &place, ALL));
	ck_assert_uint_eq(place, 70);
	ck_assert(!marks_take(&m, &place, ALL));
	ck_assert_uint_eq(m.count, 1);
	marks_fini(&m);
}
END_TEST

START_TEST(a_search_can_be_short_and_goes_on_where_it_stopped)
{
	struct marks m = made();
	uint32_t place = 0;

	marks_set(&m, 640);
	ck_assert(!marks_take(&m, &place, 10));
	ck_assert_uint_eq(place, 640);
	ck_assert(marks_take(&m, &place, 1));
	ck_assert_uint_eq(place, 640);
	marks_fini(&m);
}
END_TEST

START_TEST(all_below_an_end_can_be_marked)
{
	static const uint32_t ends[] = { 0, 1, 63, 64, 65, 130, PLACES };

	for (unsigned i = 0; i < 7; i++) {
		struct marks m = made();
		uint32_t place = 0, found = 0;

		marks_set(&m, 70); /* within a word that is filled, or beyond */
		marks_set_below(&m, ends[i]);
		ck_assert_uint_eq(m.count, ends[i] + (ends[i] <= 70));
		for (; marks_take(&m, &place, ALL); place++)
			ck_assert_uint_eq(place, found < ends[i] ? found++ : 70);
		ck_assert_uint_eq(m.count, 0);
		marks_fini(&m);
	}
}
END_TEST

START_TEST(nothing_is_marked_where_there_are_no_marks)
{
	struct marks m = { .count = 0 };
	uint32_t place = 0;

	marks_set(&m, 5);
	marks_set_below(&m, 100);
	ck_assert_uint_eq(m.count, 0);
	ck_assert(!marks_take(&m, &place, ALL));
	ck_assert_uint_eq(place, UINT32_MAX);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, each_mark_is_taken_once_and_in_order);
	tcase_add_test(t, what_lies_before_the_start_stays);
	tcase_add_test(t, a_search_can_be_short_and_goes_on_where_it_stopped);
	tcase_add_test(t, all_below_an_end_can_be_marked);
	tcase_add_test(t, nothing_is_marked_where_there_are_no_marks);
}

int main(void)
{
	return unit_main("marks", add_tests);
}
