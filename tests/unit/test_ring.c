/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ring.c - a bounded queue between two threads
 */
#include <check.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/ring.h"

#include "unit.h"

enum { MILLION = 1000 * 1000 };

/* Long enough for a torn copy to show. */
struct value {
	uint32_t word[9];
};

static struct value value_of(uint32_t n)
{
	struct value v;

	for (unsigned i = 0; i < 9; i++)
		v.word[i] = n + i;
	return v;
}

START_TEST(gives_nothing_while_empty)
{
	struct ring *r = ring_new(4, sizeof(int));
	int n = 7;

	ck_assert(!ring_take(r, &n));
	ck_assert_int_eq(n, 7);
	ring_free(r);
}
END_TEST

START_TEST(gives_back_in_order_what_was_put_in)
{
	struct ring *r = ring_new(4, sizeof(int));

	for (int n = 0; n < 3; n++)
		ck_assert(ring_put(r, &n));
	for (int n = 0; n < 3; n++) {
		int got = -1;

		ck_assert(ring_take(r, &got));
		ck_assert_int_eq(got, n);
	}
	ring_free(r);
}
END_TEST

START_TEST(refuses_when_full_and_keeps_what_it_has)
{
	struct ring *r = ring_new(4, sizeof(int));
	int got = -1;

	for (int n = 0; n < 4; n++)
		ck_assert(ring_put(r, &n));
	ck_assert(!ring_put(r, &(int){ 99 }));
	ck_assert(ring_take(r, &got));
	ck_assert_int_eq(got, 0);
	ck_assert(ring_put(r, &(int){ 4 }));
	for (int n = 1; n <= 4; n++) {
		ck_assert(ring_take(r, &got));
		ck_assert_int_eq(got, n);
	}
	ck_assert(!ring_take(r, &got));
	ring_free(r);
}
END_TEST

START_TEST(a_ring_of_one_place_works)
{
	struct ring *r = ring_new(1, sizeof(int));

	for (int n = 0; n < 10; n++) {
		int got = -1;

		ck_assert(ring_put(r, &n));
		ck_assert(!ring_put(r, &n));
		ck_assert(ring_take(r, &got));
		ck_assert_int_eq(got, n);
	}
	ring_free(r);
}
END_TEST

START_TEST(refuses_a_size_it_cannot_have)
{
	ck_assert_ptr_null(ring_new(0, sizeof(int)));
	ck_assert_ptr_null(ring_new(3, sizeof(int)));
	ck_assert_ptr_null(ring_new(4, SIZE_MAX / 2));
}
END_TEST

static void *put_a_million(void *arg)
{
	for (uint32_t n = 0; n < MILLION; n++) {
		struct value v = value_of(n);

		while (!ring_put(arg, &v))
			sched_yield();
	}
	return NULL;
}

START_TEST(a_million_values_arrive_whole_and_in_order)
{
	struct ring *r = ring_new(256, sizeof(struct value));
	struct value v;
	pthread_t sender;

	ck_assert_int_eq(pthread_create(&sender, NULL, put_a_million, r), 0);
	for (uint32_t n = 0; n < MILLION; n++) {
		bool whole = true;

		while (!ring_take(r, &v))
			sched_yield();
		for (unsigned i = 0; i < 9; i++)
			whole = whole && v.word[i] == n + i;
		if (!whole)
			ck_abort_msg("value %u arrived as %u", n, v.word[0]);
	}
	ck_assert_int_eq(pthread_join(sender, NULL), 0);
	ck_assert(!ring_take(r, &v));
	ring_free(r);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_set_timeout(t, 60);
	tcase_add_test(t, gives_nothing_while_empty);
	tcase_add_test(t, gives_back_in_order_what_was_put_in);
	tcase_add_test(t, refuses_when_full_and_keeps_what_it_has);
	tcase_add_test(t, a_ring_of_one_place_works);
	tcase_add_test(t, refuses_a_size_it_cannot_have);
	tcase_add_test(t, a_million_values_arrive_whole_and_in_order);
}

int main(void)
{
	return unit_main("ring", add_tests);
}
