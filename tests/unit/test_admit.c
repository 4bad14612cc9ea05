/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_admit.c - the table follows what is wanted, through a real process and a script
 */
#include <errno.h>
#include <fcntl.h>

#include "log/log.h"

#include "admit_case.h"
#include "unit.h"

START_TEST(the_first_run_replaces_what_was_left_behind)
{
	struct scene s;

	scene_begin(&s);
	put(&s, "table", "192.0.2.1\n192.0.2.2\n");
	scene_open(&s);
	add(&s, "192.0.2.2");
	add(&s, "192.0.2.9");
	rest(&s);
	ck_assert_str_eq(get(&s, "table"), "192.0.2.2\n192.0.2.9\n");
	ck_assert_str_eq(get(&s, "runs"), "replace 2\n");
	scene_end(&s);
}
END_TEST

START_TEST(a_first_run_with_nobody_empties_the_table)
{
	struct scene s;

	scene_begin(&s);
	put(&s, "table", "192.0.2.1\n");
	scene_open(&s);
	rest(&s);
	ck_assert_str_eq(get(&s, "table"), "");
	ck_assert_str_eq(get(&s, "runs"), "replace 0\n");
	scene_end(&s);
}
END_TEST

START_TEST(pfctl_is_called_as_its_manual_says_and_finds_no_environment)
{
	struct scene s;

	scene_begin(&s);
	ck_assert_int_eq(setenv("LD_PRELOAD_OF_AN_OPERATOR", "yes", 1), 0);
	scene_open(&s);
	rest(&s);
	add(&s, "192.0.2.1");
	rest(&s);
	take_out(&s, "192.0.2.1");
	rest(&s);
	ck_assert_str_eq(get(&s, "args"), "-q -t mx-white -T replace -f -\n"
					  "-q -t mx-white -T add -f -\n"
					  "-q -t mx-white -T delete -f -\n");
	ck_assert_str_eq(get(&s, "environ"), "");
	ck_assert_str_eq(get(&s, "table"), "");
	scene_end(&s);
}
END_TEST

START_TEST(what_gathers_within_a_moment_goes_in_one_run)
{
	struct scene s;

	scene_begin(&s);
	scene_open(&s);
	rest(&s);
	add(&s, "198.51.100.7");
	(void)tick(&s);
	add(&s, "2001:db8:0:1::/64");
	add(&s, "192.0.2.1");
	ck_assert_int_gt(admit_wait_ms(s.admit, s.now), 0);
	rest(&s);
	ck_assert_str_eq(get(&s, "runs"), "replace 0\nadd 3\n");
	ck_assert_str_eq(get(&s, "in"), "192.0.2.1\n198.51.100.7\n2001:db8:0:1::/64\n");
	ck_assert_uint_eq(admit_count(s.admit).wanted, 3);
	scene_end(&s);
}
END_TEST

START_TEST(what_gathers_while_pfctl_runs_goes_in_the_next_run)
{
	struct scene s;
	char text[32];

	scene_begin(&s);
	scene_open(&s);
	rest(&s);
	put(&s, "wrong", "sleep 0.5\n");
	add(&s, "192.0.2.1");
	while (strcmp(get(&s, "args"), "-q -t mx-white -T replace -f -\n") == 0)
		(void)tick(&s);
	for (unsigned i = 0; i < 20; i++) {
		snprintf(text, sizeof(text), "198.51.100.%u", i);
		add(&s, text);
		(void)tick(&s);
	}
	take_out(&s, "198.51.100.0");
	rest(&s);
	ck_assert_str_eq(get(&s, "runs"), "replace 0\nadd 1\nadd 19\n");
	ck_assert_uint_eq(lines_of(get(&s, "table")), 20);
	scene_end(&s);
}
END_TEST

START_TEST(the_last_word_about_a_network_counts)
{
	struct scene s;

	scene_begin(&s);
	scene_open(&s);
	add(&s, "192.0.2.1");
	rest(&s);
	take_out(&s, "192.0.2.1");
	add(&s, "192.0.2.1");
	add(&s, "192.0.2.2");
	take_out(&s, "192.0.2.2");
	rest(&s);
	ck_assert_str_eq(get(&s, "runs"), "replace 1\n");
	ck_assert_str_eq(get(&s, "table"), "192.0.2.1\n");
	scene_end(&s);
}
END_TEST

