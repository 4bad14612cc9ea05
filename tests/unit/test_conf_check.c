/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_conf_check.c - the command line over the file, what must fit together, what may
 * change at run time, and the policy that comes out
 */
#include "conf/conf.h"

#include "conf/options.h"

#include "conf_case.h"
#include "unit.h"

static void expect_set_refused(const char *option, const char *value, const char *want)
{
	struct settings s;
	struct complaint why;

	conf_defaults(&s);
	ck_assert(!conf_set(&s, option, value, &why));
	ck_assert_str_eq(why.text, want);
	ck_assert_int_eq(why.kind, COMPLAINT_USAGE);
}

static void expect_check_refused(const struct settings *s, enum complaint_kind kind,
				 const char *want)
{
	struct complaint why;

	ck_assert(!conf_check(s, &why));
	ck_assert_str_eq(why.text, want);
	ck_assert_int_eq(why.kind, kind);
}

static void expect_good(const struct settings *s)
{
	struct complaint why;

	ck_assert_msg(conf_check(s, &why), "%s", why.text);
}

START_TEST(a_flag_beats_the_file)
{
	struct settings s = conf_case_read(CONF_CASE_WHOLE "whitelist-time = 1h\n");

	conf_case_set(&s, "whitelist-time", "2h");
	conf_case_set(&s, "queue-num", "24");
	ck_assert_int_eq(s.whitelist_us, INT64_C(7200) * 1000000);
	ck_assert_int_eq(s.queue_num, 24);
	expect_good(&s);
}
END_TEST

START_TEST(the_last_of_two_equal_flags_counts)
{
	struct settings s = conf_case_read(CONF_CASE_WHOLE);

	conf_case_set(&s, "queue-num", "24");
	conf_case_set(&s, "queue-num", "25");
	ck_assert_int_eq(s.queue_num, 25);
}
END_TEST

START_TEST(addresses_of_the_command_line_replace_those_of_the_file_and_add_up)
{
	struct settings s = conf_case_read(CONF_CASE_WHOLE);
	char text[ADDR_TEXT_MAX];

	conf_case_set(&s, "fake-mailserver", "192.0.2.5");
	conf_case_set(&s, "fake-mailserver", "2001:db8::5");
	ck_assert_uint_eq(s.fake.count, 2);
	ck_assert_str_eq(addr_format(&s.fake.addr[0], text), "192.0.2.5");
	ck_assert_str_eq(addr_format(&s.fake.addr[1], text), "2001:db8::5");
	ck_assert_uint_eq(s.real.count, 1);
	expect_good(&s);
}
END_TEST

START_TEST(a_bad_flag_is_called_as_it_was_said)
{
	expect_set_refused("whitelist-time", "0",
			   "-t \"0\" is too short: give 1s to 3650d (default 36d)");
	expect_set_refused("prefix4", "7",
			   "--prefix4 \"7\" is too small: give 8 to 32 (default 32)");
	expect_set_refused(
		"real-mailserver", "mx.example.org",
		"-r \"mx.example.org\" is a name: give the address it leads to");
	expect_set_refused("no-such", "1", "unknown option \"--no-such\"");
}
END_TEST

START_TEST(an_address_said_twice_on_the_command_line_is_refused)
{
	struct settings s = conf_case_read("");
	struct complaint why;

	conf_case_set(&s, "fake-mailserver", "2001:db8::1");
	ck_assert(!conf_set(&s, "fake-mailserver", "2001:DB8:0::1", &why));
	ck_assert_str_eq(why.text, "-f \"2001:DB8:0::1\" is given twice: once is enough");
}
END_TEST

START_TEST(what_is_missing_is_named_with_both_ways_to_say_it)
{
	struct settings s = conf_case_read("");
	struct complaint why;

	s.file[0] = '\0';
	expect_check_refused(
		&s, COMPLAINT_MISSING,
		"no real mail server: give -r ADDRESS or \"real-mailserver\" in "
		"/etc/mxallowd.conf (there is none), the address it listens on");
	conf_case_set(&s, "real-mailserver", "192.0.2.4");
	expect_check_refused(
		&s, COMPLAINT_MISSING,
		"no fake mail server: give -f ADDRESS or \"fake-mailserver\" in "
		"/etc/mxallowd.conf (there is none), the address of the first MX, where "
		"no mail server listens");
	conf_case_set(&s, "fake-mailserver", "192.0.2.3");
	if (WITH_PF) { /* that needs none */
		expect_good(&s);
		return;
	}
	expect_check_refused(&s, COMPLAINT_MISSING,
			     "no queue number: give -n NUMBER or \"queue-num\" in "
			     "/etc/mxallowd.conf (there is none), the same as in the "
			     "firewall rule");
	ck_assert(conf_check_replay(&s, &why));
	conf_case_set(&s, "queue-num", "0");
	expect_good(&s);
}
END_TEST

