/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_arguments.c - the command line, the old one included
 */
#include "daemon/arguments.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf_case.h"
#include "unit.h"

enum { WORDS_MAX = 32 };

/* Splits at blanks; arguments_parse() keeps pointers into `line`. */
static bool parse(struct arguments *a, char *line, struct complaint *why)
{
	char *argv[WORDS_MAX + 1];
	int argc = 0;

	argv[argc++] = line;
	while (argc < WORDS_MAX && (line = strchr(line, ' '))) {
		*line++ = '\0';
		argv[argc++] = line;
	}
	argv[argc] = NULL;
	return arguments_parse(a, argc, argv, why);
}

static void expect_refused(const char *text, const char *want)
{
	struct arguments a;
	struct complaint why;
	char line[256];

	snprintf(line, sizeof(line), "mxallowd %s", text);
	ck_assert_msg(!parse(&a, line, &why), "%s", text);
	ck_assert_str_eq(why.text, want);
	ck_assert_int_eq(why.kind, COMPLAINT_USAGE);
}

static enum arguments_mode mode_of(const char *text)
{
	struct arguments a;
	struct complaint why;
	char line[256];

	snprintf(line, sizeof(line), "mxallowd%s", text);
	ck_assert_msg(parse(&a, line, &why), "%s: %s", text, why.text);
	return a.mode;
}

/* An empty file, so that no file of this machine has a say. */
static char empty[] = "/tmp/test_arguments.XXXXXX";

static void begin(void)
{
	int fd = mkstemp(empty);

	ck_assert_int_ge(fd, 0);
	close(fd);
}

static void end(void)
{
	unlink(empty);
}

/* Settings from `text` and the empty file. */
static struct settings settings_of(const char *text)
{
	struct arguments a;
	struct settings s;
	struct complaint why;
	char line[512];

	snprintf(line, sizeof(line), "mxallowd -c %s %s", empty, text);
	ck_assert_msg(parse(&a, line, &why), "%s: %s", text, why.text);
	ck_assert_msg(arguments_settings(&a, &s, &why), "%s: %s", text, why.text);
	return s;
}

START_TEST(the_example_of_the_old_manual_works)
{
	struct settings s = settings_of("-s -F -f 192.168.1.3 -r 192.168.1.4 -n 23");
	char text[ADDR_TEXT_MAX];

	ck_assert(s.to_stdout && s.foreground && !s.debug);
	ck_assert_uint_eq(s.fake.count, 1);
	ck_assert_str_eq(addr_format(&s.fake.addr[0], text), "192.168.1.3");
	ck_assert_str_eq(addr_format(&s.real.addr[0], text), "192.168.1.4");
	ck_assert_int_eq(s.queue_num, 23);
}
END_TEST

START_TEST(short_and_long_flags_say_the_same)
{
	struct settings a =
		settings_of("-bdFOs -t 90 "
			    "-f 2001:db8::1 -f 2001:db8::2 -r 2001:db8::3 -n 1");
	struct settings b =
		settings_of("--no-rdns-whitelist --debug --foreground --observe "
			    "--stdout --whitelist-time=90 --fake-mailserver 2001:db8::1 "
			    "--fake-mailserver=2001:db8::2 "
			    "--real-mailserver 2001:db8::3 "
			    "--queue-num 1");

	ck_assert_int_eq(b.whitelist_us, 90000000);
	ck_assert_int_eq(a.whitelist_us, 90000000);
	ck_assert(a.no_rdns_whitelist && a.debug && a.foreground && a.observe &&
		  a.to_stdout);
	ck_assert(b.no_rdns_whitelist && b.debug && b.foreground && b.observe &&
		  b.to_stdout);
	ck_assert_uint_eq(a.fake.count, 2);
	ck_assert_uint_eq(b.fake.count, 2);
	ck_assert_int_eq(b.queue_num, 1);
}
END_TEST

