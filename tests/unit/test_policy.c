/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_policy.c - the defaults of the rule, and which addresses are ours
 */
#include <stdlib.h>

#include <check.h>

#include "core/policy.h"

#include "unit.h"

static struct addr addr_of(const char *text)
{
	struct addr a;

	ck_assert_msg(addr_parse(text, &a), "%s is no address", text);
	return a;
}

START_TEST(a_policy_left_alone_is_mxallowd_1_with_36_days)
{
	struct policy p = policy_default();

	ck_assert_uint_eq(p.queues, 1);
	ck_assert_str_eq(p.queue[0].name, "default");
	ck_assert_int_eq(p.queue[0].start, START_KNOCK);
	ck_assert_int_eq(p.queue[0].pause_ms, 0);
	ck_assert_int_eq(p.queue[0].window_ms, INT64_C(36) * 24 * 3600 * 1000);
	ck_assert_uint_eq(p.queue[0].connections, 0);
	ck_assert(p.queue[0].refresh);
	ck_assert_int_eq(p.queue[0].deny, VERDICT_DROP);
}
END_TEST

START_TEST(a_policy_left_alone_resets_knocks_and_asks_for_64_siblings)
{
	struct policy p = policy_default();

	ck_assert_uint_eq(p.smtp_port, 25);
	ck_assert_int_eq(p.fake_action, VERDICT_RESET);
	ck_assert_int_eq(p.when_unsure, VERDICT_ACCEPT);
	ck_assert(!p.observe);
	ck_assert_uint_eq(p.siblings_max, 64);
	ck_assert_uint_eq(p.prefix4, 32);
	ck_assert_uint_eq(p.prefix6, 64);
	ck_assert_uint_eq(p.entries_max, 1000000);
}
END_TEST

START_TEST(a_policy_left_alone_punishes_for_twelve_hours_and_trusts_for_36_days)
{
	struct policy p = policy_default();

	ck_assert_uint_eq(p.penalty.strikes, 1);
	ck_assert_int_eq(p.penalty.within_ms, 12 * 3600 * 1000);
	ck_assert_int_eq(p.penalty.time_ms, 12 * 3600 * 1000);
	ck_assert_int_eq(p.penalty.action, VERDICT_DROP);
	ck_assert_uint_eq(p.penalty.escalate, 1);
	ck_assert_uint_eq(p.trust.votes, 1);
	ck_assert_int_eq(p.trust.time_ms, INT64_C(36) * 24 * 3600 * 1000);
}
END_TEST

START_TEST(a_policy_left_alone_has_no_addresses)
{
	struct policy p = policy_default();
	struct addr any = { 0 };

	ck_assert_uint_eq(p.fakes, 0);
	ck_assert_uint_eq(p.reals, 0);
	ck_assert(!policy_is_fake(&p, &any));
	ck_assert(!policy_is_real(&p, &any));
}
END_TEST

START_TEST(fake_and_real_are_what_was_listed_and_nothing_near_it)
{
	struct policy p = policy_default();
	struct addr fake = addr_of("192.0.2.3"), real = addr_of("192.0.2.4");
	struct addr fake6 = addr_of("2001:db8::3"), near6 = addr_of("2001:db8::5");

	p.fake[p.fakes++] = fake;
	p.fake[p.fakes++] = fake6;
	p.real[p.reals++] = real;
	p.real[1] = near6; /* behind the end of the list */

	ck_assert(policy_is_fake(&p, &fake));
	ck_assert(policy_is_fake(&p, &fake6));
	ck_assert(policy_is_real(&p, &real));
	ck_assert(!policy_is_fake(&p, &real));
	ck_assert(!policy_is_real(&p, &fake));
	ck_assert(!policy_is_fake(&p, &near6));
	ck_assert(!policy_is_real(&p, &near6));
}
END_TEST

START_TEST(the_last_of_64_addresses_counts_like_the_first)
{
	struct policy p = policy_default();
	struct addr a = addr_of("192.0.2.0");

	for (; p.reals < POLICY_ADDRS_MAX; p.reals++) {
		a.byte[3] = (uint8_t)p.reals;
		p.real[p.reals] = a;
	}
	ck_assert(policy_is_real(&p, &a));
	ck_assert(!policy_is_fake(&p, &a));
	a.byte[3]++;
	ck_assert(!policy_is_real(&p, &a));
}
END_TEST

/* 192.0.2.3 and c000:203:: begin with the same four bytes. */
START_TEST(an_ipv6_address_is_never_taken_for_an_ipv4_one)
{
	struct policy p = policy_default();
	struct addr alike = addr_of("c000:203::");

	p.fake[p.fakes++] = addr_of("192.0.2.3");
	ck_assert(!policy_is_fake(&p, &alike));
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, a_policy_left_alone_is_mxallowd_1_with_36_days);
	tcase_add_test(t, a_policy_left_alone_resets_knocks_and_asks_for_64_siblings);
	tcase_add_test(
		t, a_policy_left_alone_punishes_for_twelve_hours_and_trusts_for_36_days);
	tcase_add_test(t, a_policy_left_alone_has_no_addresses);
	tcase_add_test(t, fake_and_real_are_what_was_listed_and_nothing_near_it);
	tcase_add_test(t, the_last_of_64_addresses_counts_like_the_first);
	tcase_add_test(t, an_ipv6_address_is_never_taken_for_an_ipv4_one);
}

int main(void)
{
	return unit_main("policy", add_tests);
}