START_TEST(fake_is_not_real_wherever_they_are_said)
{
	struct settings s = conf_case_read("real-mailserver 192.0.2.3\nqueue-num 1\n"
					   "fake-mailserver 192.0.2.9\n"
					   "fake-mailserver 192.0.2.3\n");

	expect_check_refused(
		&s, COMPLAINT_FILE,
		"t.conf:4: 192.0.2.3 is already real-mailserver in line 1: the "
		"fake one must be another address");
	conf_case_set(&s, "fake-mailserver", "192.0.2.3");
	expect_check_refused(
		&s, COMPLAINT_USAGE,
		"192.0.2.3 is both fake (-f) and real (line 1) mail server, the "
		"lines being those of t.conf: they must be two addresses");
	conf_case_set(&s, "real-mailserver", "192.0.2.3");
	expect_check_refused(
		&s, COMPLAINT_USAGE,
		"192.0.2.3 is both fake (-f) and real (-r) mail server: they must "
		"be two addresses");
}
END_TEST

START_TEST(quiet_and_debug_from_one_place_are_refused)
{
	struct settings s = conf_case_read(CONF_CASE_WHOLE "debug\nquiet\n");

	expect_check_refused(
		&s, COMPLAINT_FILE,
		"t.conf:5: quiet contradicts debug in line 4: keep one of them");
	s = conf_case_read(CONF_CASE_WHOLE);
	conf_case_set(&s, "quiet", "yes");
	conf_case_set(&s, "debug", "yes");
	expect_check_refused(&s, COMPLAINT_USAGE,
			     "-q and -d contradict each other: give one of them");
}
END_TEST

START_TEST(debug_on_the_command_line_beats_quiet_in_the_file_and_the_reverse)
{
	struct settings s = conf_case_read(CONF_CASE_WHOLE "quiet\n");

	conf_case_set(&s, "debug", "yes");
	expect_good(&s);
	ck_assert(s.debug && !s.quiet);

	s = conf_case_read(CONF_CASE_WHOLE "debug\n");
	conf_case_set(&s, "quiet", "yes");
	expect_good(&s);
	ck_assert(s.quiet && !s.debug);
}
END_TEST

static const struct {
	const char *before;
	const char *after;
	const char *want; /* NULL = may change */
} changes[] = {
	{ "", "", NULL },
	{ "",
	  "siblings-max 3\nwhitelist-time 1h\nquiet\nobserve\nfake-action drop\n"
	  "when-unsure drop\nsmtp-port 26\ncoalesce 0\nno-rdns-whitelist\nstdout\n"
	  "log-facility user\nfake-mailserver 192.0.2.9\nreal-mailserver 192.0.2.8\n"
	  "proof cookie\nprobation 5m\n",
	  NULL },
	{ "", "debug\n", NULL },
	{ "", "\nqueue-maxlen 8192\n",
	  "t.conf:5: queue-maxlen changes from 4096 to 8192, which takes a restart" },
	{ "queue-maxlen 8192\n", "",
	  "t.conf: queue-maxlen changes from 8192 to 4096 (the default), which takes a "
	  "restart" },
	{ "", "prefix4 24\n",
	  "t.conf:4: prefix4 changes from 32 to 24, which takes a restart" },
	{ "", "prefix6 48\n",
	  "t.conf:4: prefix6 changes from 64 to 48, which takes a restart" },
	{ "", "entries-max 2000\n",
	  "t.conf:4: entries-max changes from 1000000 to 2000, which takes a restart" },
	{ "", "cpu 0\n", "t.conf:4: cpu changes from any to 0, which takes a restart" },
	{ "", "mark 1\n",
	  "t.conf:4: mark changes from 0x6d78 to 0x1, which takes a restart" },
	{ "", "tarpit-max 1h\nqueue slow { }\npenalty { strikes = 3 }\n", NULL },
	{ "", "vote { listen = \"fifo:/run/v\" }\nlist a { action = deny "
	      "entries = 192.0.2.9 }\n", NULL },
	{ "", "reset-with mark\n",
	  "t.conf:4: reset-with changes from own to mark, which takes a restart" },
	{ "", "run-dir /run/two\n",
	  "t.conf:4: run-dir changes from /run/mxallowd to /run/two, which takes a "
	  "restart" },
	{ "group root\n", "",
	  "t.conf: group changes from root to nothing (the default), which takes a "
	  "restart" },
	{ "", "state-dir none\n",
	  "t.conf:4: state-dir changes from /var/lib/mxallowd to none, which takes a "
	  "restart" },
	{ "", "user root\n",
	  "t.conf:4: user changes from nothing to root, which takes a restart" },
	{ "foreground\n", "foreground no\n",
	  "t.conf:4: foreground changes from yes to no, which takes a restart" },
	{ "", "confine = user\n",
	  "t.conf:4: confine changes from full to user, which takes a restart" },
};

START_TEST(only_what_the_kernel_and_the_table_rest_on_takes_a_restart)
{
	char before[512], after[512];
	struct settings old, new;
	struct complaint why;

	snprintf(before, sizeof(before), "%s%s", CONF_CASE_WHOLE, changes[_i].before);
	snprintf(after, sizeof(after), "%s%s", CONF_CASE_WHOLE, changes[_i].after);
	old = conf_case_read(before);
	new = conf_case_read(after);
	ck_assert_int_eq(conf_may_change(&old, &new, &why), changes[_i].want == NULL);
	if (changes[_i].want)
		ck_assert_str_eq(why.text, changes[_i].want);
	conf_free(&old);
	conf_free(&new);
}
END_TEST