START_TEST(adding_and_removing_take_turns)
{
	struct scene s;

	scene_begin(&s);
	scene_open(&s);
	add(&s, "192.0.2.1");
	rest(&s);
	add(&s, "192.0.2.2");
	take_out(&s, "192.0.2.1");
	rest(&s);
	ck_assert_str_eq(get(&s, "runs"), "replace 1\nadd 1\ndelete 1\n");
	ck_assert_str_eq(get(&s, "table"), "192.0.2.2\n");
	scene_end(&s);
}
END_TEST

START_TEST(a_resync_replaces_what_others_did)
{
	struct scene s;

	scene_begin(&s);
	scene_open(&s);
	add(&s, "192.0.2.1");
	rest(&s);
	put(&s, "table", "203.0.113.1\n");
	admit_resync(s.admit, s.now);
	rest(&s);
	ck_assert_str_eq(get(&s, "table"), "192.0.2.1\n");
	ck_assert_str_eq(get(&s, "runs"), "replace 1\nreplace 1\n");
	scene_end(&s);
}
END_TEST

/* Far more than there is room for, and more than a batch, a pipe or a socket holds. */
START_TEST(a_flood_is_bounded_and_what_fits_arrives)
{
	struct scene s;
	struct net n = net("198.18.0.0");
	char text[NET_TEXT_MAX];
	uint32_t cursor = 0;
	const char *table;

	scene_begin(&s);
	s.conf.max = 30000;
	scene_open(&s);
	rest(&s);
	for (unsigned i = 0; i < 100000; i++) {
		n.addr.byte[1] = (uint8_t)(18 + i / 65536);
		n.addr.byte[2] = (uint8_t)(i / 256);
		n.addr.byte[3] = (uint8_t)i;
		admit_add(s.admit, &n, s.now);
		if (i % 1000 == 0)
			(void)tick(&s);
	}
	rest(&s);
	ck_assert_uint_eq(admit_count(s.admit).wanted, 30000);
	ck_assert_uint_eq(admit_count(s.admit).full, 70000);
	ck_assert_uint_eq(admit_count(s.admit).failed, 0);
	table = get(&s, "table");
	ck_assert_uint_eq(lines_of(table), 30000);
	while (admit_next(s.admit, &cursor, &n))
		if (cursor % 1000 == 0)
			ck_assert_ptr_nonnull(strstr(table, net_format(&n, text)));
	scene_end(&s);
}
END_TEST

START_TEST(a_full_table_has_room_again_after_a_removal)
{
	struct scene s;

	scene_begin(&s);
	s.conf.max = 2;
	scene_open(&s);
	add(&s, "192.0.2.1");
	add(&s, "192.0.2.2");
	rest(&s);
	add(&s, "192.0.2.3");
	rest(&s);
	ck_assert_uint_eq(admit_count(s.admit).full, 1);
	take_out(&s, "192.0.2.1");
	add(&s, "192.0.2.3");
	rest(&s);
	ck_assert_str_eq(get(&s, "table"), "192.0.2.2\n192.0.2.3\n");
	scene_end(&s);
}
END_TEST

