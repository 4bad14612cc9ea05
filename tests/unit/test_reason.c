/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_reason.c - the words of the log; whoever greps for them relies on every letter
 */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "core/reason.h"

#include "unit.h"

START_TEST(every_reason_has_the_token_of_the_manual)
{
	ck_assert_str_eq(reason_name(REASON_NOT_A_SYN), "not-a-syn");
	ck_assert_str_eq(reason_name(REASON_MALFORMED), "malformed");
	ck_assert_str_eq(reason_name(REASON_OTHER_DESTINATION), "other-destination");
	ck_assert_str_eq(reason_name(REASON_LISTED_ALLOW), "listed-allow");
	ck_assert_str_eq(reason_name(REASON_LISTED_DENY), "listed-deny");
	ck_assert_str_eq(reason_name(REASON_PENALTY), "penalty");
	ck_assert_str_eq(reason_name(REASON_KNOCK), "knock");
	ck_assert_str_eq(reason_name(REASON_OPEN), "open");
	ck_assert_str_eq(reason_name(REASON_PAUSING), "pausing");
	ck_assert_str_eq(reason_name(REASON_SPENT), "spent");
	ck_assert_str_eq(reason_name(REASON_FIRST_TRY), "first-try");
	ck_assert_str_eq(reason_name(REASON_NO_KNOCK), "no-knock");
	ck_assert_str_eq(reason_name(REASON_UNSURE), "unsure");
}
END_TEST

/* Also those added after the test above was written. */
START_TEST(no_two_reasons_share_a_token)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz-";

	for (int a = 0; a < REASONS; a++) {
		const char *name = reason_name((enum reason)a);

		ck_assert_uint_eq(strspn(name, letters), strlen(name));
		ck_assert_str_ne(name, "unknown");
		for (int b = 0; b < a; b++)
			ck_assert_str_ne(name, reason_name((enum reason)b));
	}
}
END_TEST

START_TEST(every_verdict_has_the_word_of_the_configuration)
{
	ck_assert_str_eq(verdict_name(VERDICT_ACCEPT), "accept");
	ck_assert_str_eq(verdict_name(VERDICT_DROP), "drop");
	ck_assert_str_eq(verdict_name(VERDICT_RESET), "reset");
	ck_assert_str_eq(verdict_name(VERDICT_TARPIT), "tarpit");
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, every_reason_has_the_token_of_the_manual);
	tcase_add_test(t, no_two_reasons_share_a_token);
	tcase_add_test(t, every_verdict_has_the_word_of_the_configuration);
}

int main(void)
{
	return unit_main("reason", add_tests);
}
