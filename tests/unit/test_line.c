/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_line.c - the log line of a decision, letter by letter as mxallowd(8) shows it
 */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "core/gate.h"

#include "unit.h"

enum { MINUTE = 60 * 1000, DAY = 24 * 60 * MINUTE };

static struct addr addr_of(const char *text)
{
	struct addr a;

	ck_assert_msg(addr_parse(text, &a), "%s is no address", text);
	return a;
}

static struct attempt attempt_to(const char *dst)
{
	return (struct attempt){ .src = addr_of("203.0.113.9"), .sport = 4000,
				 .dst = addr_of(dst), .dport = 25 };
}

/* List 0 allows and has a name as long as it may be, list 1 denies. */
static struct lists *some_lists(void)
{
	struct list allow = { .name = "partners-of-ours-with-long-name",
			      .action = LIST_ALLOW };
	struct list deny = { .name = "bots", .action = LIST_DENY, .deny = VERDICT_RESET };
	struct lists *l = lists_new();

	ck_assert_ptr_nonnull(l);
	ck_assert_uint_eq(lists_add(l, &allow), 0);
	ck_assert_uint_eq(lists_add(l, &deny), 1);
	return l;
}

/* The line, in `size` bytes of `out`, of a gate with queues `default`, `slow`, and one of
 * the longest name. */
static void write_line(const struct attempt *a, const struct decision *d, char *out,
		       size_t size)
{
	static const uint8_t key[GATE_KEY_BYTES] = { 1 };
	struct policy p = policy_default();
	struct gate *gate;

	p.entries_max = POLICY_ENTRIES_MIN;
	p.queues = 3;
	p.queue[1] = p.queue[2] = p.queue[0];
	memcpy(p.queue[1].name, "slow", sizeof("slow"));
	memset(p.queue[2].name, 'q', POLICY_NAME_MAX - 1);
	gate = gate_new(&p, some_lists(), key);
	ck_assert_ptr_nonnull(gate);
	ck_assert_ptr_eq(gate_line(gate, a, d, out, size), out);
	gate_free(gate);
}

static void assert_line(const struct attempt *a, const struct decision *d,
			const char *want)
{
	char line[GATE_LINE_MAX];

	write_line(a, d, line, sizeof(line));
	ck_assert_str_eq(line, want);
}

START_TEST(a_refusal_names_source_destination_reason_and_queue)
{
	struct attempt to_real = attempt_to("192.0.2.4");
	struct decision d = { .verdict = VERDICT_DROP, .would = VERDICT_DROP,
			      .reason = REASON_NO_KNOCK, .list = LISTS_NONE };

	assert_line(&to_real, &d,
		    "verdict=drop src=203.0.113.9 dst=192.0.2.4 reason=no-knock "
		    "queue=default");
}
END_TEST

START_TEST(a_knock_says_when_its_window_opens_and_closes)
{
	struct attempt to_fake = attempt_to("192.0.2.3");
	struct decision d = { .verdict = VERDICT_RESET, .would = VERDICT_RESET,
			      .reason = REASON_KNOCK, .timed = true,
			      .closes_ms = INT64_C(36) * DAY };

	assert_line(&to_fake, &d,
		    "verdict=reset src=203.0.113.9 dst=192.0.2.3 reason=knock "
		    "queue=default opens=now closes=36d");
	d.opens_ms = 10 * MINUTE;
	d.closes_ms += 10 * MINUTE;
	assert_line(&to_fake, &d,
		    "verdict=reset src=203.0.113.9 dst=192.0.2.3 reason=knock "
		    "queue=default opens=10m closes=36d10m");
}
END_TEST

START_TEST(times_are_whole_seconds_and_never_sooner_than_the_truth)
{
	struct attempt to_fake = attempt_to("192.0.2.3");
	struct decision d = { .verdict = VERDICT_RESET, .would = VERDICT_RESET,
			      .reason = REASON_KNOCK, .timed = true,
			      .opens_ms = 1, .closes_ms = MINUTE - 999 };

	assert_line(&to_fake, &d,
		    "verdict=reset src=203.0.113.9 dst=192.0.2.3 reason=knock "
		    "queue=default opens=1s closes=1m");
}
END_TEST

START_TEST(a_knock_that_was_not_recorded_has_no_times)
{
	struct attempt to_fake = attempt_to("192.0.2.3");
	struct decision d = { .verdict = VERDICT_RESET, .would = VERDICT_RESET,
			      .reason = REASON_KNOCK };

	assert_line(&to_fake, &d,
		    "verdict=reset src=203.0.113.9 dst=192.0.2.3 reason=knock "
		    "queue=default");
}
END_TEST

START_TEST(observing_says_what_the_packet_would_have_met)
{
	struct attempt to_real = attempt_to("192.0.2.4");
	struct decision d = { .verdict = VERDICT_ACCEPT, .would = VERDICT_DROP,
			      .reason = REASON_PAUSING };

	assert_line(&to_real, &d,
		    "verdict=accept would=drop src=203.0.113.9 dst=192.0.2.4 "
		    "reason=pausing queue=default");
}
END_TEST