START_TEST(every_key_of_the_file_is_a_long_option)
{
	struct settings s =
		settings_of("-f 192.0.2.3 -r 192.0.2.4 -n 1 --queue-maxlen 17 "
			    "--smtp-port 26 --fake-action drop --cpu 3 --mark 0x10 "
			    "--log-facility user --entries-max=1000 --quiet");

	ck_assert_uint_eq(s.queue_maxlen, 17);
	ck_assert_uint_eq(s.smtp_port, 26);
	ck_assert_int_eq(s.fake_action, VERDICT_DROP);
	ck_assert_int_eq(s.cpu, 3);
	ck_assert_uint_eq(s.mark, 16);
	ck_assert_uint_eq(s.entries_max, 1000);
	ck_assert(s.quiet);
}
END_TEST

START_TEST(modes_are_chosen_by_their_flags)
{
	ck_assert_int_eq(mode_of(""), ARGUMENTS_RUN);
	ck_assert_int_eq(mode_of(" -T"), ARGUMENTS_CHECK);
	ck_assert_int_eq(mode_of(" --check -q"), ARGUMENTS_CHECK);
	ck_assert_int_eq(mode_of(" --print-config"), ARGUMENTS_PRINT_CONFIG);
	ck_assert_int_eq(mode_of(" --print-config -T"), ARGUMENTS_PRINT_CONFIG);
	ck_assert_int_eq(mode_of(" -T --print-config"), ARGUMENTS_PRINT_CONFIG);
	ck_assert_int_eq(mode_of(" --replay x"), ARGUMENTS_REPLAY);
	ck_assert_int_eq(mode_of(" --names y --replay x -q"), ARGUMENTS_REPLAY);
	ck_assert_int_eq(mode_of(" --replay - -T"), ARGUMENTS_CHECK);
	ck_assert_int_eq(mode_of(" -T --replay -"), ARGUMENTS_CHECK);
	ck_assert_int_eq(mode_of(" --print-config --replay x -T"),
			 ARGUMENTS_PRINT_CONFIG);
	ck_assert_int_eq(mode_of(" -V"), ARGUMENTS_VERSION);
	ck_assert_int_eq(mode_of(" -T --help --nonsense"), ARGUMENTS_HELP);
}
END_TEST

START_TEST(mistakes_are_named_with_what_would_be_right)
{
	expect_refused("-x",
		       "unknown option \"-x\"; \"mxallowd --help\" lists all there are");
	expect_refused("-sN",
		       "unknown option \"-N\"; did you mean \"-n\" (--queue-num)?");
	expect_refused("--fake-mailsever=1",
		       "unknown option \"--fake-mailsever\"; did you mean "
		       "\"--fake-mailserver\"?");
	expect_refused(
		"-F --nonsense x",
		"unknown option \"--nonsense\"; \"mxallowd --help\" lists all there are");
	expect_refused("--pre 8", "\"--pre\" is short for several options, one of them "
				  "\"--prefix4\"");
	expect_refused("--stdout=yes", "--stdout takes no value");
	expect_refused("-F -t", "-t needs a value: give 1s to 3650d (default 36d)");
	expect_refused("--prefix4", "--prefix4 needs a value: give 8 to 32 (default 32)");
	expect_refused("-c", "-c needs a value: give FILE");
	expect_refused("--replay", "--replay needs a value: give FILE");
	expect_refused("--replay a --replay b",
		       "--replay is given twice: one file at a time");
	expect_refused("--names a",
		       "--names is for a replay: give --replay FILE too");
	expect_refused("--report",
		       "--report is for a replay: give --replay FILE too; a running "
		       "daemon answers mxallowctl report");
	expect_refused("--replay a --report=xml",
		       "--report: \"xml\" is no form; leave it out or give json");
	expect_refused("--replay a --report json",
		       "\"json\" belongs to no option: addresses follow -f or -r, a "
		       "configuration file -c");
	expect_refused("-s start",
		       "\"start\" belongs to no option: addresses follow -f or -r, a "
		       "configuration file -c");
	expect_refused("-F -- -s",
		       "\"-s\" belongs to no option: addresses follow -f or -r, a "
		       "configuration file -c");
}
END_TEST

