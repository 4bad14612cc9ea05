/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_commands.c - what an operator is answered, over a real gate and a pretended socket
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/clock_int.h"
#include "daemon/commands_int.h"

#include "unit.h"

enum { ANSWER_MAX = 1 << 20, FULL_ROWS = 40 };

/* Stands for the connection: all rows one after another, and how many since the last
 * look. */
struct control_client {
	uint64_t scratch;
	struct proto_command cmd;
	char *answer;
	size_t used;
	unsigned ahead;
	bool is_waiting; /* what comes is said by others */
};

uint64_t *control_scratch(struct control_client *c)
{
	return &c->scratch;
}

const struct proto_command *control_command(const struct control_client *c)
{
	return &c->cmd;
}

void control_row(struct control_client *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	c->used += (size_t)vsnprintf(c->answer + c->used, ANSWER_MAX - c->used, fmt, ap);
	va_end(ap);
	ck_assert_uint_lt(c->used, ANSWER_MAX - 1);
	memcpy(c->answer + c->used++, "\n", 2);
	c->ahead++;
}

bool control_is_full(const struct control_client *c)
{
	return c->ahead >= FULL_ROWS;
}

/* Parts of the daemon that would need a socket, a file or a log. */
void reload_ask(struct app *app, struct control_client *c)
{
	(void)app;
	c->is_waiting = true;
}

void reload_forget(struct app *app, const struct control_client *c)
{
	(void)app;
	(void)c;
}

void turn_last_packets(struct app *app)
{
	(void)app;
}

enum vote_outcome app_vote(struct app *app, const struct vote *v, const char *from,
			   const char *text)
{
	(void)from;
	(void)text;
	return gate_count_vote(app->gate, v, mono_now());
}

const char *vote_outcome_name(enum vote_outcome outcome)
{
	return outcome == VOTE_PENALISED ? "penalised"
	       : outcome == VOTE_TRUSTED ? "trusted"
					 : "other";
}

unsigned app_counters(const struct app *app, struct counter *out, unsigned max)
{
	(void)app;
	(void)max;
	out[0] = (struct counter){ .name = "attempts",
				   .help = "by reason",
				   .value = 3,
				   .label = "reason=knock" };
	return 1;
}

static struct app *app;
static struct control_client client;

static struct app *make_app(void)
{
	static const uint8_t key[GATE_KEY_BYTES] = { 1 };
	struct policy p = policy_default();
	struct app *made = calloc(1, sizeof(*made));

	ck_assert_ptr_nonnull(made);
	p.fakes = p.reals = 1;
	p.entries_max = 20000;
	ck_assert(addr_parse("192.0.2.3", &p.fake[0]));
	ck_assert(addr_parse("192.0.2.4", &p.real[0]));
	made->gate = gate_new(&p, NULL, key);
	made->tally = tally_new(&p, key, mono_now());
	ck_assert(made->gate && made->tally);
	return made;
}

static void setup(void)
{
	app = make_app();
	client.answer = calloc(1, ANSWER_MAX);
	ck_assert_ptr_nonnull(client.answer);
}

static void teardown(void)
{
	gate_free(app->gate);
	tally_free(app->tally);
	free(app);
	free(client.answer);
}

/* As the socket does it; `lines` follow an import, each with its newline. */
static const char *ask_with(const char *command, const char *lines)
{
	char error[PROTO_ERROR_MAX], line[PROTO_LINE_MAX];
	bool more;

	client.used = client.ahead = 0;
	client.is_waiting = false;
	client.answer[0] = '\0';
	ck_assert_msg(proto_read_command(command, strlen(command), &client.cmd, error),
		      "%s", error);
	more = commands_ops.begin(app, &client, &client.cmd);
	for (; *lines; lines += strcspn(lines, "\n") + 1) {
		snprintf(line, sizeof(line), "%.*s", (int)strcspn(lines, "\n"), lines);
		commands_ops.line(app, &client, line);
	}
	for (unsigned turns = 0; more && !client.is_waiting; turns++) {
		ck_assert_uint_lt(turns, 100000);
		client.ahead = 0;
		more = commands_ops.more(app, &client);
	}
	commands_ops.gone(app, &client);
	return client.answer;
}