/* `text` has a line that begins with the option. */
static bool says_option(const char *text, const char *name)
{
	for (; *text; text += strcspn(text, "\n") + (strchr(text, '\n') != NULL)) {
		size_t len = strlen(name);

		if (strncmp(text, name, len) == 0 && strchr(" \n", text[len]))
			return true;
	}
	return false;
}

/* A new option has to be put into the table above: whether it may change at a reload is
 * not to be forgotten. */
START_TEST(every_option_is_tried)
{
	for (unsigned i = 0; i < CONF_OPTIONS; i++) {
		const struct conf_option *o = conf_option_at(i);
		unsigned tried = strcmp(o->name, "queue-num") == 0; /* below */

		if (o->kind == CONF_COMMAND || o->kind == CONF_PF)
			continue;
		for (size_t k = 0; k < sizeof(changes) / sizeof(changes[0]); k++)
			tried += (changes[k].want != NULL) == o->restart &&
				 (says_option(changes[k].before, o->name) ||
				  says_option(changes[k].after, o->name));
		ck_assert_msg(tried > 0, "%s", o->name);
	}
}
END_TEST

START_TEST(another_queue_number_takes_a_restart)
{
	struct settings old = conf_case_read("queue-num 23\n");
	struct settings new = conf_case_read("\nqueue-num 24\n");
	struct complaint why;

	ck_assert(!conf_may_change(&old, &new, &why));
	ck_assert_str_eq(
		why.text,
		"t.conf:2: queue-num changes from 23 to 24, which takes a restart");
}
END_TEST

START_TEST(the_policy_has_what_the_settings_say)
{
	struct settings s = conf_case_read(
		CONF_CASE_WHOLE
		"real-mailserver 2001:db8::4\nsmtp-port 2525\nobserve\n"
		"whitelist-time 90s\nfake-action drop\nwhen-unsure drop\n"
		"siblings-max 5\nprefix4 24\nprefix6 48\nentries-max 5000\n");
	struct policy p;
	struct addr a;

	conf_compile(&s, &p);
	ck_assert_uint_eq(p.fakes, 1);
	ck_assert_uint_eq(p.reals, 2);
	ck_assert(addr_parse("192.0.2.3", &a) && policy_is_fake(&p, &a));
	ck_assert(addr_parse("2001:db8::4", &a) && policy_is_real(&p, &a));
	ck_assert(!policy_is_fake(&p, &a));
	ck_assert_uint_eq(p.smtp_port, 2525);
	ck_assert(p.observe);
	ck_assert_int_eq(p.queue[0].window_ms, 90000);
	ck_assert_int_eq(p.queue[0].start, START_KNOCK);
	ck_assert_int_eq(p.queue[0].pause_ms, 0);
	ck_assert(p.queue[0].refresh);
	ck_assert_int_eq(p.queue[0].deny, VERDICT_DROP);
	ck_assert_int_eq(p.fake_action, VERDICT_DROP);
	ck_assert_int_eq(p.when_unsure, VERDICT_DROP);
	ck_assert_uint_eq(p.siblings_max, 5);
	ck_assert_uint_eq(p.prefix4, 24);
	ck_assert_uint_eq(p.prefix6, 48);
	ck_assert_uint_eq(p.entries_max, 5000);
}
END_TEST

START_TEST(without_reverse_dns_no_sibling_gets_in)
{
	struct settings s = conf_case_read(CONF_CASE_WHOLE "no-rdns-whitelist\n");
	struct policy p;

	conf_compile(&s, &p);
	ck_assert_uint_eq(p.siblings_max, 0);
}
END_TEST

static void add(TCase *t)
{
	tcase_add_test(t, a_flag_beats_the_file);
	tcase_add_test(t, the_last_of_two_equal_flags_counts);
	tcase_add_test(
		t, addresses_of_the_command_line_replace_those_of_the_file_and_add_up);
	tcase_add_test(t, a_bad_flag_is_called_as_it_was_said);
	tcase_add_test(t, an_address_said_twice_on_the_command_line_is_refused);
	tcase_add_test(t, what_is_missing_is_named_with_both_ways_to_say_it);
	tcase_add_test(t, fake_is_not_real_wherever_they_are_said);
	tcase_add_test(t, quiet_and_debug_from_one_place_are_refused);
	tcase_add_test(t,
		       debug_on_the_command_line_beats_quiet_in_the_file_and_the_reverse);
	tcase_add_loop_test(t, only_what_the_kernel_and_the_table_rest_on_takes_a_restart,
			    0, sizeof(changes) / sizeof(changes[0]));
	tcase_add_test(t, every_option_is_tried);
	tcase_add_test(t, another_queue_number_takes_a_restart);
	tcase_add_test(t, the_policy_has_what_the_settings_say);
	tcase_add_test(t, without_reverse_dns_no_sibling_gets_in);
}

int main(void)
{
	return unit_main("conf_check", add);
}
