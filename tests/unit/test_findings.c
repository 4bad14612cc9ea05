/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_findings.c - rows of a report, as text, as JSON, and in words
 */
#include "daemon/findings_int.h"

#include <stdlib.h>

#include "ctl/view_int.h"

#include "gate_case.h"
#include "unit.h"

enum { TEXT_MAX = 1 << 16 };

#define DAY_2026 INT64_C(1767225600000) /* 2026-01-01T00:00:00Z */

static struct policy    policy;
static struct gate     *gate;
static struct tally    *tally;
static struct findings *findings;
static char             text[TEXT_MAX];

static void setup(void)
{
	static const uint8_t key[GATE_KEY_BYTES] = "any sixteen byte";

	policy = short_policy();
	gate = gate_of(&policy);
	tally = tally_new(&policy, key, (struct mono){ 0 });
	findings = calloc(1, sizeof(*findings));
	ck_assert(tally && findings);
	*findings = (struct findings){ .tally = tally, .gate = gate };
}

static void teardown(void)
{
	gate_free(gate);
	tally_free(tally);
	free(findings);
}

static void comes(const char *src, const char *dst, int64_t ms)
{
	static uint32_t seq;
	struct attempt a = attempt_from(addr_of(src), dst, ++seq);
	struct effects fx = { .count = 0 };
	struct decision d = gate_judge(gate, &a, (struct mono){ ms }, &fx);

	tally_note(tally, &a, &d, &policy, (struct mono){ ms });
}

static void is_named(const char *who, const char *name, int64_t ms)
{
	struct effects fx = { .count = 0 };
	struct heard h = { .who = addr_of(who), .name = name, .is_final = true };

	gate_hear_name(gate, &h, (struct mono){ ms }, &fx);
}

/* One of each kind: hurt and named, stuck, voted black, and one in order. */
static void tell_a_story(void)
{
	struct vote black = { .kind = VOTE_BLACK, .who = addr_of("198.51.100.66") };

	comes("203.0.113.9", "192.0.2.4", 0);
	comes("198.51.100.66", "192.0.2.4", 0);
	tally_note_vote(tally, &black, VOTE_PENALISED);
	comes("203.0.113.20", "192.0.2.3", 500);
	comes("203.0.113.20", "192.0.2.4", 600);
	for (int i = 0; i < 4; i++)
		comes("198.51.100.7", "192.0.2.3", i * HOUR);
	comes("203.0.113.9", "192.0.2.3", 15 * MINUTE);
	comes("203.0.113.9", "192.0.2.4", 15 * MINUTE + 100);
	is_named("203.0.113.9", "mail.example.org", 3 * HOUR);
	while (findings_look(findings))
		;
	findings->now = (struct mono){ 3 * HOUR };
	findings->wall_ms = DAY_2026 + 3 * HOUR;
}

static void print(void (*how)(struct findings *f, FILE *out))
{
	FILE *f = fmemopen(text, sizeof(text), "w");

	ck_assert_ptr_nonnull(f);
	how(findings, f);
	ck_assert_int_eq(fclose(f), 0);
	findings->part = FINDINGS_HEAD;
	findings->at = 0;
}

/* What mxallowctl makes of the same rows. */
static char *viewed(const struct view_ops *ops)
{
	struct view *v = calloc(1, sizeof(*v));
	char *out = calloc(1, TEXT_MAX);
	struct row row;

	ck_assert(v && out);
	v->ops = ops;
	v->out = fmemopen(out, TEXT_MAX, "w");
	ck_assert_ptr_nonnull(v->out);
	while (findings_row(findings, &row)) {
		v->rows++;
		ops->row(v, row.text);
	}
	ops->end(v);
	ck_assert_int_eq(fclose(v->out), 0);
	free(v);
	findings->part = FINDINGS_HEAD;
	findings->at = 0;
	return out;
}