START_TEST(flags_for_pf_are_recognised_and_refused)
{
	struct arguments a;
	struct complaint why;
	char line[] = "mxallowd -p pflog0 --pcap-filter x";

	if (WITH_PF) {
		ck_assert(parse(&a, line, &why));
		return;
	}
	expect_refused("-p pflog0",
		       "-p (--pflog-interface) is for builds that watch pf; this one "
		       "reads NFQUEUE: leave it out and give -n");
	expect_refused("--pcap-filter x",
		       "-l (--pcap-filter) is for builds that watch pf; this "
		       "one reads NFQUEUE: leave it out and give -n");
}
END_TEST

START_TEST(an_unknown_word_of_hostile_bytes_is_escaped)
{
	expect_refused("--\n\xff=1",
		       "unknown option \"--\\x0a\\xff\"; \"mxallowd --help\" lists "
		       "all there are");
	expect_refused("-\x01",
		       "unknown option \"-\\x01\"; \"mxallowd --help\" lists all there "
		       "are");
}
END_TEST

START_TEST(more_flags_than_anybody_needs_are_refused)
{
	char flag[] = "-s", name[] = "mxallowd";
	char *argv[ARGUMENTS_MAX + 3];
	struct arguments a;
	struct complaint why;

	argv[0] = name;
	for (int i = 1; i <= ARGUMENTS_MAX + 1; i++)
		argv[i] = flag;
	argv[ARGUMENTS_MAX + 2] = NULL;
	ck_assert(!arguments_parse(&a, ARGUMENTS_MAX + 2, argv, &why));
	ck_assert_str_eq(why.text, "more than 256 flags");
	argv[ARGUMENTS_MAX + 1] = NULL;
	ck_assert(arguments_parse(&a, ARGUMENTS_MAX + 1, argv, &why));
}
END_TEST

START_TEST(the_path_is_made_absolute_before_the_daemon_leaves_its_directory)
{
	char run[] = "mxallowd -c x.conf", check[] = "mxallowd -T -c x.conf";
	char whole[] = "mxallowd -c /x.conf", none[] = "mxallowd";
	struct arguments a;
	struct complaint why;

	ck_assert_int_eq(chdir("/tmp"), 0);
	ck_assert(parse(&a, run, &why));
	ck_assert_str_eq(a.config, "/tmp/x.conf");
	ck_assert(a.config_said);
	ck_assert(parse(&a, check, &why));
	ck_assert_str_eq(a.config, "x.conf");
	ck_assert(parse(&a, whole, &why));
	ck_assert_str_eq(a.config, "/x.conf");
	ck_assert(parse(&a, none, &why));
	ck_assert_str_eq(a.config, "/etc/mxallowd.conf");
	ck_assert(!a.config_said);
}
END_TEST

START_TEST(a_file_named_on_the_command_line_must_exist)
{
	char line[] = "mxallowd -c /nonexistent/x.conf -f 192.0.2.3 -n 1";
	struct arguments a;
	struct settings s;
	struct complaint why;

	ck_assert(parse(&a, line, &why));
	ck_assert(!arguments_settings(&a, &s, &why));
	ck_assert_str_eq(why.text, "/nonexistent/x.conf: No such file or directory");
	ck_assert_int_eq(why.kind, COMPLAINT_FILE);
}
END_TEST

START_TEST(flags_are_applied_again_when_the_file_is_read_again)
{
	char line[128];
	struct arguments a;
	struct settings s;
	struct complaint why;
	FILE *f;

	snprintf(line, sizeof(line), "mxallowd -c %s -t 1h", empty);
	f = fopen(empty, "w");
	ck_assert_ptr_nonnull(f);
	fputs(CONF_CASE_WHOLE "whitelist-time 2h\n", f);
	fclose(f);
	ck_assert(parse(&a, line, &why));
	ck_assert_msg(arguments_settings(&a, &s, &why), "%s", why.text);
	ck_assert_int_eq(s.queue_num, 23);

	f = fopen(empty, "w");
	ck_assert_ptr_nonnull(f);
	fputs("fake-mailserver 2001:db8::1\nreal-mailserver 2001:db8::2\nqueue-num 5\n",
	      f);
	fclose(f);
	ck_assert_msg(arguments_settings(&a, &s, &why), "%s", why.text);
	ck_assert_int_eq(s.queue_num, 5);
	ck_assert_int_eq(s.whitelist_us, INT64_C(3600) * 1000000);
	ck_assert_uint_eq(s.fake.count, 1);
}
END_TEST

