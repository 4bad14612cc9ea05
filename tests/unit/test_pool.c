/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_pool.c - who is found, who goes, and what is left of a pool that was emptied
 *
 * Large and random is tests/prop/prop_gate.c; here are the edges.
 */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "core/pool_int.h"

#include "unit.h"

enum { ROOM = 8 };

struct thing {
	struct node node;
	uint32_t    value;
};

static const struct mono now = { 0 };

/* Whoever is marked has expired. */
static bool is_marked(const struct pool *p, const struct node *n, struct mono when)
{
	(void)p;
	(void)when;
	return n->spare == 1;
}

static struct cutter cutter;

static void set_up(void)
{
	cutter_init(&cutter, 32, 64, (const uint8_t *)"any sixteen byte");
}

static struct pool *pool_of(uint32_t max)
{
	struct pool_conf c = { max, sizeof(struct thing), &cutter, is_marked, true };
	struct pool *p = pool_new(&c);

	ck_assert_ptr_nonnull(p);
	return p;
}

static struct source source_of(const char *text)
{
	struct addr a;

	ck_assert(addr_parse(text, &a));
	return cutter_source(&cutter, &a);
}

/* The number-th of many. */
static struct source nth(uint32_t number)
{
	const uint8_t byte[4] = { 198, 18, (uint8_t)(number >> 8), (uint8_t)number };
	struct addr a = addr_from_bytes(ADDR_IP4, byte);

	return cutter_source(&cutter, &a);
}

static struct thing *add(struct pool *p, uint32_t number)
{
	struct source s = nth(number);
	struct thing *t = pool_add(p, &s, now);

	ck_assert_uint_eq(t->value, 0);
	t->value = number;
	return t;
}

static struct thing *find(const struct pool *p, uint32_t number)
{
	struct source s = nth(number);
	struct thing *t = pool_find(p, &s);

	if (t)
		ck_assert_uint_eq(t->value, number);
	return t;
}

static struct pool *full_pool(void)
{
	struct pool *p = pool_of(ROOM);

	for (uint32_t i = 0; i < ROOM; i++)
		add(p, i);
	return p;
}

START_TEST(what_is_added_is_found_until_it_is_removed)
{
	struct pool *p = pool_of(ROOM);

	ck_assert_ptr_null(find(p, 1));
	add(p, 1);
	add(p, 2);
	pool_remove(p, &find(p, 1)->node);
	ck_assert_ptr_null(find(p, 1));
	ck_assert_ptr_nonnull(find(p, 2));
	ck_assert_uint_eq(pool_count(p).things, 1);
	pool_free(p);
}
END_TEST

START_TEST(a_full_pool_gives_up_what_was_touched_longest_ago)
{
	struct pool *p = full_pool();

	pool_touch(p, &find(p, 0)->node);
	add(p, ROOM);
	ck_assert_ptr_nonnull(find(p, 0));
	ck_assert_ptr_null(find(p, 1));
	ck_assert_uint_eq(pool_count(p).things, ROOM);
	ck_assert_uint_eq(pool_count(p).evicted, 1);
	pool_free(p);
}
END_TEST

START_TEST(what_was_put_last_goes_first_whether_it_was_old_or_young)
{
	struct pool *p = full_pool();

	pool_put_last(p, &find(p, 4)->node);
	pool_put_last(p, &find(p, ROOM - 1)->node);
	pool_put_last(p, &find(p, ROOM - 1)->node); /* where it stands already */
	add(p, ROOM);
	ck_assert_ptr_null(find(p, ROOM - 1));
	add(p, ROOM + 1);
	ck_assert_ptr_null(find(p, 4));
	ck_assert_ptr_nonnull(find(p, 0));
	/* A touch makes up for it. */
	pool_put_last(p, &find(p, 5)->node);
	pool_touch(p, &find(p, 5)->node);
	add(p, ROOM + 2);
	ck_assert_ptr_null(find(p, 0));
	ck_assert_ptr_nonnull(find(p, 5));
	/* The only one of its queue. */
	for (uint32_t i = 1; i < ROOM + 3; i++)
		if (find(p, i) && i != 5)
			pool_remove(p, &find(p, i)->node);
	pool_put_last(p, &find(p, 5)->node);
	for (uint32_t i = 100; i < 100 + ROOM; i++)
		add(p, i);
	ck_assert_ptr_null(find(p, 5));
	ck_assert_uint_eq(pool_count(p).things, ROOM);
	pool_free(p);
}
END_TEST