START_TEST(rows_tell_the_story)
{
	tell_a_story();
	print(findings_print);
	ck_assert_str_eq(
		text,
		"report observe=no since=2026-01-01T00:00:00Z for=3h attempts=10 "
		"sources=4 refused=2 black=1 good=1 stuck=1 unfollowed=0 unplaced=0\n"
		"turned-away reason=no-knock sources=2\n"
		"good how=knocked sources=1\n"
		"delay sources=1 median=15m27s p95=15m27s\n"
		"network net=198.51.100.0/24 sources=1 good=0 stuck=1\n"
		"network net=203.0.113.0/24 sources=1 good=1 stuck=0\n"
		"hurt src=203.0.113.9 how=knocked refused=1 delay=15m1s "
		"name=mail.example.org\n"
		"stuck src=198.51.100.7 knocks=4 first=2026-01-01T00:00:00Z "
		"last=2026-01-01T03:00:00Z\n");
}
END_TEST

START_TEST(an_empty_report_is_one_row)
{
	while (findings_look(findings))
		;
	print(findings_print);
	ck_assert_str_eq(text, "report observe=no since=1970-01-01T00:00:00Z for=0s "
			       "attempts=0 sources=0 refused=0 black=0 good=0 stuck=0 "
			       "unfollowed=0 unplaced=0\n");
}
END_TEST

/* Whoever reads one can read the other. */
START_TEST(both_programs_write_the_same_json)
{
	char *want;

	tell_a_story();
	is_named("198.51.100.7", "007", 3 * HOUR);
	print(findings_print_json);
	want = viewed(&view_json);
	ck_assert_str_eq(text, want);
	ck_assert_ptr_nonnull(strstr(text, "\"knocks\":4,"));
	ck_assert_ptr_nonnull(strstr(text, "\"name\":\"007\"}"));
	free(want);
}
END_TEST

START_TEST(people_get_words)
{
	char *words;

	tell_a_story();
	words = viewed(&view_report);
	ck_assert_str_eq(
		words,
		"Since 2026-01-01T00:00:00Z, for 3h\n"
		"Attempts: 10, sources: 4\n"
		"\n"
		"Turned away from the real MX: 2 (voted black: 1)\n"
		"         2  no-knock\n"
		"\n"
		"Of these, good: 1\n"
		"         1  knocked, and then came to the real MX in order\n"
		"\n"
		"Delay, for the 1 let in later: median 15m27s, 95 % within 15m27s\n"
		"\n"
		"The networks hurt most:\n"
		"  198.51.100.0/24  good: 0, stuck: 1\n"
		"  203.0.113.0/24  good: 1, stuck: 0\n"
		"\n"
		"Turned away, and good:\n"
		"  203.0.113.9 (mail.example.org)  knocked, refused attempts: 1, delay "
		"15m1s\n"
		"\n"
		"Stuck, they knock and never come to the real MX: 1\n"
		"  198.51.100.7  knocks: 4, from 2026-01-01T00:00:00Z to "
		"2026-01-01T03:00:00Z\n");
	free(words);
}
END_TEST

START_TEST(a_name_known_a_moment_later_is_taken_as_a_repetition)
{
	struct effects fx = { .count = 0 };
	struct addr sibling = addr_of("203.0.113.10");
	struct heard h = { .who = addr_of("203.0.113.9"),
			   .name = "mail.example.org",
			   .siblings = &sibling,
			   .count = 1,
			   .is_final = true };

	comes("203.0.113.9", "192.0.2.3", 0);
	comes("203.0.113.10", "192.0.2.4", 10);
	ck_assert_uint_eq(tally_total(tally).refused, 1);
	gate_hear_name(gate, &h, (struct mono){ 100 }, &fx);
	findings_hear(tally, gate, &h.who, &fx, (struct mono){ 100 });
	ck_assert_uint_eq(tally_total(tally).good[TALLY_RETRIED], 1);
	ck_assert_int_eq(tally_total(tally).median_ms, 1000);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, rows_tell_the_story);
	tcase_add_test(t, an_empty_report_is_one_row);
	tcase_add_test(t, both_programs_write_the_same_json);
	tcase_add_test(t, people_get_words);
	tcase_add_test(t, a_name_known_a_moment_later_is_taken_as_a_repetition);
}

int main(void)
{
	return unit_main("findings", add_tests);
}
