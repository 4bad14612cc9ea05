/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_admit_keep.c - a table that holds more than we know of
 */
#include "admit_case.h"
#include "unit.h"

static void begin(struct scene *s)
{
	scene_begin(s);
	put(s, "table", "192.0.2.1\n192.0.2.2\n");
	scene_open(s);
	admit_keep(s->admit);
	rest(s);
	ck_assert_str_eq(get(s, "runs"), "");
}

START_TEST(what_is_not_known_stays)
{
	struct scene s;

	begin(&s);
	add(&s, "192.0.2.9");
	rest(&s);
	ck_assert_str_eq(get(&s, "table"), "192.0.2.1\n192.0.2.2\n192.0.2.9\n");
	ck_assert_str_eq(get(&s, "runs"), "add 1\n");
	add(&s, "192.0.2.9");
	rest(&s);
	ck_assert_str_eq(get(&s, "runs"), "add 1\n");
	take_out(&s, "192.0.2.9");
	rest(&s);
	ck_assert_str_eq(get(&s, "table"), "192.0.2.1\n192.0.2.2\n");
	scene_end(&s);
}
END_TEST

START_TEST(what_is_not_known_can_be_taken_out)
{
	struct scene s;

	begin(&s);
	take_out(&s, "192.0.2.1");
	rest(&s);
	ck_assert_str_eq(get(&s, "table"), "192.0.2.2\n");
	scene_end(&s);
}
END_TEST

/* A run that fails may have done nothing, all of it, or half. */
START_TEST(after_trouble_every_word_is_said_again)
{
	static const char *const fails[] = {
		"exit 1\n",
		"cat >in; sort -u table in >new; mv new table; exit 1\n",
		"cat >in; sort -u in | comm -23 table - >new; mv new table; exit 1\n",
	};
	struct scene s;

	begin(&s);
	add(&s, "192.0.2.8");
	add(&s, "192.0.2.9");
	rest(&s);
	put(&s, "wrong", fails[_i]);
	take_out(&s, "192.0.2.1");
	take_out(&s, "192.0.2.8");
	add(&s, "192.0.2.10");
	until(&s, ADMIT_TROUBLE);
	take_out(&s, "192.0.2.10");
	add(&s, "192.0.2.11");
	s.speed = 5;
	while (admit_count(s.admit).failed < 3)
		(void)tick(&s);
	add(&s, "192.0.2.8");
	put(&s, "wrong", "");
	while (s.news_count < 2)
		(void)tick(&s);
	rest(&s);
	ck_assert_str_eq(get(&s, "table"),
			 "192.0.2.11\n192.0.2.2\n192.0.2.8\n192.0.2.9\n");
	ck_assert_ptr_null(strstr(get(&s, "args"), "replace"));
	scene_end(&s);
}
END_TEST

START_TEST(what_is_said_while_pfctl_runs_comes_out_right)
{
	struct scene s;

	begin(&s);
	put(&s, "wrong", "sleep 0.3\n");
	add(&s, "192.0.2.9");
	while (lines_of(get(&s, "args")) < 1)
		(void)tick(&s);
	take_out(&s, "192.0.2.9");
	take_out(&s, "192.0.2.1");
	add(&s, "192.0.2.1");
	add(&s, "192.0.2.2");
	take_out(&s, "192.0.2.2");
	rest(&s);
	ck_assert_str_eq(get(&s, "table"), "192.0.2.1\n");
	scene_end(&s);
}
END_TEST

START_TEST(a_resync_ends_it)
{
	struct scene s;

	begin(&s);
	add(&s, "192.0.2.9");
	rest(&s);
	admit_resync(s.admit, s.now);
	rest(&s);
	ck_assert_str_eq(get(&s, "table"), "192.0.2.9\n");
	ck_assert_str_eq(get(&s, "runs"), "add 1\nreplace 1\n");
	scene_end(&s);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_set_timeout(t, 60);
	tcase_add_test(t, what_is_not_known_stays);
	tcase_add_test(t, what_is_not_known_can_be_taken_out);
	tcase_add_loop_test(t, after_trouble_every_word_is_said_again, 0, 3);
	tcase_add_test(t, what_is_said_while_pfctl_runs_comes_out_right);
	tcase_add_test(t, a_resync_ends_it);
}

int main(void)
{
	return unit_main("admit_keep", add_tests);
}