START_TEST(precious_things_go_when_there_is_nothing_else)
{
	struct pool *p = full_pool();

	pool_make_precious(p, &find(p, 1)->node);
	pool_make_precious(p, &find(p, 0)->node);
	for (uint32_t i = ROOM; i < 3 * ROOM; i++)
		add(p, i);
	ck_assert_ptr_nonnull(find(p, 0));
	ck_assert_ptr_nonnull(find(p, 1));
	ck_assert_uint_eq(pool_count(p).precious, 2);
	for (uint32_t i = 2 * ROOM; i < 3 * ROOM; i++)
		if (find(p, i))
			pool_make_precious(p, &find(p, i)->node);
	ck_assert_uint_eq(pool_count(p).precious, ROOM);
	add(p, 3 * ROOM);
	ck_assert_ptr_null(find(p, 1)); /* made precious before 0 */
	ck_assert_ptr_nonnull(find(p, 0));
	ck_assert_uint_eq(pool_count(p).precious, ROOM - 1);
	pool_free(p);
}
END_TEST

START_TEST(to_be_precious_twice_is_to_be_precious_once)
{
	struct pool *p = full_pool();

	for (int i = 0; i < 3; i++)
		pool_make_precious(p, &find(p, 4)->node);
	ck_assert_uint_eq(pool_count(p).precious, 1);
	pool_remove(p, &find(p, 4)->node);
	ck_assert_uint_eq(pool_count(p).precious, 0);
	ck_assert_uint_eq(pool_count(p).things, ROOM - 1);
	pool_free(p);
}
END_TEST

START_TEST(what_has_expired_makes_room_first_and_is_no_loss)
{
	struct pool *p = full_pool();

	pool_make_precious(p, &find(p, 5)->node);
	find(p, 5)->node.spare = 1;
	add(p, ROOM);
	ck_assert_ptr_null(find(p, 5));
	ck_assert_ptr_nonnull(find(p, 0));
	ck_assert_uint_eq(pool_count(p).evicted, 0);
	pool_free(p);
}
END_TEST

START_TEST(a_sweep_takes_the_expired_of_the_places_it_visits)
{
	struct pool *p = full_pool();

	find(p, 1)->node.spare = 1;
	find(p, 6)->node.spare = 1;
	pool_sweep(p, now, ROOM / 2);
	ck_assert_ptr_null(find(p, 1));
	ck_assert_ptr_nonnull(find(p, 6));
	pool_sweep(p, now, ROOM / 2);
	ck_assert_ptr_null(find(p, 6));
	/* around the end, and no more than all */
	find(p, 0)->node.spare = 1;
	pool_sweep(p, now, UINT32_MAX);
	ck_assert_ptr_null(find(p, 0));
	ck_assert_uint_eq(pool_count(p).things, ROOM - 3);
	pool_free(p);
}
END_TEST

START_TEST(a_cleared_pool_is_as_good_as_new)
{
	struct pool *p = full_pool();

	pool_make_precious(p, &find(p, 3)->node);
	pool_sweep(p, now, ROOM - 1);
	pool_clear(p);
	ck_assert_uint_eq(pool_count(p).things, 0);
	ck_assert_uint_eq(pool_count(p).precious, 0);
	ck_assert_uint_eq(pool_places(p), 0);
	ck_assert_ptr_null(pool_at(p, 0));
	for (uint32_t i = 0; i < ROOM; i++)
		ck_assert_ptr_null(find(p, i));
	pool_sweep(p, now, ROOM);
	for (uint32_t i = 0; i < 2 * ROOM; i++) {
		add(p, i);
		ck_assert_ptr_nonnull(find(p, i));
	}
	ck_assert_uint_eq(pool_count(p).things, ROOM);
	ck_assert_uint_eq(pool_count(p).evicted, ROOM);
	pool_clear(p);
	pool_clear(p);
	ck_assert_uint_eq(pool_count(p).things, 0);
	pool_free(p);
}
END_TEST

