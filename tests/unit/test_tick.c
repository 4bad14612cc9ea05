/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_tick.c - spans read and written, points in time compared
 */
#include "base/tick.h"

#include <check.h>

#include "unit.h"

#define SECOND INT64_C(1000000)
#define DAY    (86400 * SECOND)

static const struct {
	const char *text;
	int64_t     us;
} spans[] = {
	{ "0s", 0 },
	{ "1us", 1 },
	{ "500us", 500 },
	{ "20ms", 20000 },
	{ "1ms500us", 1500 },
	{ "1s", SECOND },
	{ "59s", 59 * SECOND },
	{ "1m", 60 * SECOND },
	{ "1m30s", 90 * SECOND },
	{ "59m59s", 3599 * SECOND },
	{ "1h", 3600 * SECOND },
	{ "1h30m", 5400 * SECOND },
	{ "1h1s", 3601 * SECOND },
	{ "23h59m59s999ms999us", DAY - 1 },
	{ "1d", DAY },
	{ "36d", 36 * DAY },
	{ "1d20ms", DAY + 20000 },
	{ "106751991d4h54s775ms807us", INT64_MAX },
};

START_TEST(a_span_is_written_in_the_largest_units_that_fit)
{
	char text[SPAN_TEXT_MAX];

	ck_assert_str_eq(span_format(spans[_i].us, text), spans[_i].text);
}
END_TEST

START_TEST(a_span_is_read_as_it_is_written)
{
	int64_t us = -1;

	ck_assert_msg(span_parse(spans[_i].text, &us), "%s", spans[_i].text);
	ck_assert_int_eq(us, spans[_i].us);
}
END_TEST

START_TEST(every_written_span_reads_back_exactly)
{
	uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);

	for (unsigned i = 0; i < 20000; i++) {
		char text[SPAN_TEXT_MAX];
		int64_t us, back = -1;

		seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
		us = (int64_t)(seed >> (1 + i % 63));
		ck_assert_msg(span_parse(span_format(us, text), &back), "%s", text);
		ck_assert_msg(back == us, "%s", text);
	}
}
END_TEST

static const struct {
	const char *text;
	int64_t     us;
} other_spellings[] = {
	{ "0", 0 },
	{ "90", 90 * SECOND },
	{ "3600", 3600 * SECOND },
	{ "010", 10 * SECOND },
	{ "90s", 90 * SECOND },
	{ "90m", 5400 * SECOND },
	{ "0d", 0 },
	{ "1d0h5m", DAY + 300 * SECOND },
	{ "100h", 360000 * SECOND },
	{ "1m1ms", 60001000 },
	{ "9223372036854775807us", INT64_MAX },
	{ "9223372036854", INT64_C(9223372036854) * SECOND },
};

START_TEST(people_may_spell_a_span_in_other_ways)
{
	int64_t us = -1;

	ck_assert_msg(span_parse(other_spellings[_i].text, &us), "%s",
		      other_spellings[_i].text);
	ck_assert_int_eq(us, other_spellings[_i].us);
}
END_TEST

static const char *const refused[] = {
	"",	 " ",	   "s",	    "d36",   "-1",  "+1",   "1.5h", "1h 30m", " 1h",
	"1h ",	 "30m1h",  "1h1h",  "1h30",  "30s1", "1min", "1H",   "1w",     "1y",
	"0x10",	 "1e3",	   "1ms1s", "1us1us", "1h,", "1h\n", "5mm",  "5 m",    "1h-1m",
	"9223372036855",	      /* seconds: one more than fits */
	"9223372036854775808us",      /* 2^63 */
	"18446744073709551616us",     /* 2^64, zero when it wraps */
	"106751991d4h54s775ms808us",  /* one microsecond too long */
	"99999999999999999999999999d",
};

START_TEST(anything_else_is_refused_and_changes_nothing)
{
	int64_t us = 42;

	ck_assert_msg(!span_parse(refused[_i], &us), "\"%s\"", refused[_i]);
	ck_assert_int_eq(us, 42);
}
END_TEST

START_TEST(a_negative_span_is_written_as_none)
{
	char text[SPAN_TEXT_MAX];

	ck_assert_str_eq(span_format(-1, text), "0s");
}
END_TEST

START_TEST(a_time_is_reached_at_its_millisecond_and_ever_after)
{
	struct mono start = { 5000 }, due = mono_after(start, 250);

	ck_assert_int_eq(due.ms, 5250);
	ck_assert(!mono_reached(start, due));
	ck_assert(!mono_reached((struct mono){ 5249 }, due));
	ck_assert(mono_reached((struct mono){ 5250 }, due));
	ck_assert(mono_reached((struct mono){ 5251 }, due));
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_loop_test(t, a_span_is_written_in_the_largest_units_that_fit, 0,
			    sizeof(spans) / sizeof(spans[0]));
	tcase_add_loop_test(t, a_span_is_read_as_it_is_written, 0,
			    sizeof(spans) / sizeof(spans[0]));
	tcase_add_test(t, every_written_span_reads_back_exactly);
	tcase_add_loop_test(t, people_may_spell_a_span_in_other_ways, 0,
			    sizeof(other_spellings) / sizeof(other_spellings[0]));
	tcase_add_loop_test(t, anything_else_is_refused_and_changes_nothing, 0,
			    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(t, a_negative_span_is_written_as_none);
	tcase_add_test(t, a_time_is_reached_at_its_millisecond_and_ever_after);
}

int main(void)
{
	return unit_main("tick", add_tests);
}
