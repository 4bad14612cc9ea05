/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_conf_read.c - what a text means, and where a message points; messages themselves
 * are pinned in tests/conf/bad
 */
#include "conf/conf.h"

#include <stdlib.h>
#include <syslog.h>

#include "conf/options.h"

#include "conf_case.h"
#include "unit.h"

static void expect_addr(const struct setting_addrs *list, unsigned at, const char *want,
			unsigned line)
{
	char text[ADDR_TEXT_MAX];

	ck_assert_uint_lt(at, list->count);
	ck_assert_str_eq(addr_format(&list->addr[at], text), want);
	ck_assert_int_eq(list->origin[at].from, FROM_FILE);
	ck_assert_uint_eq(list->origin[at].line, line);
}

START_TEST(an_empty_text_leaves_the_documented_defaults)
{
	struct settings s = conf_case_read("");

	ck_assert_uint_eq(s.fake.count, 0);
	ck_assert_uint_eq(s.real.count, 0);
	ck_assert_int_eq(s.queue_num, -1);
	ck_assert_uint_eq(s.queue_maxlen, 4096);
	ck_assert_uint_eq(s.smtp_port, 25);
	ck_assert_int_eq(s.whitelist_us, INT64_C(36) * 86400 * 1000000);
	ck_assert(!s.no_rdns_whitelist && !s.observe && !s.to_stdout && !s.quiet);
	ck_assert(!s.debug && !s.foreground);
	ck_assert_uint_eq(s.siblings_max, 64);
	ck_assert_int_eq(s.fake_action, VERDICT_RESET);
	ck_assert_int_eq(s.when_unsure, VERDICT_ACCEPT);
	ck_assert_uint_eq(s.prefix4, 32);
	ck_assert_uint_eq(s.prefix6, 64);
	ck_assert_uint_eq(s.entries_max, 1000000);
	ck_assert_int_eq(s.coalesce_us, 500);
	ck_assert_int_eq(s.cpu, -1);
	ck_assert_uint_eq(s.mark, 0x6d78);
	ck_assert_int_eq(s.log_facility, LOG_MAIL);
}
END_TEST

START_TEST(the_example_of_the_old_manual_means_what_it_meant)
{
	struct settings s = conf_case_read("        stdout\n"
					   "        fake-mailserver 192.168.1.3\n"
					   "        fake-mailserver 192.168.1.4\n"
					   "        real-mailserver 192.168.1.5\n"
					   "        queue-num 23\n");

	ck_assert(s.to_stdout);
	ck_assert_uint_eq(s.fake.count, 2);
	expect_addr(&s.fake, 0, "192.168.1.3", 2);
	expect_addr(&s.fake, 1, "192.168.1.4", 3);
	ck_assert_uint_eq(s.real.count, 1);
	expect_addr(&s.real, 0, "192.168.1.5", 4);
	ck_assert_int_eq(s.queue_num, 23);
}
END_TEST

START_TEST(every_option_reaches_its_field)
{
	struct settings s = conf_case_read(
		"queue-maxlen = 17\nsmtp-port = 65535\nwhitelist-time = 1h30m\n"
		"no-rdns-whitelist = yes\nsiblings-max = 3\nfake-action = drop\n"
		"when-unsure = drop\nobserve = on\nstdout = true\nquiet = TRUE\n"
		"foreground = Yes\nprefix4 = 24\nprefix6 = 48\nentries-max = 1000\n"
		"coalesce = 10ms\ncpu = 7\nmark = 0xffffffff\nlog-facility = local3\n"
		"reset-with = mark\nproof = cookie\nprobation = 1h\ntarpit-max = 5m\n"
		"run-dir = /run/two\nstate-dir = /srv/state\nuser = root\n"
		"group = root\nconfine = user\n");

	ck_assert_uint_eq(s.queue_maxlen, 17);
	ck_assert_uint_eq(s.smtp_port, 65535);
	ck_assert_int_eq(s.whitelist_us, INT64_C(5400) * 1000000);
	ck_assert(s.no_rdns_whitelist && s.observe && s.to_stdout && s.quiet);
	ck_assert(s.foreground && !s.debug);
	ck_assert_uint_eq(s.siblings_max, 3);
	ck_assert_int_eq(s.fake_action, VERDICT_DROP);
	ck_assert_int_eq(s.when_unsure, VERDICT_DROP);
	ck_assert_uint_eq(s.prefix4, 24);
	ck_assert_uint_eq(s.prefix6, 48);
	ck_assert_uint_eq(s.entries_max, 1000);
	ck_assert_int_eq(s.coalesce_us, 10000);
	ck_assert_int_eq(s.cpu, 7);
	ck_assert_uint_eq(s.mark, 0xffffffff);
	ck_assert_int_eq(s.log_facility, LOG_LOCAL3);
	ck_assert(s.reset_with_mark);
	ck_assert_int_eq(s.tarpit_max_us, INT64_C(300) * 1000000);
	ck_assert_int_eq(s.proof, PROOF_COOKIE);
	ck_assert_int_eq(s.probation_us, INT64_C(3600) * 1000000);
	ck_assert_str_eq(s.run_dir, "/run/two");
	ck_assert_str_eq(s.state_dir, "/srv/state");
	ck_assert_str_eq(s.user.name, "root");
	ck_assert_int_eq(s.user.uid, 0);
	ck_assert_str_eq(s.group.name, "root");
	ck_assert_int_eq(s.group.gid, 0);
	ck_assert_int_eq(s.confine, CONFINE_USER);
}
END_TEST

