/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_admit_trouble.c - a pfctl that fails, hangs, babbles or does not listen
 */
#include "admit_case.h"
#include "unit.h"

static void saw_trouble_then_well(const struct scene *s)
{
	ck_assert_uint_eq(s->news_count, 2);
	ck_assert_int_eq(s->news[0], ADMIT_TROUBLE);
	ck_assert_int_eq(s->news[1], ADMIT_WELL);
}

static void says(const struct scene *s, const char *what)
{
	ck_assert_msg(strstr(admit_why(s->admit), what), "%s", admit_why(s->admit));
}

/* Nothing is wrong any more; the next try is not long in coming. */
static void calm_down(struct scene *s)
{
	put(s, "wrong", "");
	s->speed = 5;
	while (s->news_count < 2)
		(void)tick(s);
	s->speed = 1;
	rest(s);
}

/* After trouble the table is what is wanted, with what came and went meanwhile. */
START_TEST(no_address_is_lost_over_failures)
{
	struct scene s;

	scene_begin(&s);
	scene_open(&s);
	add(&s, "192.0.2.1");
	add(&s, "192.0.2.2");
	rest(&s);
	put(&s, "wrong", "echo >table; echo 'pfctl: Unknown error: -1.' >&2; exit 1\n");
	add(&s, "192.0.2.3");
	until(&s, ADMIT_TROUBLE);
	says(&s, "pfctl -T add of 1 networks: it ended with status 1; it said: "
		 "pfctl:\\x20Unknown\\x20error:\\x20-1.\\x0a");
	add(&s, "2001:db8:0:1::/64");
	take_out(&s, "192.0.2.1");
	s.speed = 5;
	while (admit_count(s.admit).failed < 3)
		(void)tick(&s);
	calm_down(&s);
	ck_assert_str_eq(get(&s, "table"), "192.0.2.2\n192.0.2.3\n2001:db8:0:1::/64\n");
	ck_assert_str_eq(get(&s, "runs"), "replace 2\nreplace 3\n");
	saw_trouble_then_well(&s);
	scene_end(&s);
}
END_TEST

START_TEST(it_is_retried_less_and_less_often)
{
	struct scene s;
	int64_t at[4];

	scene_begin(&s);
	scene_open(&s);
	put(&s, "wrong", "exit 2\n");
	s.speed = 10;
	for (unsigned i = 0; i < 4; i++) {
		while (admit_count(s.admit).failed == i)
			(void)tick(&s);
		at[i] = s.now.ms;
	}
	ck_assert_int_ge(at[1] - at[0], 1000);
	ck_assert_int_ge(at[2] - at[1], 2000);
	ck_assert_int_ge(at[3] - at[2], 4000);
	ck_assert_int_lt(at[3] - at[2], 6000);
	scene_end(&s);
}
END_TEST

START_TEST(a_pfctl_that_hangs_is_killed_with_all_it_started)
{
	struct scene s;
	pid_t script, child;

	scene_begin(&s);
	s.conf.timeout_s = 1;
	scene_open(&s);
	rest(&s);
	put(&s, "wrong", "sleep 100 & echo $! >child; wait\n");
	add(&s, "192.0.2.1");
	until(&s, ADMIT_TROUBLE);
	says(&s, "it took too long and was killed");
	script = (pid_t)atoi(get(&s, "pid"));
	child = (pid_t)atoi(get(&s, "child"));
	ck_assert_int_gt(script, 1);
	ck_assert_int_gt(child, 1);
	ck_assert(has_ended(script));
	ck_assert(has_ended(child));
	calm_down(&s);
	ck_assert_str_eq(get(&s, "table"), "192.0.2.1\n");
	saw_trouble_then_well(&s);
	scene_end(&s);
}
END_TEST

/* It neither reads nor ends while more is on its way than pipes and sockets hold. */
START_TEST(a_pfctl_that_hangs_over_a_long_list_is_killed_too)
{
	struct scene s;
	struct net n = net("198.18.0.0");

	scene_begin(&s);
	s.conf.timeout_s = 1;
	s.conf.max = 60000;
	scene_open(&s);
	put(&s, "wrong", "exec sleep 100\n");
	for (unsigned i = 0; i < 60000; i++) {
		n.addr.byte[2] = (uint8_t)(i / 256);
		n.addr.byte[3] = (uint8_t)i;
		admit_add(s.admit, &n, s.now);
	}
	until(&s, ADMIT_TROUBLE);
	says(&s, "killed");
	calm_down(&s);
	ck_assert_uint_eq(lines_of(get(&s, "table")), 60000);
	scene_end(&s);
}
END_TEST