static const char *ask(const char *command)
{
	return ask_with(command, "");
}

static void knock(unsigned n)
{
	struct effects fx = { .count = 0 };
	struct attempt a = { .shape = ATTEMPT_SYN, .dport = 25, .sport = 1025, .seq = n };
	const uint8_t bytes[4] = { 198, 51, (uint8_t)(n >> 8), (uint8_t)n };

	a.src = addr_from_bytes(ADDR_IP4, bytes);
	ck_assert(addr_parse("192.0.2.3", &a.dst));
	(void)gate_judge(app->gate, &a, mono_now(), &fx);
}

/* Lines that contain `part`. */
static unsigned count_lines(const char *text, const char *part)
{
	unsigned n = 0;
	size_t len;

	for (; *text; text += len + 1) {
		len = strcspn(text, "\n");
		n += memmem(text, len, part, strlen(part)) != NULL;
	}
	return n;
}

START_TEST(a_list_comes_in_pieces_and_names_each_source_once)
{
	const char *text;
	char line[40];

	for (unsigned n = 0; n < 3000; n++)
		knock(n);
	text = ask("list");
	ck_assert_uint_eq(count_lines(text, "entry src="), 3000);
	ck_assert_uint_eq(count_lines(text,
				      "state=open queue=default via=knock opens=now "
				      "closes=36d connections=0 used=no proven=no"),
			  3000);
	for (unsigned n = 0; n < 3000; n += 111) {
		snprintf(line, sizeof(line), "src=198.51.%u.%u ", n >> 8, n & 0xff);
		ck_assert_msg(count_lines(text, line) == 1, "%s", line);
	}
}
END_TEST

START_TEST(a_filtered_list_shows_that_state_only)
{
	knock(1);
	ask("black 203.0.113.9");
	ck_assert_uint_eq(count_lines(ask("list penalty"), "203.0.113.9"), 1);
	ck_assert_uint_eq(count_lines(ask("list penalty"), "entry "), 1);
	ck_assert_uint_eq(count_lines(ask("list open"), "198.51.0.1"), 1);
	ck_assert_uint_eq(count_lines(ask("list open"), "entry "), 1);
	ck_assert_uint_eq(count_lines(ask("list pausing"), "entry "), 0);
	ck_assert_uint_eq(count_lines(ask("list all"), "entry "), 2);
}
END_TEST

START_TEST(why_tells_verdict_and_evidence)
{
	const char *text = ask("why 198.51.0.1");

	ck_assert_uint_eq(count_lines(text, "why src=198.51.0.1 "), 1);
	ck_assert_uint_eq(count_lines(text, "verdict=drop reason=no-knock state=none"),
			  1);
	ck_assert_uint_eq(
		count_lines(text, "queue name=default start=knock pause=0s window=36d "
				  "connections=0 refresh=yes deny=drop"),
		1);
	knock(1);
	text = ask("why 198.51.0.1");
	ck_assert_uint_eq(count_lines(text, "verdict=accept reason=open state=open"), 1);
}
END_TEST

START_TEST(a_vote_for_a_time_lasts_that_time)
{
	ck_assert_uint_eq(
		count_lines(ask("black 203.0.113.9 for 3h"), "ok outcome=penalised"), 1);
	ck_assert_uint_eq(count_lines(ask("list"), "state=penalty"), 1);
	ck_assert_uint_eq(count_lines(ask("list"), "penalty=3h"), 1);
	ask("white 198.51.100.7 for 2d");
	ck_assert_uint_eq(count_lines(ask("list open"), "via=vote opens=now closes=2d"),
			  1);
}
END_TEST

START_TEST(forgetting_what_is_not_known_is_a_no)
{
	ck_assert_str_eq(ask("forget 203.0.113.9"),
			 "no: nothing is known of 203.0.113.9\n");
	knock(1);
	ck_assert_uint_eq(count_lines(ask("forget 198.51.0.1"), "ok "), 1);
	ck_assert_str_eq(ask("list"), "");
}
END_TEST