START_TEST(numbers_are_decimal_and_bare_times_are_seconds)
{
	struct settings s = conf_case_read("queue-num = 010\nwhitelist-time 3600\n");

	ck_assert_int_eq(s.queue_num, 10);
	ck_assert_int_eq(s.whitelist_us, INT64_C(3600) * 1000000);
}
END_TEST

START_TEST(a_switch_can_be_said_to_be_off)
{
	struct settings s =
		conf_case_read("quiet = no\nstdout off\nobserve = false\ndebug\n");

	ck_assert(!s.quiet && !s.to_stdout && !s.observe && s.debug);
}
END_TEST

START_TEST(lists_add_up_in_whatever_form_they_are_said)
{
	struct settings s = conf_case_read("fake-mailserver 192.0.2.1\n"
					   "fake-mailserver = \"192.0.2.2\"\n"
					   "fake-mailserver = { '192.0.2.3', # one\n"
					   "\t/* and\n"
					   "\tanother */ 2001:DB8::4,\n"
					   "}\n"
					   "fake-mailserver += 192.0.2.5\n");

	ck_assert_uint_eq(s.fake.count, 5);
	expect_addr(&s.fake, 0, "192.0.2.1", 1);
	expect_addr(&s.fake, 1, "192.0.2.2", 2);
	expect_addr(&s.fake, 2, "192.0.2.3", 3);
	expect_addr(&s.fake, 3, "2001:db8::4", 5);
	expect_addr(&s.fake, 4, "192.0.2.5", 7);
}
END_TEST

START_TEST(windows_and_unix_ends_of_line_mean_the_same)
{
	struct settings s = conf_case_read("\xef\xbb\xbfstdout\r\nqueue-num\t23 \r\n"
					   "whitelist-time = 2h\r\nquiet\r");

	ck_assert(s.to_stdout && s.quiet);
	ck_assert_int_eq(s.queue_num, 23);
	ck_assert_int_eq(s.whitelist_us, INT64_C(7200) * 1000000);
}
END_TEST

START_TEST(comments_do_not_move_the_line_of_a_message)
{
	conf_case_refuse(
		"# 1\n/* 2\n3\n4 */ // 4\n\nstdout # 6\ncpu /* 7\n*/ = 9999\n",
		"t.conf:8: cpu \"9999\" is too large: give 0 to 1023 or any (default "
		"any)");
}
END_TEST

START_TEST(a_message_points_at_the_first_mistake)
{
	conf_case_refuse(
		"smtp-port = 0\nqueue-maxlen = 0\n",
		"t.conf:1: smtp-port \"0\" is too small: give 1 to 65535 (default 25)");
}
END_TEST

START_TEST(hostile_bytes_are_escaped_and_cut_in_messages)
{
	char text[600] = "fake-action = \"\xff%s";
	struct settings s;
	struct complaint why;

	memset(text + strlen(text), 'x', 400);
	strcat(text, "\"\n");
	conf_defaults(&s);
	ck_assert(!conf_read(&s, "t.conf", text, strlen(text), &why));
	ck_assert_ptr_eq(strstr(why.text, "t.conf:1: fake-action \"\\xff%sxxx"),
			 why.text);
	ck_assert_ptr_nonnull(strstr(why.text, "is unknown: give reset, accept or drop"));
}
END_TEST

START_TEST(a_name_of_a_file_is_escaped_and_bounded)
{
	char name[300];
	struct settings s;
	struct complaint why;

	conf_defaults(&s);
	ck_assert(!conf_read(&s, "a\nb", "x", 1, &why));
	ck_assert_ptr_eq(strstr(why.text, "a\\x0ab:1: "), why.text);

	memset(name, 'n', sizeof(name));
	name[256] = '\0';
	ck_assert(!conf_read(&s, name, "", 0, &why));
	ck_assert_ptr_nonnull(strstr(why.text, "longer than 255 bytes"));
	name[255] = '\0';
	ck_assert(conf_read(&s, name, "", 0, &why));
	ck_assert_str_eq(s.file, name);
}
END_TEST

START_TEST(a_text_of_1_mib_is_read_and_a_longer_one_refused)
{
	size_t len = 1024 * 1024;
	char *text = malloc(len + 1);
	struct settings s;
	struct complaint why;

	ck_assert_ptr_nonnull(text);
	memset(text, '\n', len + 1);
	memcpy(text + len - 7, "stdout\n", 7);
	conf_defaults(&s);
	ck_assert_msg(conf_read(&s, "t.conf", text, len, &why), "%s", why.text);
	ck_assert(s.to_stdout);
	ck_assert_uint_eq(s.said[conf_option_find("stdout") - conf_option_at(0)].line,
			  len - 6);
	ck_assert(!conf_read(&s, "t.conf", text, len + 1, &why));
	ck_assert_str_eq(why.text, "t.conf: larger than 1 MiB: this is no configuration");
	free(text);
}
END_TEST

