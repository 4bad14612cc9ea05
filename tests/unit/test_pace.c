/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_pace.c - naps under load, and only then
 */
#include <check.h>
#include <stdlib.h>

#include "daemon/pace_int.h"

#include "unit.h"

enum { NAP_US = 500 };

struct world {
	struct pace pace;
	int64_t     now_us;
	bool        is_napping;
	unsigned    turns;
	unsigned    naps;
};

static void one_turn(struct world *w, unsigned packets)
{
	w->is_napping = pace_should_nap(&w->pace, packets, w->now_us, NAP_US);
	w->turns++;
	w->naps += w->is_napping;
}

/* Packets come every `gap_us`, whatever we do: a nap finds what came meanwhile. */
static void stream(struct world *w, int64_t gap_us, unsigned turns)
{
	w->turns = w->naps = 0;
	while (w->turns < turns) {
		int64_t wait_us = w->is_napping && NAP_US > gap_us ? NAP_US : gap_us;

		w->now_us += wait_us;
		one_turn(w, (unsigned)(wait_us / gap_us));
	}
}

/* One client that connects again as soon as it was let in: a nap gathers nothing. */
static void lone_client(struct world *w, int64_t gap_us, unsigned turns)
{
	w->turns = w->naps = 0;
	while (w->turns < turns) {
		w->now_us += w->is_napping ? NAP_US + gap_us : gap_us;
		one_turn(w, 1);
	}
}

START_TEST(few_packets_are_never_kept_waiting)
{
	struct world w = { .now_us = 1000000 };

	stream(&w, 1000, 1000);
	ck_assert_uint_eq(w.naps, 0);
}
END_TEST

START_TEST(a_stream_of_packets_is_gathered)
{
	struct world w = { .now_us = 1000000 };

	stream(&w, 50, 100);
	stream(&w, 50, 1000);
	ck_assert_uint_eq(w.naps, 1000);
}
END_TEST

START_TEST(naps_end_with_the_stream)
{
	struct world w = { .now_us = 1000000 };

	stream(&w, 50, 100);
	ck_assert(w.is_napping);
	stream(&w, 2000, 100);
	ck_assert_uint_le(w.naps, 2);
}
END_TEST

START_TEST(a_client_that_waits_for_us_is_hardly_delayed)
{
	struct world w = { .now_us = 1000000 };

	lone_client(&w, 60, 100000);
	ck_assert_uint_le(w.naps * 1000, w.turns); /* one connection in a thousand */
}
END_TEST

START_TEST(zero_switches_it_off)
{
	struct pace p = { 0 };

	for (int64_t t = 0; t < 100000; t += 50)
		ck_assert(!pace_should_nap(&p, 64, t, 0));
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, few_packets_are_never_kept_waiting);
	tcase_add_test(t, a_stream_of_packets_is_gathered);
	tcase_add_test(t, naps_end_with_the_stream);
	tcase_add_test(t, a_client_that_waits_for_us_is_hardly_delayed);
	tcase_add_test(t, zero_switches_it_off);
}

int main(void)
{
	return unit_main("pace", add_tests);
}