START_TEST(flushing_penalties_keeps_windows)
{
	knock(1);
	ask("black 203.0.113.9");
	ck_assert_uint_eq(count_lines(ask("flush penalties"), "ok "), 1);
	ck_assert_uint_eq(count_lines(ask("list"), "entry "), 1);
	ask("flush all");
	ck_assert_str_eq(ask("list"), "");
}
END_TEST

START_TEST(a_reload_is_answered_when_it_is_done)
{
	ck_assert_str_eq(ask("reload"), "");
	ck_assert(client.is_waiting);
}
END_TEST

START_TEST(counters_carry_label_and_help)
{
	ck_assert_str_eq(ask("stats"), "counter name=attempts type=counter value=3 "
				       "label=reason\\x3dknock help=by\\x20reason\n");
}
END_TEST

START_TEST(rules_are_rows_of_text)
{
	const char *text = ask("rules");

	if (WITH_PF) {
		ck_assert_uint_eq(count_lines(text, "rule pass in log quick inet "), 1);
		ck_assert_uint_eq(count_lines(text, "rule block "), 2);
		return;
	}
	ck_assert_uint_eq(count_lines(text, "rule iptables -t raw -A PREROUTING ! -i lo "
					    "-p tcp --syn"), 2);
	ck_assert_uint_eq(count_lines(ask("rules nft"), "rule table inet mxallowd {"), 1);
}
END_TEST

/* Each turned away once, and a list lets it in later. */
static void hurt(unsigned sources)
{
	const struct policy *p = gate_policy(app->gate);
	struct decision refused = { .reason = REASON_NO_KNOCK };
	struct decision listed = { .reason = REASON_LISTED_ALLOW };

	for (unsigned n = 0; n < sources; n++) {
		const uint8_t bytes[4] = { 198, 51, (uint8_t)(n >> 8), (uint8_t)n };
		struct attempt a = { .src = addr_from_bytes(ADDR_IP4, bytes),
				     .dst = p->real[0] };

		tally_note(app->tally, &a, &refused, p, mono_now());
		tally_note(app->tally, &a, &listed, p, mono_now());
	}
}

START_TEST(a_report_comes_in_pieces)
{
	const char *text;

	ck_assert_uint_eq(count_lines(ask("report"), "report observe=no since="), 1);
	ck_assert_uint_eq(count_lines(ask("report"), ""), 1);
	hurt(500);
	text = ask("report");
	ck_assert_uint_eq(count_lines(text, " sources=500 refused=500 black=0 "
					    "good=500 "), 1);
	ck_assert_uint_eq(count_lines(text, "good how=listed sources=500"), 1);
	ck_assert_uint_eq(count_lines(text, "network net=198.51."), 2);
	ck_assert_uint_eq(count_lines(text, " sources=256 good=256 stuck=0"), 1);
	ck_assert_uint_eq(count_lines(text, "hurt src="), 100);
	ck_assert_uint_eq(count_lines(text, "hurt src=198.51.0.99 how=listed refused=1"),
			  1);
}
END_TEST

/* Keeps an export and empties the gate. */
static char *exported(void)
{
	char *text = strdup(ask("export"));

	ask("flush all");
	ck_assert_str_eq(ask("list"), "");
	return text;
}

START_TEST(an_export_comes_back)
{
	char *text;

	for (unsigned n = 0; n < 100; n++)
		knock(n);
	ask("black 203.0.113.9 for 5h");
	text = exported();
	ck_assert_uint_eq(count_lines(text, "mxallowd-export 1 time="), 1);
	ck_assert_str_eq(ask_with("import", text),
			 "imported sources=101 expired=0 refused=0\n");
	ck_assert_uint_eq(count_lines(ask("list open"), "via=knock opens=now closes=36d"),
			  100);
	ck_assert_uint_eq(count_lines(ask("list penalty"), "penalty=5h"), 1);
	free(text);
}
END_TEST

