/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_quota.c - what a network may spend, and when it may again
 */
#include <check.h>

#include "core/quota_int.h"

#include "unit.h"

enum { A_DAY = 24 * 3600 * 1000 };

static const uint8_t secret[16] = "any sixteen byte";
static const struct mono start = { 7 };
static struct cutter cutter;
static struct quota *quota;

static void begin(unsigned prefix6)
{
	cutter_init(&cutter, 32, prefix6, secret);
	quota = quota_new(prefix6, secret);
	ck_assert_ptr_nonnull(quota);
}

static bool charge(const char *who, struct mono now)
{
	struct source s;
	struct addr a;

	ck_assert(addr_parse(who, &a));
	s = cutter_source(&cutter, &a);
	return quota_charge(quota, &s, QUOTA_OF_STRANGERS, now);
}

/* How often it may be charged at once. */
static unsigned spend_all(const char *who, struct mono now)
{
	unsigned count = 0;

	while (charge(who, now))
		count++;
	return count;
}

START_TEST(a_network_may_spend_its_burst_and_then_one_at_a_time)
{
	struct mono now = start;

	begin(64);
	ck_assert_uint_eq(spend_all("203.0.113.9", now), QUOTA_NET24_BURST);
	now.ms += QUOTA_NET24_MS - 1;
	ck_assert(!charge("203.0.113.77", now));
	now.ms++;
	ck_assert_uint_eq(spend_all("203.0.113.77", now), 1);
	now.ms += A_DAY;
	ck_assert_uint_eq(spend_all("203.0.113.1", now), QUOTA_NET24_BURST);
	quota_free(quota);
}
END_TEST

START_TEST(neighbour_networks_and_the_other_family_have_their_own)
{
	begin(64);
	spend_all("203.0.113.9", start);
	ck_assert(charge("203.0.112.9", start));
	ck_assert(charge("203.0.114.9", start));
	ck_assert(charge("cb00:7100::", start)); /* the same bytes */
	quota_free(quota);
}
END_TEST

START_TEST(those_known_have_a_budget_of_their_own)
{
	struct source s;
	struct addr a;

	begin(64);
	spend_all("203.0.113.9", start);
	ck_assert(addr_parse("203.0.113.9", &a));
	s = cutter_source(&cutter, &a);
	for (unsigned i = 0; i < QUOTA_NET24_BURST; i++)
		ck_assert(quota_charge(quota, &s, QUOTA_OF_KNOWN, start));
	ck_assert(!quota_charge(quota, &s, QUOTA_OF_KNOWN, start));
	quota_free(quota);
}
END_TEST

START_TEST(an_ipv6_network_is_its_48)
{
	struct mono now = start;

	begin(64);
	ck_assert_uint_eq(spend_all("2001:db8:5:1::", now), QUOTA_NET48_BURST);
	ck_assert(!charge("2001:db8:5:ffff::", now));
	ck_assert(charge("2001:db8:6::", now));
	now.ms += QUOTA_NET48_MS;
	ck_assert_uint_eq(spend_all("2001:db8:5:2::", now), 1);
	quota_free(quota);
}
END_TEST

START_TEST(where_sources_are_smaller_a_64_has_a_part_of_its_48)
{
	begin(128);
	ck_assert_uint_eq(spend_all("2001:db8:5:1::7", start), QUOTA_NET64_BURST);
	ck_assert(!charge("2001:db8:5:1::8", start));
	/* What was refused for the one was not charged to the other. */
	ck_assert_uint_eq(spend_all("2001:db8:5:2::7", start), QUOTA_NET64_BURST);
	ck_assert_uint_eq(spend_all("2001:db8:5:3::7", start), QUOTA_NET64_BURST);
	ck_assert_uint_eq(spend_all("2001:db8:5:4::7", start), QUOTA_NET64_BURST);
	ck_assert_uint_eq(spend_all("2001:db8:5:5::7", start), 0);
	quota_free(quota);
}
END_TEST

START_TEST(one_that_owes_much_outlives_a_flood_of_networks)
{
	struct addr a = { 0 };

	begin(64);
	spend_all("203.0.113.9", start);
	ck_assert(addr_parse("20.0.0.1", &a));
	for (unsigned i = 0; i < 200000; i++) {
		struct source s;

		a.byte[0] = (uint8_t)(20 + (i >> 16));
		a.byte[1] = (uint8_t)(i >> 8);
		a.byte[2] = (uint8_t)i;
		s = cutter_source(&cutter, &a);
		ck_assert(quota_charge(quota, &s, QUOTA_OF_STRANGERS, start));
	}
	ck_assert(!charge("203.0.113.9", start));
	quota_free(quota);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, a_network_may_spend_its_burst_and_then_one_at_a_time);
	tcase_add_test(t, neighbour_networks_and_the_other_family_have_their_own);
	tcase_add_test(t, those_known_have_a_budget_of_their_own);
	tcase_add_test(t, an_ipv6_network_is_its_48);
	tcase_add_test(t, where_sources_are_smaller_a_64_has_a_part_of_its_48);
	tcase_add_test(t, one_that_owes_much_outlives_a_flood_of_networks);
}

int main(void)
{
	return unit_main("quota", add_tests);
}