START_TEST(a_place_given_away_anew_can_be_told_from_what_it_was)
{
	struct pool *p = full_pool();
	struct thing *old = find(p, 2);
	uint32_t place = pool_place(p, &old->node);
	uint16_t generation = old->node.generation;

	pool_remove(p, &old->node);
	ck_assert_ptr_null(pool_at(p, place));
	add(p, ROOM);
	ck_assert_ptr_eq(pool_at(p, place), &find(p, ROOM)->node);
	ck_assert_uint_ne(pool_at(p, place)->generation, generation);
	ck_assert_ptr_null(pool_at(p, pool_places(p)));
	ck_assert_ptr_null(pool_at(p, UINT32_MAX));
	pool_free(p);
}
END_TEST

static void assert_key(unsigned prefix4, unsigned prefix6, const char *who,
		       const char *want)
{
	struct pool *p;
	struct source s;
	struct net key;
	char text[NET_TEXT_MAX];

	cutter_init(&cutter, prefix4, prefix6, (const uint8_t *)"any sixteen byte");
	p = pool_of(ROOM);
	s = source_of(who);
	pool_add(p, &s, now);
	key = pool_key(p, pool_at(p, 0));
	ck_assert_str_eq(net_format(&key, text), want);
	pool_free(p);
}

START_TEST(a_key_is_the_network_that_makes_the_source)
{
	assert_key(32, 64, "203.0.113.9", "203.0.113.9");
	assert_key(24, 64, "203.0.113.9", "203.0.113.0/24");
	assert_key(32, 64, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64");
	assert_key(32, 48, "2001:db8:1:2:3:4:5:6", "2001:db8:1::/48");
	assert_key(32, 127, "2001:db8::7", "2001:db8::6/127");
	assert_key(32, 128, "2001:db8::7", "2001:db8::7");
	assert_key(32, 128, "203.0.113.9", "203.0.113.9");
}
END_TEST

START_TEST(equal_bytes_of_two_families_are_two_sources)
{
	struct pool *p = pool_of(ROOM);
	struct source four = source_of("198.18.0.1"), six = source_of("c612:1::");

	pool_add(p, &four, now);
	ck_assert_ptr_null(pool_find(p, &six));
	pool_add(p, &six, now);
	ck_assert_ptr_ne(pool_find(p, &four), pool_find(p, &six));
	pool_remove(p, pool_find(p, &four));
	ck_assert_ptr_nonnull(pool_find(p, &six));
	pool_free(p);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, set_up, NULL);
	tcase_add_test(t, what_is_added_is_found_until_it_is_removed);
	tcase_add_test(t, a_full_pool_gives_up_what_was_touched_longest_ago);
	tcase_add_test(t, what_was_put_last_goes_first_whether_it_was_old_or_young);
	tcase_add_test(t, precious_things_go_when_there_is_nothing_else);
	tcase_add_test(t, to_be_precious_twice_is_to_be_precious_once);
	tcase_add_test(t, what_has_expired_makes_room_first_and_is_no_loss);
	tcase_add_test(t, a_sweep_takes_the_expired_of_the_places_it_visits);
	tcase_add_test(t, a_cleared_pool_is_as_good_as_new);
	tcase_add_test(t, a_place_given_away_anew_can_be_told_from_what_it_was);
	tcase_add_test(t, a_key_is_the_network_that_makes_the_source);
	tcase_add_test(t, equal_bytes_of_two_families_are_two_sources);
}

int main(void)
{
	return unit_main("pool", add_tests);
}