START_TEST(a_replay_needs_no_queue_and_no_keys)
{
	char line[256];
	struct arguments a;
	struct settings s;
	struct complaint why;
	FILE *f = fopen(empty, "w");

	ck_assert_ptr_nonnull(f);
	fputs("fake-mailserver 192.0.2.3\nreal-mailserver 192.0.2.4\n"
	      "vote { listen = \"tcp:127.0.0.1:7925\" key-file = \"/nonexistent\" }\n",
	      f);
	fclose(f);
	snprintf(line, sizeof(line), "mxallowd -c %s --replay x.pcap --names y", empty);
	ck_assert(parse(&a, line, &why));
	ck_assert_str_eq(a.replay, "x.pcap");
	ck_assert_str_eq(a.names, "y");
	ck_assert_int_eq(a.report, REPORT_NOT_WANTED);
	ck_assert_msg(arguments_settings(&a, &s, &why), "%s", why.text);
	ck_assert_int_eq(s.queue_num, CONF_UNSET);
	conf_free(&s);

	if (WITH_PF)
		return;
	snprintf(line, sizeof(line), "mxallowd -c %s -T", empty);
	ck_assert(parse(&a, line, &why));
	ck_assert(!arguments_settings(&a, &s, &why));
	ck_assert_int_eq(why.kind, COMPLAINT_MISSING);
}
END_TEST

START_TEST(a_bad_value_is_called_by_its_flag)
{
	char line[] = "mxallowd -t 0";
	struct arguments a;
	struct settings s;
	struct complaint why;

	ck_assert(parse(&a, line, &why));
	snprintf(a.config, sizeof(a.config), "%s", empty);
	ck_assert(!arguments_settings(&a, &s, &why));
	ck_assert_str_eq(why.text,
			 "-t \"0\" is too short: give 1s to 3650d (default 36d)");
	ck_assert_int_eq(why.kind, COMPLAINT_USAGE);
}
END_TEST

START_TEST(the_help_shows_every_flag_of_this_build_and_no_other)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	ck_assert_ptr_nonnull(f);
	arguments_help(f);
	fclose(f);
	for (unsigned i = 0; i < CONF_OPTIONS; i++) {
		const struct conf_option *o = conf_option_at(i);
		char name[64];

		snprintf(name, sizeof(name), "--%s", o->name);
		ck_assert_msg((strstr(text, name) != NULL) == conf_option_is_built(o),
			      "%s", name);
	}
	free(text);
}
END_TEST

static void add(TCase *t)
{
	tcase_add_checked_fixture(t, begin, end);
	tcase_add_test(t, the_example_of_the_old_manual_works);
	tcase_add_test(t, short_and_long_flags_say_the_same);
	tcase_add_test(t, every_key_of_the_file_is_a_long_option);
	tcase_add_test(t, modes_are_chosen_by_their_flags);
	tcase_add_test(t, mistakes_are_named_with_what_would_be_right);
	tcase_add_test(t, flags_for_pf_are_recognised_and_refused);
	tcase_add_test(t, an_unknown_word_of_hostile_bytes_is_escaped);
	tcase_add_test(t, more_flags_than_anybody_needs_are_refused);
	tcase_add_test(t,
		       the_path_is_made_absolute_before_the_daemon_leaves_its_directory);
	tcase_add_test(t, a_file_named_on_the_command_line_must_exist);
	tcase_add_test(t, flags_are_applied_again_when_the_file_is_read_again);
	tcase_add_test(t, a_replay_needs_no_queue_and_no_keys);
	tcase_add_test(t, a_bad_value_is_called_by_its_flag);
	tcase_add_test(t, the_help_shows_every_flag_of_this_build_and_no_other);
}

int main(void)
{
	return unit_main("arguments", add);
}