START_TEST(networks_no_sender_can_be_in_are_refused)
{
	static const char *const odd[] = { "192.0.2.0/24",    "224.0.0.1", "0.0.0.0",
					   "2001:db8::/63",   "ff02::1",   "::1.2.3.4",
					   "::ffff:192.0.2.1" };
	const struct net host_bits = { net("2001:db8::1").addr, 64 };
	const struct net none = { .bits = 32 };
	struct scene s;

	scene_begin(&s);
	scene_open(&s);
	for (unsigned i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		add(&s, odd[i]);
	admit_add(s.admit, &host_bits, s.now);
	admit_add(s.admit, &none, s.now);
	add(&s, "10.0.0.1");
	rest(&s);
	ck_assert_str_eq(get(&s, "table"), "10.0.0.1\n");
	ck_assert_uint_eq(admit_count(s.admit).odd, 9);
	scene_end(&s);
}
END_TEST

START_TEST(closing_lets_a_running_pfctl_finish)
{
	struct scene s;

	scene_begin(&s);
	scene_open(&s);
	rest(&s);
	put(&s, "wrong", "sleep 0.3\n");
	add(&s, "192.0.2.1");
	while (lines_of(get(&s, "args")) < 2)
		(void)tick(&s);
	admit_close(s.admit);
	s.admit = NULL;
	ck_assert_str_eq(get(&s, "table"), "192.0.2.1\n");
	scene_end(&s);
}
END_TEST

START_TEST(what_cannot_work_is_refused_at_once)
{
	static const char *const names[] = {
		"",	    "-mx",	"mx white",
		"mx;white", "mx/white", "a-name-of-thirty-two-characters-"
	};
	struct scene s;

	scene_begin(&s);
	s.conf.pfctl = "pfctl";
	ck_assert_int_eq(admit_open_pf(&s.admit, &s.conf), -EINVAL);
	s.conf.pfctl = in_room(&s, "absent");
	ck_assert_int_eq(admit_open_pf(&s.admit, &s.conf), -ENOENT);
	s.conf.pfctl = s.pfctl;
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		s.conf.table = names[i];
		ck_assert_int_eq(admit_open_pf(&s.admit, &s.conf), -EINVAL);
	}
	s.conf.table = "a-name-of-thirty-one-characters";
	s.conf.timeout_s = 0;
	ck_assert_int_eq(admit_open_pf(&s.admit, &s.conf), -EINVAL);
	s.conf.timeout_s = 1;
	scene_open(&s);
	scene_end(&s);
}
END_TEST

START_TEST(without_a_table_the_log_says_what_would_be_done)
{
	struct log_conf shown = { .to_stdout = true, .level = LEVEL_NOTE };
	struct log *l = log_new("test");
	int file, kept = dup(STDERR_FILENO);
	struct scene s;

	log_set(l, &shown);
	scene_begin(&s);
	file = open(in_room(&s, "log"), O_RDWR | O_CREAT, 0600);
	ck_assert_int_ge(dup2(file, STDERR_FILENO), 0);
	ck_assert_int_eq(admit_open_null(&s.admit, &s.conf, l), 0);
	ck_assert_int_eq(admit_fd(s.admit), -1);
	rest(&s);
	add(&s, "192.0.2.1");
	rest(&s);
	take_out(&s, "192.0.2.1");
	rest(&s);
	ck_assert_int_ge(dup2(kept, STDERR_FILENO), 0);
	ck_assert_ptr_nonnull(strstr(get(&s, "log"), "table would=replace networks=0"));
	ck_assert_ptr_nonnull(strstr(get(&s, "log"), "table would=add src=192.0.2.1"));
	ck_assert_ptr_nonnull(strstr(get(&s, "log"), "table would=delete src=192.0.2.1"));
	log_free(l);
	scene_end(&s);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_set_timeout(t, 60);
	tcase_add_test(t, the_first_run_replaces_what_was_left_behind);
	tcase_add_test(t, a_first_run_with_nobody_empties_the_table);
	tcase_add_test(t, pfctl_is_called_as_its_manual_says_and_finds_no_environment);
	tcase_add_test(t, what_gathers_within_a_moment_goes_in_one_run);
	tcase_add_test(t, what_gathers_while_pfctl_runs_goes_in_the_next_run);
	tcase_add_test(t, the_last_word_about_a_network_counts);
	tcase_add_test(t, adding_and_removing_take_turns);
	tcase_add_test(t, a_resync_replaces_what_others_did);
	tcase_add_test(t, a_flood_is_bounded_and_what_fits_arrives);
	tcase_add_test(t, a_full_table_has_room_again_after_a_removal);
	tcase_add_test(t, networks_no_sender_can_be_in_are_refused);
	tcase_add_test(t, closing_lets_a_running_pfctl_finish);
	tcase_add_test(t, what_cannot_work_is_refused_at_once);
	tcase_add_test(t, without_a_table_the_log_says_what_would_be_done);
}

int main(void)
{
	return unit_main("admit", add_tests);
}
