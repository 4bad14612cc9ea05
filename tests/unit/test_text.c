/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_text.c - numbers refused when in doubt, strangers' bytes made harmless
 */
#include "base/text.h"

#include <string.h>

#include <check.h>

#include "unit.h"

static const struct {
	const char *text;
	uint64_t    want;
} numbers[] = {
	{ "0", 0 },
	{ "23", 23 },
	{ "010", 10 },
	{ "0x0", 0 },
	{ "0x6d78", 0x6d78 },
	{ "0xAbCdEf", 0xabcdef },
	{ "18446744073709551615", UINT64_MAX },
	{ "0xffffffffffffffff", UINT64_MAX },
	{ "0000000000000000000000000000001", 1 },
};

START_TEST(a_number_is_decimal_or_hexadecimal)
{
	uint64_t n = 42;

	ck_assert_msg(text_number(numbers[_i].text, 0, UINT64_MAX, &n), "%s",
		      numbers[_i].text);
	ck_assert_uint_eq(n, numbers[_i].want);
}
END_TEST

static const char *const refused[] = {
	"",	"-1",	"+1",	" 1",	"1 ",	 "1\n",	 "0x",	"0X10",	 "x10",
	"1a",	"0xg",	"1.0",	"1e3",	"1,000", "ten",	 "0x 1", "0x-1", "--",
	"18446744073709551616",	 /* 2^64 */
	"18446744073709551625",	 /* wraps in the addition */
	"99999999999999999999",	 /* wraps in the multiplication */
	"0x10000000000000000",
};

START_TEST(anything_else_is_no_number_and_changes_nothing)
{
	uint64_t n = 42;

	ck_assert_msg(!text_number(refused[_i], 0, UINT64_MAX, &n), "\"%s\"",
		      refused[_i]);
	ck_assert_uint_eq(n, 42);
}
END_TEST

START_TEST(a_number_must_lie_within_its_bounds)
{
	uint64_t n = 42;

	ck_assert(!text_number("0", 1, 65535, &n));
	ck_assert(!text_number("65536", 1, 65535, &n));
	ck_assert_uint_eq(n, 42);
	ck_assert(text_number("1", 1, 65535, &n));
	ck_assert_uint_eq(n, 1);
	ck_assert(text_number("65535", 1, 65535, &n));
	ck_assert_uint_eq(n, 65535);
}
END_TEST

static const struct {
	const char *in;
	size_t      len;
	const char *want;
} escapes[] = {
	{ "", 0, "" },
	{ "mail.example.org", 16, "mail.example.org" },
	{ "!#$%&'()*+,-./:;<>?@[]^_`{|}~", 29, "!#$%&'()*+,-./:;<>?@[]^_`{|}~" },
	{ "a b", 3, "a\\x20b" },
	{ "src=1", 5, "src\\x3d1" },
	{ "\"\\", 2, "\\x22\\x5c" },
	{ "a\r\nb", 4, "a\\x0d\\x0ab" },
	{ "\0\x1b\x7f", 3, "\\x00\\x1b\\x7f" },
	{ "\xc3\xa4\xff", 3, "\\xc3\\xa4\\xff" },
};

START_TEST(what_could_break_a_log_line_is_escaped)
{
	char out[128];

	ck_assert_str_eq(text_escape(out, sizeof(out), escapes[_i].in, escapes[_i].len),
			 escapes[_i].want);
}
END_TEST

START_TEST(escaped_text_is_cut_to_fit_but_never_within_an_escape)
{
	static const char *const want[] = {
		"", "a", "a", "a", "a", "a\\x0a", "a\\x0ab", "a\\x0abc", "a\\x0abc",
	};
	char out[16];

	for (size_t size = 1; size <= 9; size++) {
		memset(out, '#', sizeof(out));
		text_escape(out, size, "a\nbc", 4);
		ck_assert_str_eq(out, want[size - 1]);
		ck_assert_msg(out[size] == '#', "wrote beyond %zu", size);
	}
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_loop_test(t, a_number_is_decimal_or_hexadecimal, 0,
			    sizeof(numbers) / sizeof(numbers[0]));
	tcase_add_loop_test(t, anything_else_is_no_number_and_changes_nothing, 0,
			    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(t, a_number_must_lie_within_its_bounds);
	tcase_add_loop_test(t, what_could_break_a_log_line_is_escaped, 0,
			    sizeof(escapes) / sizeof(escapes[0]));
	tcase_add_test(t, escaped_text_is_cut_to_fit_but_never_within_an_escape);
}

int main(void)
{
	return unit_main("text", add_tests);
}
