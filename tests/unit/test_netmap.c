/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_netmap.c - the longest network that holds an address
 */
#include "base/netmap.h"

#include "unit.h"

static struct netmap *map;

static void begin(void)
{
	map = netmap_new();
	ck_assert_ptr_nonnull(map);
}

static void end(void)
{
	netmap_free(map);
}

static uint16_t put(const char *text, uint16_t value)
{
	struct net n;
	uint16_t *stands;

	ck_assert_msg(net_parse(text, &n), "%s", text);
	stands = netmap_put(map, &n, value);
	ck_assert_ptr_nonnull(stands);
	return *stands;
}

static void expect(const char *text, uint16_t want, unsigned want_bits)
{
	struct addr a;
	uint16_t value;
	unsigned bits;

	ck_assert(addr_parse(text, &a));
	ck_assert_msg(netmap_find(map, &a, &value, &bits), "%s", text);
	ck_assert_uint_eq(value, want);
	ck_assert_uint_eq(bits, want_bits);
}

static void expect_none(const char *text)
{
	struct addr a;
	uint16_t value = 99;
	unsigned bits = 99;

	ck_assert(addr_parse(text, &a));
	ck_assert_msg(!netmap_find(map, &a, &value, &bits), "%s", text);
	ck_assert_uint_eq(value, 99);
	ck_assert_uint_eq(bits, 99);
}

START_TEST(an_empty_map_knows_nobody)
{
	expect_none("192.0.2.1");
	expect_none("2001:db8::1");
	expect_none("0.0.0.0");
	ck_assert_uint_eq(netmap_count(map), 0);
}
END_TEST

START_TEST(the_longest_prefix_wins_in_whatever_order_they_came)
{
	put("192.0.2.0/25", 2);
	put("192.0.2.1", 3);
	put("192.0.0.0/16", 1);
	put("0.0.0.0/0", 4);
	expect("192.0.2.1", 3, 32);
	expect("192.0.2.2", 2, 25);
	expect("192.0.2.128", 1, 16);
	expect("192.1.0.0", 4, 0);
	put("2001:db8::/32", 5);
	put("2001:db8:0:1::/64", 6);
	put("2001:db8:0:1::8", 7);
	expect("2001:db8:0:1::8", 7, 128);
	expect("2001:db8:0:1::9", 6, 64);
	expect("2001:db8:0:2::8", 5, 32);
	expect_none("2001:db9::");
	ck_assert_uint_eq(netmap_count(map), 7);
}
END_TEST

START_TEST(the_families_do_not_meet)
{
	put("0.0.0.0/0", 1);
	expect_none("::");
	expect_none("::192.0.2.1");
	put("::/0", 2);
	expect("192.0.2.1", 1, 0);
	expect("::192.0.2.1", 2, 0);
}
END_TEST

START_TEST(the_first_value_stays_until_it_is_changed_in_place)
{
	struct net n;

	ck_assert_uint_eq(put("192.0.2.0/24", 1), 1);
	ck_assert_uint_eq(put("192.0.2.0/24", 2), 1);
	ck_assert_uint_eq(netmap_count(map), 1);
	ck_assert(net_parse("192.0.2.0/24", &n));
	*netmap_put(map, &n, 3) = 4;
	expect("192.0.2.9", 4, 24);
}
END_TEST

START_TEST(networks_of_one_address_and_several_lengths_are_several)
{
	put("10.0.0.0/8", 8);
	put("10.0.0.0/16", 16);
	put("10.0.0.0", 32);
	expect("10.0.0.0", 32, 32);
	expect("10.0.0.1", 16, 16);
	expect("10.1.0.0", 8, 8);
	ck_assert_uint_eq(netmap_count(map), 3);
}
END_TEST

START_TEST(an_address_of_no_family_is_nobody)
{
	struct addr none = { .family = ADDR_NONE };
	uint16_t value;
	unsigned bits;

	put("0.0.0.0/0", 1);
	ck_assert(!netmap_find(map, &none, &value, &bits));
}
END_TEST

static void add(TCase *t)
{
	tcase_add_checked_fixture(t, begin, end);
	tcase_add_test(t, an_empty_map_knows_nobody);
	tcase_add_test(t, the_longest_prefix_wins_in_whatever_order_they_came);
	tcase_add_test(t, the_families_do_not_meet);
	tcase_add_test(t, the_first_value_stays_until_it_is_changed_in_place);
	tcase_add_test(t, networks_of_one_address_and_several_lengths_are_several);
	tcase_add_test(t, an_address_of_no_family_is_nobody);
}

int main(void)
{
	return unit_main("netmap", add);
}
