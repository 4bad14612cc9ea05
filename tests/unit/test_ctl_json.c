/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ctl_json.c - rows become JSON and Prometheus text, whatever stands in them
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ctl/view_int.h"

#include "unit.h"

/* What the view prints for the rows, up to a NULL. */
static const char *shown(const struct view_ops *ops, const char *const *rows, char *out,
			 size_t size)
{
	struct view *v = calloc(1, sizeof(*v));

	ck_assert_ptr_nonnull(v);
	v->ops = ops;
	v->out = fmemopen(out, size, "w");
	ck_assert_ptr_nonnull(v->out);
	for (; *rows; rows++) {
		v->rows++;
		ops->row(v, *rows);
	}
	if (ops->end)
		ops->end(v);
	ck_assert_int_eq(fclose(v->out), 0);
	free(v);
	return out;
}

#define SHOWN(ops, ...)                                                                  \
	shown(ops, (const char *const[]){ __VA_ARGS__, NULL }, text, sizeof(text))

START_TEST(no_rows_are_an_empty_array)
{
	static const char *const none[] = { NULL };
	char text[100];

	ck_assert_str_eq(shown(&view_json, none, text, sizeof(text)), "[]\n");
}
END_TEST

START_TEST(rows_are_objects_with_their_kind)
{
	char text[500];

	ck_assert_str_eq(
		SHOWN(&view_json, "entry src=192.0.2.1/32 state=open connections=3",
		      "entry src=2001:db8::/64 used=yes"),
		"[\n{\"row\":\"entry\",\"src\":\"192.0.2.1/32\",\"state\":\"open\","
		"\"connections\":3},\n"
		"{\"row\":\"entry\",\"src\":\"2001:db8::/64\",\"used\":\"yes\"}\n]\n");
}
END_TEST

START_TEST(a_log_line_has_no_kind)
{
	char text[500];

	ck_assert_str_eq(SHOWN(&view_json_lines, "verdict=drop src=192.0.2.1"),
			 "{\"verdict\":\"drop\",\"src\":\"192.0.2.1\"}\n");
}
END_TEST

START_TEST(every_byte_a_stranger_can_say_is_a_valid_string)
{
	for (unsigned c = 1; c < 256; c++) {
		char raw = (char)c, safe[8], row[40], text[200];
		const char *value;

		snprintf(row, sizeof(row), "vote text=%s",
			 text_escape(safe, sizeof(safe), &raw, 1));
		SHOWN(&view_json, row);
		value = strstr(text, "\"text\":\"");
		ck_assert_ptr_nonnull(value);
		value += strlen("\"text\":\"");
		if (c == '"')
			ck_assert_msg(strncmp(value, "\\\"\"}", 4) == 0, "%s", text);
		else if (c >= 0x20 && c < 0x7f && c != '\\')
			ck_assert_msg(value[0] == raw && value[1] == '"', "%s", text);
		else /* the escape stays, its backslash escaped once more */
			ck_assert_msg(value[0] == '\\' && value[1] == '\\' &&
					      value[2] == 'x' && value[5] == '"',
				      "%s", text);
	}
}
END_TEST

START_TEST(bytes_that_should_have_been_escaped_are_harmless)
{
	char text[200];

	ck_assert_str_eq(SHOWN(&view_json, "k a=\xff\x01z\x7f"),
			 "[\n{\"row\":\"k\"}\n]\n");
}
END_TEST

START_TEST(numbers_that_are_none_are_strings)
{
	char text[300];

	ck_assert_str_eq(
		SHOWN(&view_json, "counter value=007 count= strikes=-1 packets=0"),
		"[\n{\"row\":\"counter\",\"value\":\"007\",\"count\":\"\","
		"\"strikes\":\"-1\",\"packets\":0}\n]\n");
}
END_TEST

START_TEST(readable_text_shows_no_control_bytes)
{
	char out[64];
	const char *value = "a\\x20b\\x1b\\x5c\\x3d\\xff\\x2";

	row_readable(out, sizeof(out), value, strlen(value));
	ck_assert_str_eq(out, "a b\\x1b\\x5c=\\xff\\x2");
	ck_assert_uint_eq(row_readable(out, 4, "abcdef", 6), 3);
	ck_assert_str_eq(out, "abc");
}
END_TEST

START_TEST(a_value_is_found_by_its_whole_key)
{
	char out[ROW_WORD_MAX];

	ck_assert(row_get("entry penalties=2 penalty=3h", "penalty", out));
	ck_assert_str_eq(out, "3h");
	ck_assert(!row_get("entry penalties=2", "penalty", out));
	ck_assert_str_eq(out, "");
	ck_assert(row_says("verdict=drop src=192.0.2.1", "verdict", "drop"));
	ck_assert(row_is("entry src=x", "entry"));
	ck_assert(!row_is("entries state=x", "entry"));
	ck_assert(row_is("ok", "ok"));
}
END_TEST

START_TEST(counters_become_prometheus_text)
{
	char text[1000];

	ck_assert_str_eq(
		SHOWN(&view_prometheus,
		      "counter name=attempts type=counter value=1 label=reason\\x3dknock "
		      "help=by\\x20reason",
		      "counter name=attempts type=counter value=2 "
		      "label=reason\\x3dno-knock "
		      "help=by\\x20reason",
		      "counter name=table_entries type=gauge value=3 help=now"),
		"# HELP mxallowd_attempts_total by reason\n"
		"# TYPE mxallowd_attempts_total counter\n"
		"mxallowd_attempts_total{reason=\"knock\"} 1\n"
		"mxallowd_attempts_total{reason=\"no-knock\"} 2\n"
		"# HELP mxallowd_table_entries now\n"
		"# TYPE mxallowd_table_entries gauge\n"
		"mxallowd_table_entries 3\n");
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, no_rows_are_an_empty_array);
	tcase_add_test(t, rows_are_objects_with_their_kind);
	tcase_add_test(t, a_log_line_has_no_kind);
	tcase_add_test(t, every_byte_a_stranger_can_say_is_a_valid_string);
	tcase_add_test(t, bytes_that_should_have_been_escaped_are_harmless);
	tcase_add_test(t, numbers_that_are_none_are_strings);
	tcase_add_test(t, readable_text_shows_no_control_bytes);
	tcase_add_test(t, a_value_is_found_by_its_whole_key);
	tcase_add_test(t, counters_become_prometheus_text);
}

int main(void)
{
	return unit_main("ctl_json", add_tests);
}
