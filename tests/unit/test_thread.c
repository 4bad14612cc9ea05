/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_thread.c - a bell between two threads, and threads that no signal reaches
 */
#include <check.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>

#include "thread/bell.h"
#include "thread/thread.h"

#include "unit.h"

enum { MILLION = 1000 * 1000, BURSTS = 100 * 1000, LOST_MS = 5000 };

static struct bell bell;
static atomic_uint sent, heard;

START_TEST(is_heard_once)
{
	ck_assert_int_eq(bell_open(&bell), 0);
	ck_assert(!bell_wait(&bell, 0));
	bell_ring(&bell);
	bell_ring(&bell);
	ck_assert(bell_wait(&bell, 0));
	ck_assert(!bell_wait(&bell, 0));
	bell_ring(&bell);
	ck_assert(bell_wait(&bell, 0));
	bell_close(&bell);
}
END_TEST

START_TEST(a_hush_without_a_ring_does_not_wait)
{
	ck_assert_int_eq(bell_open(&bell), 0);
	bell_hush(&bell);
	ck_assert(!bell_wait(&bell, 0));
	bell_close(&bell);
}
END_TEST

START_TEST(a_million_rings_do_not_wait)
{
	ck_assert_int_eq(bell_open(&bell), 0);
	for (unsigned i = 0; i < MILLION; i++)
		bell_ring(&bell);
	ck_assert(bell_wait(&bell, 0));
	ck_assert(!bell_wait(&bell, 0));
	bell_close(&bell);
}
END_TEST

START_TEST(a_program_we_start_does_not_get_it)
{
	ck_assert_int_eq(bell_open(&bell), 0);
	ck_assert(fcntl(bell.in, F_GETFD) & FD_CLOEXEC);
	ck_assert(fcntl(bell.out, F_GETFD) & FD_CLOEXEC);
	bell_close(&bell);
	bell_close(&bell);
}
END_TEST

/* Bursts, so that rings and hushes overtake each other; then it waits for what the last
 * ring of a burst should bring about. */
static void *ring_on(void *arg)
{
	for (unsigned n = 1; n <= BURSTS; n++) {
		unsigned last = 0;

		for (unsigned i = 0; i <= n % 4; i++) {
			last = atomic_fetch_add(&sent, 1) + 1;
			bell_ring(&bell);
		}
		while (atomic_load(&heard) != last)
			sched_yield();
	}
	return arg;
}

START_TEST(no_ring_is_lost)
{
	const unsigned all = BURSTS / 4 * (1 + 2 + 3 + 4);
	pthread_t ringer;

	ck_assert_int_eq(bell_open(&bell), 0);
	ck_assert_int_eq(thread_start(&ringer, ring_on, NULL), 0);
	while (atomic_load(&heard) < all) {
		if (!bell_wait(&bell, LOST_MS))
			ck_abort_msg("silence: %u heard of %u", atomic_load(&heard),
				     atomic_load(&sent));
		atomic_store(&heard, atomic_load(&sent));
	}
	ck_assert_int_eq(pthread_join(ringer, NULL), 0);
	bell_close(&bell);
}
END_TEST

static void *look_at_signals(void *arg)
{
	sigset_t blocked;
	bool *is_deaf = arg;

	*is_deaf = pthread_sigmask(SIG_SETMASK, NULL, &blocked) == 0 &&
		   sigismember(&blocked, SIGTERM) == 1 &&
		   sigismember(&blocked, SIGHUP) == 1;
	return NULL;
}

START_TEST(signals_are_for_the_main_thread)
{
	pthread_t thread;
	bool is_deaf = false;
	sigset_t mine;

	ck_assert_int_eq(thread_start(&thread, look_at_signals, &is_deaf), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert(is_deaf);
	ck_assert_int_eq(pthread_sigmask(SIG_SETMASK, NULL, &mine), 0);
	ck_assert_int_eq(sigismember(&mine, SIGTERM), 0);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_set_timeout(t, 60);
	tcase_add_test(t, is_heard_once);
	tcase_add_test(t, a_hush_without_a_ring_does_not_wait);
	tcase_add_test(t, a_million_rings_do_not_wait);
	tcase_add_test(t, a_program_we_start_does_not_get_it);
	tcase_add_test(t, no_ring_is_lost);
	tcase_add_test(t, signals_are_for_the_main_thread);
}

int main(void)
{
	return unit_main("thread", add_tests);
}
