/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_totals.c - packets and sources by what became of them
 */
#include "daemon/totals_int.h"

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "unit.h"

static struct totals begin(bool observe)
{
	struct policy p = policy_default();
	struct totals t;

	p.entries_max = 1000;
	p.observe = observe;
	ck_assert(totals_init(&t, &p));
	return t;
}

static void count(struct totals *t, const char *src, enum reason reason,
		  enum verdict would)
{
	struct attempt a = { .shape = ATTEMPT_SYN };
	struct decision d = { .would = would, .reason = reason };

	ck_assert(!src || addr_parse(src, &a.src));
	totals_count(t, &a, &d);
}

static void expect_printed(const struct totals *t, const char *want)
{
	char text[1024] = "";
	FILE *f = fmemopen(text, sizeof(text) - 1, "w");

	ck_assert_ptr_nonnull(f);
	totals_print(t, f);
	fclose(f);
	ck_assert_str_eq(text, want);
}

START_TEST(rows_come_in_the_order_of_the_rule)
{
	struct totals t = begin(false);

	count(&t, "192.0.2.1", REASON_NO_KNOCK, VERDICT_DROP);
	count(&t, "192.0.2.2", REASON_NO_KNOCK, VERDICT_DROP);
	count(&t, "192.0.2.1", REASON_NO_KNOCK, VERDICT_DROP);
	count(&t, "192.0.2.1", REASON_NO_KNOCK, VERDICT_RESET);
	count(&t, "192.0.2.1", REASON_KNOCK, VERDICT_RESET);
	count(&t, NULL, REASON_MALFORMED, VERDICT_ACCEPT);
	expect_printed(&t,
		       "total reason=malformed verdict=accept packets=1 sources=0\n"
		       "total reason=knock verdict=reset packets=1 sources=1\n"
		       "total reason=no-knock verdict=drop packets=3 sources=2\n"
		       "total reason=no-knock verdict=reset packets=1 sources=1\n");
	totals_fini(&t);
}
END_TEST

START_TEST(observing_says_what_would_have_been)
{
	struct totals t = begin(true);

	count(&t, "192.0.2.1", REASON_NO_KNOCK, VERDICT_DROP);
	count(&t, "192.0.2.1", REASON_OPEN, VERDICT_ACCEPT);
	expect_printed(
		&t, "total reason=open verdict=accept packets=1 sources=1\n"
		    "total reason=no-knock verdict=accept would=drop packets=1 "
		    "sources=1\n");
	totals_fini(&t);
}
END_TEST

START_TEST(a_source_is_as_wide_as_the_prefix_says)
{
	struct totals t = begin(false);

	count(&t, "2001:db8::1", REASON_OPEN, VERDICT_ACCEPT);
	count(&t, "2001:db8::2", REASON_OPEN, VERDICT_ACCEPT);
	count(&t, "2001:db8:0:1::2", REASON_OPEN, VERDICT_ACCEPT);
	expect_printed(&t, "total reason=open verdict=accept packets=3 sources=2\n");
	totals_fini(&t);
}
END_TEST

START_TEST(sources_beyond_the_limit_are_counted_as_packets_only)
{
	struct totals t = begin(false);

	for (unsigned i = 0; i < 5000; i++) {
		char src[32];

		snprintf(src, sizeof(src), "198.18.%u.%u", i / 2 / 256, i / 2 % 256);
		count(&t, src, REASON_NO_KNOCK, VERDICT_DROP);
	}
	expect_printed(&t,
		       "total reason=no-knock verdict=drop packets=5000 sources=1000\n");
	ck_assert_uint_eq(t.uncounted, 3000);
	totals_fini(&t);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, rows_come_in_the_order_of_the_rule);
	tcase_add_test(t, observing_says_what_would_have_been);
	tcase_add_test(t, a_source_is_as_wide_as_the_prefix_says);
	tcase_add_test(t, sources_beyond_the_limit_are_counted_as_packets_only);
}

int main(void)
{
	return unit_main("totals", add_tests);
}
