/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_admit_child.c - what pfctl finds when it starts, and who outlives whom
 */
#include <errno.h>
#include <fcntl.h>
#include <time.h>

#include "admit_case.h"
#include "unit.h"

static struct mono real_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (struct mono){ (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 };
}

/* A pfctl that has read everything, and does not end. */
static void hang(struct scene *s)
{
	put(s, "late", "echo $$ >late_pid\nexec sleep 100\n");
	add(s, "192.0.2.1");
	while (lines_of(get(s, "late_pid")) == 0)
		(void)tick(s);
}

START_TEST(pfctl_finds_three_pipes_and_no_other_descriptor)
{
	struct scene s;

	scene_begin(&s);
	put(&s, "wrong", "readlink /proc/$$/fd/* >links\n"
			 "sed 's/:.*//' links | sort | uniq -c | sed 's/^ *//' >open\n");
	ck_assert_int_ge(open("/etc/passwd", O_RDONLY), 0); /* without O_CLOEXEC */
	scene_open(&s);
	rest(&s);
	/* The others are files: the script's two, and the list in place of stdout. */
	ck_assert_msg(strstr(get(&s, "open"), "2 pipe\n"), "%s", get(&s, "open"));
	ck_assert_msg(!strstr(get(&s, "open"), "socket"), "%s", get(&s, "open"));
	ck_assert_msg(!strstr(get(&s, "open"), "passwd"), "%s", get(&s, "open"));
	scene_end(&s);
}
END_TEST

START_TEST(pfctl_is_run_by_its_path_with_no_signal_held_back_or_ignored)
{
	struct scene s;
	char want[PATH_ROOM + 64];

	scene_begin(&s);
	put(&s, "wrong", "tr '\\0' ' ' </proc/$$/cmdline >line\n"
			 "while read -r name mask; do case $name in\n"
			 "SigBlk:) echo $mask >held ;;\n"
			 "SigIgn:) echo $mask >ignored ;;\n"
			 "esac; done </proc/$$/status\n");
	scene_open(&s);
	rest(&s);
	snprintf(want, sizeof(want), "/bin/sh %s -q -t mx-white -T replace -f - ",
		 s.pfctl);
	ck_assert_str_eq(get(&s, "line"), want);
	/* glibc's posix_spawn() leaves two signals of its own, from 32 on, ignored. */
	ck_assert_uint_eq(strtoull(get(&s, "held"), NULL, 16), 0);
	ck_assert_uint_eq(strtoull(get(&s, "ignored"), NULL, 16) & 0x7fffffff, 0);
	ck_assert_uint_ge(strlen(get(&s, "ignored")), 16);
	scene_end(&s);
}
END_TEST

START_TEST(a_directory_is_no_pfctl)
{
	struct scene s;

	scene_begin(&s);
	s.conf.pfctl = s.room;
	ck_assert_int_eq(admit_open_pf(&s.admit, &s.conf), -EACCES);
	scene_end(&s);
}
END_TEST

/* Killed, it closes nothing by itself; both must go at once, or a pfctl of a daemon that
 * is no more would change the table under the next one. */
START_TEST(a_daemon_that_is_killed_takes_a_hanging_pfctl_along)
{
	struct scene s;
	pid_t daemon, helper;
	int status;

	scene_begin(&s);
	s.conf.timeout_s = 60;
	daemon = fork();
	if (daemon == 0) {
		char pid[16];

		scene_open(&s);
		rest(&s);
		snprintf(pid, sizeof(pid), "%ld\n", (long)helper_of());
		put(&s, "helper", pid);
		hang(&s);
		(void)kill(getpid(), SIGKILL);
	}
	ck_assert_int_eq(waitpid(daemon, &status, 0), daemon);
	ck_assert(WIFSIGNALED(status));
	helper = (pid_t)atoi(get(&s, "helper"));
	ck_assert_int_gt(helper, 1);
	ck_assert(has_ended(helper));
	ck_assert(has_ended((pid_t)atoi(get(&s, "late_pid"))));
	scene_end(&s);
}
END_TEST

START_TEST(a_helper_that_is_killed_is_noticed_while_pfctl_runs)
{
	struct scene s;

	scene_begin(&s);
	s.conf.timeout_s = 60;
	scene_open(&s);
	rest(&s);
	hang(&s);
	ck_assert_int_eq(kill(helper_of(), SIGKILL), 0);
	for (unsigned i = 0; i < 100 && s.news_count == 0; i++)
		(void)tick(&s);
	ck_assert_uint_eq(s.news_count, 1);
	ck_assert_int_eq(s.news[0], ADMIT_LOST);
	(void)kill((pid_t)atoi(get(&s, "late_pid")), SIGKILL);
	scene_end(&s);
}
END_TEST

START_TEST(closing_waits_no_longer_than_it_must_for_a_hanging_pfctl)
{
	struct scene s;
	struct mono began;

	scene_begin(&s);
	s.conf.timeout_s = 60;
	scene_open(&s);
	rest(&s);
	hang(&s);
	began = real_now();
	admit_close(s.admit);
	s.admit = NULL;
	ck_assert_int_lt(real_now().ms - began.ms, 2 * ADMIT_CLOSE_MS);
	ck_assert(has_ended((pid_t)atoi(get(&s, "late_pid"))));
	scene_end(&s);
}
END_TEST

/* It has root's privileges, and we have not: it cannot be killed. */
START_TEST(closing_does_not_wait_for_a_helper_that_stands_still)
{
	struct scene s;
	struct mono began;
	pid_t helper;

	scene_begin(&s);
	scene_open(&s);
	rest(&s);
	helper = helper_of();
	ck_assert_int_eq(kill(helper, SIGSTOP), 0);
	add(&s, "192.0.2.1");
	s.now.ms += 1000;
	(void)tick(&s);
	began = real_now();
	admit_close(s.admit);
	s.admit = NULL;
	ck_assert_int_lt(real_now().ms - began.ms, 4 * ADMIT_CLOSE_MS);
	ck_assert_int_eq(kill(helper, SIGKILL), 0);
	scene_end(&s);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_set_timeout(t, 60);
	tcase_add_test(t, pfctl_finds_three_pipes_and_no_other_descriptor);
	tcase_add_test(t, pfctl_is_run_by_its_path_with_no_signal_held_back_or_ignored);
	tcase_add_test(t, a_directory_is_no_pfctl);
	tcase_add_test(t, a_daemon_that_is_killed_takes_a_hanging_pfctl_along);
	tcase_add_test(t, a_helper_that_is_killed_is_noticed_while_pfctl_runs);
	tcase_add_test(t, closing_waits_no_longer_than_it_must_for_a_hanging_pfctl);
	tcase_add_test(t, closing_does_not_wait_for_a_helper_that_stands_still);
}

int main(void)
{
	return unit_main("admit_child", add_tests);
}