START_TEST(braces_nested_without_end_are_refused)
{
	size_t len = 500000;
	char *text = malloc(len);
	struct settings s;
	struct complaint why;

	ck_assert_ptr_nonnull(text);
	memset(text, '{', len);
	memcpy(text, "fake-mailserver = ", 18);
	conf_defaults(&s);
	ck_assert(!conf_read(&s, "t.conf", text, len, &why));
	ck_assert_str_eq(why.text,
			 "t.conf:1: \"{\" stands where an address should stand");
	free(text);
}
END_TEST

START_TEST(reading_a_file_again_does_not_add_to_it)
{
	struct settings s = conf_case_read(CONF_CASE_WHOLE);
	struct complaint why;

	ck_assert_msg(conf_read(&s, "t.conf", CONF_CASE_WHOLE, strlen(CONF_CASE_WHOLE),
				&why),
		      "%s", why.text);
	ck_assert_uint_eq(s.fake.count, 1);
	ck_assert_uint_eq(s.real.count, 1);
}
END_TEST

START_TEST(what_is_printed_reads_back_the_same)
{
	static const char want[] =
		"fake-mailserver = { \"192.0.2.3\", \"2001:db8::3\" }\n"
		"real-mailserver = { \"192.0.2.4\" }\nqueue-num = 23\nqueue-maxlen = "
		"4096\n"
		"smtp-port = 25\nwhitelist-time = 1h1s\nno-rdns-whitelist = yes\n"
		"siblings-max = 64\nfake-action = reset\nwhen-unsure = accept\nobserve = "
		"no\n"
		"stdout = no\nquiet = no\ndebug = no\nforeground = no\nprefix4 = 32\n"
		"prefix6 = 64\nentries-max = 1000000\ncoalesce = 0s\ncpu = any\nmark = "
		"0xff\n"
		"reset-with = own\nproof = none\nprobation = 10m\ntarpit-max = 12h\n"
		"run-dir = \"/run/mxallowd\"\nstate-dir = \"/var/lib/mxallowd\"\n"
		"# user is not set\n# group is not set\nconfine = full\n"
		"log-facility = authpriv\n"
		"queue \"default\" {\n\tstart = knock\n\tpause = 0s\n"
		"\twindow = whitelist-time\n\tconnections = 0\n\trefresh = yes\n"
		"\tdeny = drop\n}\n"
		"penalty {\n\tstrikes = 1\n\twithin = 12h\n\ttime = 12h\n"
		"\taction = drop\n\tescalate = 1\n\ttime-max = 30d\n}\n"
		"trust {\n\tvotes = 1\n\ttime = 36d\n}\n";
	struct settings s = conf_case_read(
		CONF_CASE_WHOLE "fake-mailserver 2001:db8::3\nwhitelist-time 3601\n"
				"no-rdns-whitelist\ncoalesce 0\nmark 255\n"
				"log-facility authpriv\n");

	if (WITH_PF) /* prints more; tests/conf reads it back */
		return;
	for (int round = 0; round < 2; round++) {
		char text[2048];
		FILE *f = fmemopen(text, sizeof(text), "w");

		ck_assert_ptr_nonnull(f);
		conf_print(&s, f);
		fclose(f);
		ck_assert_str_eq(text, want);
		s = conf_case_read(text);
	}
}
END_TEST

static void add(TCase *t)
{
	tcase_add_test(t, an_empty_text_leaves_the_documented_defaults);
	tcase_add_test(t, the_example_of_the_old_manual_means_what_it_meant);
	tcase_add_test(t, every_option_reaches_its_field);
	tcase_add_test(t, numbers_are_decimal_and_bare_times_are_seconds);
	tcase_add_test(t, a_switch_can_be_said_to_be_off);
	tcase_add_test(t, lists_add_up_in_whatever_form_they_are_said);
	tcase_add_test(t, windows_and_unix_ends_of_line_mean_the_same);
	tcase_add_test(t, comments_do_not_move_the_line_of_a_message);
	tcase_add_test(t, a_message_points_at_the_first_mistake);
	tcase_add_test(t, hostile_bytes_are_escaped_and_cut_in_messages);
	tcase_add_test(t, a_name_of_a_file_is_escaped_and_bounded);
	tcase_add_test(t, a_text_of_1_mib_is_read_and_a_longer_one_refused);
	tcase_add_test(t, braces_nested_without_end_are_refused);
	tcase_add_test(t, reading_a_file_again_does_not_add_to_it);
	tcase_add_test(t, what_is_printed_reads_back_the_same);
}

int main(void)
{
	return unit_main("conf_read", add);
}