START_TEST(a_slow_pfctl_is_no_trouble)
{
	struct scene s;

	scene_begin(&s);
	s.conf.timeout_s = 3;
	put(&s, "wrong", "sleep 1\n");
	put(&s, "late", "sleep 0.3\n");
	scene_open(&s);
	add(&s, "192.0.2.1");
	rest(&s);
	ck_assert_str_eq(get(&s, "table"), "192.0.2.1\n");
	ck_assert_uint_eq(s.news_count, 0);
	scene_end(&s);
}
END_TEST

START_TEST(a_babbling_pfctl_is_read_and_not_believed)
{
	struct scene s;

	scene_begin(&s);
	put(&s, "wrong",
	    "yes \"$(printf '\\377\\033[31m\\n')\" | head -c 1000000\n"
	    "yes 'error' | head -c 1000000 >&2\n");
	scene_open(&s);
	add(&s, "192.0.2.1");
	rest(&s);
	ck_assert_uint_eq(s.news_count, 0);
	ck_assert_str_eq(get(&s, "table"), "192.0.2.1\n");
	put(&s, "late", "exit 3\n");
	add(&s, "192.0.2.2");
	until(&s, ADMIT_TROUBLE);
	says(&s, "status 3; it said: \\xff\\x1b[31m\\x0a");
	ck_assert_uint_lt(strlen(admit_why(s.admit)), ADMIT_WHY_MAX);
	scene_end(&s);
}
END_TEST

START_TEST(a_pfctl_that_ends_before_it_has_read_all_has_failed)
{
	struct scene s;
	struct net n = net("198.18.0.0");

	scene_begin(&s);
	s.conf.max = 60000;
	scene_open(&s);
	rest(&s);
	put(&s, "wrong", "head -n 5 >in; exec <&-; sleep 0.2; exit 0\n");
	for (unsigned i = 0; i < 60000; i++) {
		n.addr.byte[2] = (uint8_t)(i / 256);
		n.addr.byte[3] = (uint8_t)i;
		admit_add(s.admit, &n, s.now);
	}
	admit_resync(s.admit, s.now);
	until(&s, ADMIT_TROUBLE);
	says(&s, "it did not read all addresses");
	calm_down(&s);
	ck_assert_uint_eq(lines_of(get(&s, "table")), 60000);
	scene_end(&s);
}
END_TEST

/* The helper ignores most signals; pfctl does not inherit that. */
START_TEST(a_pfctl_that_crashes_has_failed)
{
	struct scene s;

	scene_begin(&s);
	put(&s, "wrong", "kill -SEGV $$\n");
	scene_open(&s);
	until(&s, ADMIT_TROUBLE);
	says(&s, "it was ended by signal 11");
	put(&s, "wrong", "kill -TERM $$\n");
	s.speed = 5;
	while (admit_count(s.admit).failed < 2)
		(void)tick(&s);
	says(&s, "it was ended by signal 15");
	scene_end(&s);
}
END_TEST

START_TEST(a_pfctl_that_went_away_is_told_and_tried_again)
{
	struct scene s;

	scene_begin(&s);
	scene_open(&s);
	rest(&s);
	ck_assert_int_eq(rename(s.pfctl, in_room(&s, "aside")), 0);
	add(&s, "192.0.2.1");
	until(&s, ADMIT_TROUBLE);
	says(&s, "it cannot be run: No such file or directory");
	ck_assert_int_eq(rename(in_room(&s, "aside"), s.pfctl), 0);
	calm_down(&s);
	ck_assert_str_eq(get(&s, "table"), "192.0.2.1\n");
	saw_trouble_then_well(&s);
	scene_end(&s);
}
END_TEST

/* One alarm too many would kill the next run. */
START_TEST(a_timeout_does_not_reach_into_the_next_run)
{
	struct scene s;

	scene_begin(&s);
	s.conf.timeout_s = 1;
	scene_open(&s);
	rest(&s);
	for (unsigned i = 0; i < 3; i++) {
		put(&s, "wrong", "sleep 0.6\n");
		admit_resync(s.admit, s.now);
		rest(&s);
	}
	ck_assert_uint_eq(admit_count(s.admit).failed, 0);
	ck_assert_uint_eq(admit_count(s.admit).runs, 4);
	scene_end(&s);
}
END_TEST