START_TEST(reasons_before_any_queue_name_none)
{
	struct attempt to_real = attempt_to("192.0.2.4");
	static const enum reason reasons[] = { REASON_NOT_A_SYN, REASON_MALFORMED,
					       REASON_OTHER_DESTINATION, REASON_UNSURE };
	char line[GATE_LINE_MAX];

	for (unsigned i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		struct decision d = { .reason = reasons[i], .list = LISTS_NONE };

		write_line(&to_real, &d, line, sizeof(line));
		ck_assert_ptr_null(strstr(line, "queue="));
		ck_assert_str_eq(strrchr(line, '=') + 1, reason_name(reasons[i]));
	}
}
END_TEST

START_TEST(a_listed_source_is_told_with_its_list)
{
	struct attempt to_real = attempt_to("192.0.2.4");
	struct decision d = { .verdict = VERDICT_ACCEPT, .would = VERDICT_ACCEPT,
			      .reason = REASON_LISTED_ALLOW, .list = 0 };

	assert_line(&to_real, &d,
		    "verdict=accept src=203.0.113.9 dst=192.0.2.4 reason=listed-allow "
		    "list=partners-of-ours-with-long-name");
	d = (struct decision){ .verdict = VERDICT_RESET, .would = VERDICT_RESET,
			       .reason = REASON_LISTED_DENY, .list = 1 };
	assert_line(&to_real, &d,
		    "verdict=reset src=203.0.113.9 dst=192.0.2.4 reason=listed-deny "
		    "list=bots");
}
END_TEST

START_TEST(a_penalty_is_told_with_the_queue_of_the_source)
{
	struct attempt to_real = attempt_to("192.0.2.4");
	struct decision d = { .verdict = VERDICT_TARPIT, .would = VERDICT_TARPIT,
			      .reason = REASON_PENALTY, .queue = 1, .list = LISTS_NONE };

	assert_line(&to_real, &d,
		    "verdict=tarpit src=203.0.113.9 dst=192.0.2.4 reason=penalty "
		    "queue=slow");
}
END_TEST

START_TEST(an_address_nobody_could_read_is_left_out)
{
	struct attempt nobody = { .shape = ATTEMPT_MALFORMED };
	struct decision d = { .reason = REASON_MALFORMED, .list = LISTS_NONE };

	assert_line(&nobody, &d, "verdict=accept reason=malformed");
	nobody.src = addr_of("2001:db8:9::1");
	assert_line(&nobody, &d, "verdict=accept src=2001:db8:9::1 reason=malformed");
}
END_TEST

START_TEST(the_longest_line_fits)
{
	struct attempt a = { .src = addr_of("2001:1db8:1111:2222:3333:4444:5555:6666") };
	struct decision d = { .verdict = VERDICT_ACCEPT, .would = VERDICT_TARPIT,
			      .reason = REASON_KNOCK, .timed = true, .queue = 2,
			      .opens_ms = INT64_C(36) * DAY - 1000,
			      .closes_ms = INT64_C(99999) * DAY - 1000 };
	char line[GATE_LINE_MAX];
	const char *end = "closes=99998d23h59m59s";

	a.dst = a.src;
	write_line(&a, &d, line, sizeof(line));
	ck_assert_uint_lt(strlen(line), sizeof(line) - 1);
	ck_assert_str_eq(line + strlen(line) - strlen(end), end);
}
END_TEST

START_TEST(a_short_buffer_cuts_the_line_and_nothing_else)
{
	struct attempt to_real = attempt_to("192.0.2.4");
	struct decision d = { .verdict = VERDICT_DROP, .would = VERDICT_DROP,
			      .reason = REASON_NO_KNOCK };
	char whole[GATE_LINE_MAX];
	char part[GATE_LINE_MAX];

	write_line(&to_real, &d, whole, sizeof(whole));
	for (size_t size = 1; size <= strlen(whole) + 1; size++) {
		memset(part, '#', sizeof(part));
		write_line(&to_real, &d, part, size);
		ck_assert_uint_eq(strlen(part), size - 1);
		ck_assert_mem_eq(part, whole, size - 1);
		ck_assert_int_eq(part[size], '#');
	}
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, a_refusal_names_source_destination_reason_and_queue);
	tcase_add_test(t, a_knock_says_when_its_window_opens_and_closes);
	tcase_add_test(t, times_are_whole_seconds_and_never_sooner_than_the_truth);
	tcase_add_test(t, a_knock_that_was_not_recorded_has_no_times);
	tcase_add_test(t, observing_says_what_the_packet_would_have_met);
	tcase_add_test(t, reasons_before_any_queue_name_none);
	tcase_add_test(t, a_listed_source_is_told_with_its_list);
	tcase_add_test(t, a_penalty_is_told_with_the_queue_of_the_source);
	tcase_add_test(t, an_address_nobody_could_read_is_left_out);
	tcase_add_test(t, the_longest_line_fits);
	tcase_add_test(t, a_short_buffer_cuts_the_line_and_nothing_else);
}

int main(void)
{
	return unit_main("line", add_tests);
}
