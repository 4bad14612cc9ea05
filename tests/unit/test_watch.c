/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_watch.c - when the service manager hears that packets are served
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/notify_int.h"
#include "daemon/watch_int.h"

#include "unit.h"

START_TEST(a_quiet_queue_is_served)
{
	struct watchdog w = { 0 };

	for (unsigned i = 0; i < 10; i++)
		ck_assert(watchdog_may_feed(&w, false, 7));
}
END_TEST

START_TEST(a_busy_queue_that_is_read_is_served)
{
	struct watchdog w = { 0 };

	for (unsigned i = 0; i < 10; i++)
		ck_assert(watchdog_may_feed(&w, true, i));
}
END_TEST

START_TEST(a_queue_that_nobody_reads_for_an_interval_is_not)
{
	struct watchdog w = { 0 };

	ck_assert(watchdog_may_feed(&w, false, 7));
	ck_assert(watchdog_may_feed(&w, true, 7)); /* may have come just now */
	ck_assert(watchdog_may_feed(&w, true, 7)); /* half an interval */
	ck_assert(!watchdog_may_feed(&w, true, 7));
	ck_assert(!watchdog_may_feed(&w, true, 7));
	ck_assert(watchdog_may_feed(&w, true, 8)); /* read at last */
	ck_assert(watchdog_may_feed(&w, true, 8));
	ck_assert(watchdog_may_feed(&w, false, 8));
}
END_TEST

static const struct {
	const char *us;
	const char *pid; /* "" = ours, NULL = not said */
	int64_t     want;
} wishes[] = {
	{ NULL, NULL, 0 },
	{ "30000000", NULL, 30000000 },
	{ "30000000", "", 30000000 },
	{ "30000000", "1", 0 },
	{ "1", NULL, 1 },
	{ "0", NULL, -EINVAL },
	{ "", NULL, -EINVAL },
	{ " 1", NULL, -EINVAL },
	{ "1s", NULL, -EINVAL },
	{ "-1", NULL, -EINVAL },
	{ "+1", NULL, -EINVAL },
	{ "0x10", NULL, -EINVAL },
	{ "99999999999999999999", NULL, -EINVAL },
	{ "30000000", "one", -EINVAL },
};

START_TEST(what_the_service_manager_wants_is_read_strictly)
{
	char pid[32];

	snprintf(pid, sizeof(pid), "%ld", (long)getpid());
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	if (wishes[_i].us)
		setenv("WATCHDOG_USEC", wishes[_i].us, 1);
	if (wishes[_i].pid)
		setenv("WATCHDOG_PID", wishes[_i].pid[0] ? wishes[_i].pid : pid, 1);
	ck_assert_int_eq(notify_watchdog_us(), wishes[_i].want);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, a_quiet_queue_is_served);
	tcase_add_test(t, a_busy_queue_that_is_read_is_served);
	tcase_add_test(t, a_queue_that_nobody_reads_for_an_interval_is_not);
	tcase_add_loop_test(t, what_the_service_manager_wants_is_read_strictly, 0,
			    sizeof(wishes) / sizeof(wishes[0]));
}

int main(void)
{
	return unit_main("watch", add_tests);
}