START_TEST(a_killed_helper_is_noticed)
{
	struct scene s;

	scene_begin(&s);
	scene_open(&s);
	rest(&s);
	ck_assert_int_eq(kill(helper_of(), SIGKILL), 0);
	until(&s, ADMIT_LOST);
	says(&s, "the helper that runs pfctl has ended");
	add(&s, "192.0.2.1"); /* harmless, and useless */
	ck_assert_int_eq(tick(&s), ADMIT_LOST);
	ck_assert_int_eq(admit_wait_ms(s.admit, s.now), -1);
	scene_end(&s);
}
END_TEST

START_TEST(a_helper_that_stands_still_is_noticed)
{
	struct scene s;
	pid_t helper;

	scene_begin(&s);
	s.conf.timeout_s = 1;
	scene_open(&s);
	rest(&s);
	helper = helper_of();
	ck_assert_int_eq(kill(helper, SIGSTOP), 0);
	add(&s, "192.0.2.1");
	s.speed = 10;
	until(&s, ADMIT_LOST);
	says(&s, "does not answer");
	ck_assert_int_eq(kill(helper, SIGCONT), 0);
	scene_end(&s);
}
END_TEST

/* ^C at a terminal reaches the whole group; the daemon decides when it ends. */
START_TEST(signals_do_not_end_the_helper)
{
	static const int signals[] = { SIGINT,	SIGTERM, SIGHUP, SIGUSR1,
				       SIGQUIT, SIGALRM, SIGPIPE };
	struct scene s;

	scene_begin(&s);
	scene_open(&s);
	rest(&s);
	for (unsigned i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		ck_assert_int_eq(kill(helper_of(), signals[i]), 0);
	add(&s, "192.0.2.1");
	rest(&s);
	ck_assert_str_eq(get(&s, "table"), "192.0.2.1\n");
	ck_assert_uint_eq(s.news_count, 0);
	scene_end(&s);
}
END_TEST

/* Half of a list and then the end of input would replace the table by that half. */
START_TEST(a_daemon_that_dies_halfway_leaves_the_table_as_it_was)
{
	struct scene s;
	pid_t daemon;
	int status;

	scene_begin(&s);
	s.conf.max = 200000;
	put(&s, "table", "192.0.2.1\n");
	put(&s, "wrong", "sleep 0.2\n");
	daemon = fork();
	if (daemon == 0) {
		struct net n = net("198.18.0.0");

		scene_open(&s);
		for (unsigned i = 0; i < 131072; i++) {
			n.addr.byte[1] = (uint8_t)(18 + i / 65536);
			n.addr.byte[2] = (uint8_t)(i / 256);
			n.addr.byte[3] = (uint8_t)i;
			admit_add(s.admit, &n, s.now);
		}
		while (lines_of(get(&s, "args")) == 0)
			(void)tick(&s);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(daemon, &status, 0), daemon);
	ck_assert_int_eq(status, 0);
	ck_assert(has_ended((pid_t)atoi(get(&s, "pid"))));
	ck_assert_str_eq(get(&s, "table"), "192.0.2.1\n");
	ck_assert_str_eq(get(&s, "runs"), "");
	scene_end(&s);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_set_timeout(t, 60);
	tcase_add_test(t, no_address_is_lost_over_failures);
	tcase_add_test(t, it_is_retried_less_and_less_often);
	tcase_add_test(t, a_pfctl_that_hangs_is_killed_with_all_it_started);
	tcase_add_test(t, a_pfctl_that_hangs_over_a_long_list_is_killed_too);
	tcase_add_test(t, a_slow_pfctl_is_no_trouble);
	tcase_add_test(t, a_babbling_pfctl_is_read_and_not_believed);
	tcase_add_test(t, a_pfctl_that_ends_before_it_has_read_all_has_failed);
	tcase_add_test(t, a_pfctl_that_crashes_has_failed);
	tcase_add_test(t, a_pfctl_that_went_away_is_told_and_tried_again);
	tcase_add_test(t, a_timeout_does_not_reach_into_the_next_run);
	tcase_add_test(t, a_killed_helper_is_noticed);
	tcase_add_test(t, a_helper_that_stands_still_is_noticed);
	tcase_add_test(t, signals_do_not_end_the_helper);
	tcase_add_test(t, a_daemon_that_dies_halfway_leaves_the_table_as_it_was);
}

int main(void)
{
	return unit_main("admit_trouble", add_tests);
}