START_TEST(what_has_passed_since_the_export_is_over)
{
	char text[600], *again;

	snprintf(text, sizeof(text),
		 "mxallowd-export 1 time=%lld\n"
		 "entry src=198.51.100.1/32 queue=default via=knock used=yes proven=yes "
		 "opens-ms=0 closes-ms=7200000 connections=4\n"
		 "entry src=198.51.100.2/32 queue=default via=knock used=no opens-ms=0 "
		 "closes-ms=3500000 connections=0\n"
		 "entry src=198.51.100.3/32 penalty-ms=3500000 penalties=1\n",
		 (long long)wall_now_s() - 3600);
	ck_assert_str_eq(ask_with("import", text),
			 "imported sources=1 expired=2 refused=0\n");
	ck_assert_uint_eq(
		count_lines(ask("list"),
			    "opens=now closes=1h connections=4 used=yes proven=yes"),
		1);
	again = exported();
	ck_assert_uint_eq(count_lines(again, "via=knock used=yes proven=yes opens"), 1);
	free(again);
}
END_TEST

START_TEST(a_bad_line_is_refused_with_its_number_and_the_rest_taken)
{
	static const char *const bad[] = {
		"nonsense",
		"entry",
		"entry src=198.51.100.1/32",
		"entry src=198.51.100.1/24 queue=default via=knock closes-ms=9000000",
		"entry src=198.51.100.1/32 queue=default via=magic closes-ms=9000000",
		"entry src=198.51.100.1/32 queue=default via=knock closes-ms=-5",
		"entry src=198.51.100.1/32 queue=default via=knock "
		"closes-ms=99999999999999999",
		"entry src=198.51.100.1/32 queue=default via=knock closes-ms=9000000 "
		"used=maybe",
		"entry src=198.51.100.1/32 queue=default via=knock closes-ms=9000000 "
		"proven=maybe",
		"entry src=198.51.100.1/32 queue=default opens-ms=900 closes-ms=800",
		"entry src=198.51.100.1/32 queue=default closes-ms=9000000 and text",
	};
	char text[900];

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text),
			 "mxallowd-export 1 time=%lld\n%s\nentry src=198.51.100.9/32 "
			 "queue=default via=knock closes-ms=9000000\n",
			 (long long)wall_now_s(), bad[i]);
		ask_with("import", text);
		ck_assert_msg(count_lines(client.answer, "refused line=2 why=") == 1,
			      "%s: %s", bad[i], client.answer);
		ck_assert_msg(count_lines(client.answer,
					  "imported sources=1 expired=0 refused=1") == 1,
			      "%s: %s", bad[i], client.answer);
		ask("flush all");
	}
}
END_TEST

START_TEST(what_is_no_export_is_not_looked_at)
{
	static const char entry[] = "entry src=198.51.100.9/32 queue=default via=knock "
				    "closes-ms=9000000\n";
	static const char *const heads[] = {
		"mxallowd-export 2 time=5\n",
		"mxallowd-export 1 time=x\n",
		"hello\n",
		"",
	};
	char text[300];

	for (unsigned i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		snprintf(text, sizeof(text), "%s%s", heads[i], entry);
		ask_with("import", text);
		ck_assert_msg(strncmp(client.answer, "error: line 1: ", 15) == 0, "%s",
			      client.answer);
		ck_assert_uint_eq(count_lines(client.answer, ""), 1);
	}
	ck_assert_str_eq(ask("list"), "");
	ck_assert_uint_eq(count_lines(ask_with("import", ""), "error: "), 1);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_list_comes_in_pieces_and_names_each_source_once);
	tcase_add_test(t, a_filtered_list_shows_that_state_only);
	tcase_add_test(t, why_tells_verdict_and_evidence);
	tcase_add_test(t, a_vote_for_a_time_lasts_that_time);
	tcase_add_test(t, forgetting_what_is_not_known_is_a_no);
	tcase_add_test(t, flushing_penalties_keeps_windows);
	tcase_add_test(t, a_reload_is_answered_when_it_is_done);
	tcase_add_test(t, counters_carry_label_and_help);
	tcase_add_test(t, rules_are_rows_of_text);
	tcase_add_test(t, a_report_comes_in_pieces);
	tcase_add_test(t, an_export_comes_back);
	tcase_add_test(t, what_has_passed_since_the_export_is_over);
	tcase_add_test(t, a_bad_line_is_refused_with_its_number_and_the_rest_taken);
	tcase_add_test(t, what_is_no_export_is_not_looked_at);
}

int main(void)
{
	return unit_main("commands", add_tests);
}
