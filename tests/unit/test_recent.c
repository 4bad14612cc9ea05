/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_recent.c - attempts of the last three minutes, two to a pair
 */
#include <check.h>

#include "core/recent_int.h"

#include "unit.h"

/* Ids that differ in their high half fall into the same pair. */
static uint64_t id_of(uint32_t n)
{
	return (uint64_t)n << 32;
}

static const struct mono start = { 5000 };

START_TEST(what_was_noted_is_found_and_nothing_else_is)
{
	struct recent *r = recent_new(4096);

	ck_assert_uint_eq(recent_find(r, id_of(0), start), 0);
	recent_note(r, id_of(1), start, 7);
	ck_assert_uint_eq(recent_find(r, id_of(1), start), 7);
	ck_assert_uint_eq(recent_find(r, id_of(2), start), 0);
	ck_assert_uint_eq(recent_find(r, id_of(1) + 1, start), 0);
	recent_free(r);
}
END_TEST

START_TEST(noting_again_replaces_in_either_place)
{
	struct recent *r = recent_new(4096);

	recent_note(r, id_of(1), start, 1);
	recent_note(r, id_of(2), start, 2);
	recent_note(r, id_of(1), start, 3);
	recent_note(r, id_of(2), start, 4);
	ck_assert_uint_eq(recent_find(r, id_of(1), start), 3);
	ck_assert_uint_eq(recent_find(r, id_of(2), start), 4);
	recent_free(r);
}
END_TEST

START_TEST(the_older_of_two_gives_way)
{
	struct recent *r = recent_new(4096);

	recent_note(r, id_of(1), start, 1);
	recent_note(r, id_of(2), mono_after(start, 1000), 2);
	recent_note(r, id_of(1), mono_after(start, 2000),
		    1); /* renewed: 2 is older now */
	recent_note(r, id_of(3), mono_after(start, 3000), 3);
	ck_assert_uint_eq(recent_find(r, id_of(2), mono_after(start, 3000)), 0);
	ck_assert_uint_eq(recent_find(r, id_of(1), mono_after(start, 3000)), 1);
	ck_assert_uint_eq(recent_find(r, id_of(3), mono_after(start, 3000)), 3);
	recent_free(r);
}
END_TEST

START_TEST(an_attempt_is_forgotten_after_its_time)
{
	struct recent *r = recent_new(4096);

	recent_note(r, id_of(1), start, 1);
	ck_assert_uint_eq(recent_find(r, id_of(1), mono_after(start, RECENT_MS)), 1);
	ck_assert_uint_eq(recent_find(r, id_of(1), mono_after(start, RECENT_MS + 1000)),
			  0);
	recent_free(r);
}
END_TEST

START_TEST(an_age_is_told_in_whole_seconds_until_it_is_forgotten)
{
	struct recent *r = recent_new(2);

	ck_assert_int_lt(recent_age(r, id_of(1), start), 0);
	recent_note(r, id_of(1), start, 1);
	ck_assert_int_eq(recent_age(r, id_of(1), start), 0);
	ck_assert_int_eq(recent_age(r, id_of(1), (struct mono){ start.ms + 999 }), 0);
	ck_assert_int_eq(recent_age(r, id_of(1), (struct mono){ start.ms + 1000 }), 1);
	ck_assert_int_eq(recent_age(r, id_of(1), mono_after(start, RECENT_MS)),
			 RECENT_MS / 1000);
	ck_assert_int_lt(recent_age(r, id_of(1), mono_after(start, RECENT_MS + 1000)), 0);
	/* Two pairs, so every second id falls into the other. */
	recent_note(r, id_of(2) + 1, start, 1);
	recent_note(r, id_of(3) + 1, start, 1);
	ck_assert_int_eq(recent_age(r, id_of(1), start), 0);
	recent_free(r);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, what_was_noted_is_found_and_nothing_else_is);
	tcase_add_test(t, noting_again_replaces_in_either_place);
	tcase_add_test(t, the_older_of_two_gives_way);
	tcase_add_test(t, an_attempt_is_forgotten_after_its_time);
	tcase_add_test(t, an_age_is_told_in_whole_seconds_until_it_is_forgotten);
}

int main(void)
{
	return unit_main("recent", add_tests);
}
