/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_conf_sections.c - queues, penalty and trust in the policy; lists and votes as the
 * gate and the sockets get them
 */
#include "conf/conf.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf_case.h"
#include "unit.h"

static char dir[] = "/tmp/test_conf_sections.XXXXXX";
static char path[64];

static void begin(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/file", dir);
}

static void end(void)
{
	unlink(path);
	rmdir(dir);
}

static void write_file(const char *text, mode_t mode)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	fclose(f);
	ck_assert_int_eq(chmod(path, mode), 0);
}

/* What must be said anyway, then `text`; must pass conf_check(). */
static struct settings checked(const char *text)
{
	char whole[2048];
	struct settings s;
	struct complaint why;

	snprintf(whole, sizeof(whole), "%s%s", CONF_CASE_WHOLE, text);
	s = conf_case_read(whole);
	ck_assert_msg(conf_check(&s, &why), "%s", why.text);
	return s;
}

static struct policy compiled(const char *text)
{
	struct settings s = checked(text);
	struct policy p;

	conf_compile(&s, &p);
	conf_free(&s);
	return p;
}

static uint16_t found(const struct lists *l, const char *text)
{
	struct addr a;

	if (!addr_parse(text, &a))
		return lists_find_name(l, text);
	return lists_find_addr(l, &a);
}

START_TEST(without_sections_the_policy_is_the_default_one)
{
	struct policy want = policy_default();
	struct policy p = compiled("");

	ck_assert_uint_eq(p.queues, 1);
	ck_assert_str_eq(p.queue[0].name, want.queue[0].name);
	ck_assert_int_eq(p.queue[0].start, want.queue[0].start);
	ck_assert_int_eq(p.queue[0].pause_ms, want.queue[0].pause_ms);
	ck_assert_int_eq(p.queue[0].window_ms, want.queue[0].window_ms);
	ck_assert_uint_eq(p.queue[0].connections, want.queue[0].connections);
	ck_assert_int_eq(p.queue[0].refresh, want.queue[0].refresh);
	ck_assert_int_eq(p.queue[0].deny, want.queue[0].deny);
	ck_assert_uint_eq(p.penalty.strikes, want.penalty.strikes);
	ck_assert_int_eq(p.penalty.within_ms, want.penalty.within_ms);
	ck_assert_int_eq(p.penalty.time_ms, want.penalty.time_ms);
	ck_assert_int_eq(p.penalty.action, want.penalty.action);
	ck_assert_uint_eq(p.penalty.escalate, want.penalty.escalate);
	ck_assert_int_eq(p.penalty.time_max_ms, want.penalty.time_max_ms);
	ck_assert_uint_eq(p.trust.votes, want.trust.votes);
	ck_assert_int_eq(p.trust.time_ms, want.trust.time_ms);
}
END_TEST

START_TEST(every_key_of_a_queue_reaches_the_policy)
{
	struct policy p = compiled(
		"queue slow { start = attempt pause = 10m window = 4h connections = 3\n"
		"refresh = no deny = reset }\nqueue default { deny = tarpit }\n"
		"queue other { start = either }\n");

	ck_assert_uint_eq(p.queues, 3);
	ck_assert_str_eq(p.queue[0].name, "default");
	ck_assert_int_eq(p.queue[0].deny, VERDICT_TARPIT);
	ck_assert_str_eq(p.queue[1].name, "slow");
	ck_assert_int_eq(p.queue[1].start, START_ATTEMPT);
	ck_assert_int_eq(p.queue[1].pause_ms, 600000);
	ck_assert_int_eq(p.queue[1].window_ms, 4 * 3600000);
	ck_assert_uint_eq(p.queue[1].connections, 3);
	ck_assert(!p.queue[1].refresh);
	ck_assert_int_eq(p.queue[1].deny, VERDICT_RESET);
	ck_assert_str_eq(p.queue[2].name, "other");
	ck_assert_int_eq(p.queue[2].start, START_EITHER);
}
END_TEST

START_TEST(a_window_is_whitelist_time_unless_it_says_otherwise)
{
	struct policy p = compiled("queue a { }\nqueue b { window = 1h }\n"
				   "queue c { window = whitelist-time }\n"
				   "whitelist-time 2h\n");

	ck_assert_int_eq(p.queue[0].window_ms, 2 * 3600000);
	ck_assert_int_eq(p.queue[1].window_ms, 2 * 3600000);
	ck_assert_int_eq(p.queue[2].window_ms, 3600000);
	ck_assert_int_eq(p.queue[3].window_ms, 2 * 3600000);
}
END_TEST

START_TEST(penalty_and_trust_reach_the_policy)
{
	struct policy p = compiled("penalty { strikes = 3 within = 1h time = 2h action = "
				   "tarpit escalate = 4\n"
				   "time-max = 5h }\ntrust { votes = 6 time = 7h }\n");

	ck_assert_uint_eq(p.penalty.strikes, 3);
	ck_assert_int_eq(p.penalty.within_ms, 3600000);
	ck_assert_int_eq(p.penalty.time_ms, 2 * 3600000);
	ck_assert_int_eq(p.penalty.action, VERDICT_TARPIT);
	ck_assert_uint_eq(p.penalty.escalate, 4);
	ck_assert_int_eq(p.penalty.time_max_ms, 5 * 3600000);
	ck_assert_uint_eq(p.trust.votes, 6);
	ck_assert_int_eq(p.trust.time_ms, 7 * 3600000);
}
END_TEST

START_TEST(a_penalty_is_never_cut_by_a_limit_nobody_gave)
{
	struct policy p = compiled("penalty { time = 60d }\n");

	ck_assert_int_eq(p.penalty.time_ms, INT64_C(60) * 86400000);
	ck_assert_int_eq(p.penalty.time_max_ms, INT64_C(60) * 86400000);
}
END_TEST

START_TEST(where_only_attempts_start_no_fake_address_is_needed)
{
	struct settings s = conf_case_read("real-mailserver 192.0.2.4\nqueue-num 1\n"
					   "queue default { start = attempt }\n");
	struct complaint why;

	ck_assert_msg(conf_check(&s, &why), "%s", why.text);
	s = conf_case_read("real-mailserver 192.0.2.4\nqueue-num 1\n"
			   "queue default { start = attempt }\n"
			   "queue b { start = either }\n");
	ck_assert(!conf_check(&s, &why));
	ck_assert_int_eq(why.kind, COMPLAINT_MISSING);
}
END_TEST

START_TEST(without_lists_there_are_none)
{
	struct settings s = checked("vote { listen = \"fifo:/run/v\" }\n");
	struct lists *l = (struct lists *)&s;
	struct complaint why;

	ck_assert(conf_compile_lists(&s, &l, &why));
	ck_assert_ptr_null(l);
	conf_free(&s);
}
END_TEST

START_TEST(lists_come_from_sections_and_from_files)
{
	char text[512];
	struct settings s;
	struct lists *l;
	struct complaint why;

	write_file("198.51.100.0/24 # theirs\r\n\n.Example.ORG\n2001:db8::/32", 0644);
	snprintf(text, sizeof(text),
		 "queue slow { }\nlist a { action = allow file = \"%s\" entries = "
		 "192.0.2.9 "
		 "}\nlist b { action = queue queue = slow entries = { \"192.0.2.0/24\", "
		 "\"mail.example.org\" } }\n"
		 "list c { action = deny deny = reset entries = 203.0.113.0/24 }\n",
		 path);
	s = checked(text);
	ck_assert_msg(conf_compile_lists(&s, &l, &why), "%s", why.text);
	ck_assert_uint_eq(lists_count(l), 3);
	ck_assert_uint_eq(found(l, "198.51.100.77"), 0);
	ck_assert_uint_eq(found(l, "2001:db8::77"), 0);
	ck_assert_uint_eq(found(l, "a.example.org"), 0);
	ck_assert_uint_eq(found(l, "192.0.2.9"), 0);
	ck_assert_uint_eq(found(l, "192.0.2.8"), 1);
	ck_assert_uint_eq(found(l, "mail.example.org"), 1);
	ck_assert_uint_eq(found(l, "203.0.113.1"), 2);
	ck_assert_uint_eq(found(l, "192.0.3.1"), LISTS_NONE);
	ck_assert_int_eq(lists_at(l, 0)->action, LIST_ALLOW);
	ck_assert_int_eq(lists_at(l, 1)->action, LIST_QUEUE);
	ck_assert_uint_eq(lists_at(l, 1)->queue, 1);
	ck_assert_int_eq(lists_at(l, 2)->deny, VERDICT_RESET);
	ck_assert_str_eq(lists_at(l, 2)->name, "c");
	lists_free(l);
	conf_free(&s);
}
END_TEST

START_TEST(a_file_larger_than_what_is_read_at_once_keeps_its_lines)
{
	char text[256], want[256];
	struct settings s;
	struct lists *l = NULL;
	struct complaint why;
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	for (unsigned i = 0; i < 20000; i++)
		fprintf(f, "10.%u.%u.%u\n", i / 65536, i / 256 % 256, i % 256);
	fputs("10.0.0.0/7\n", f);
	fputs("10.0.0.1/8\n", f);
	fclose(f);
	snprintf(text, sizeof(text), "list a { action = deny file = \"%s\" }\n", path);
	s = checked(text);
	ck_assert(!conf_compile_lists(&s, &l, &why));
	snprintf(want, sizeof(want),
		 "%s:20002: \"10.0.0.1/8\" has bits set behind its prefix: did you mean "
		 "10.0.0.0/8?",
		 path);
	ck_assert_str_eq(why.text, want);
	ck_assert_int_eq(why.kind, COMPLAINT_FILE);
	ck_assert_ptr_null(l);
	conf_free(&s);
}
END_TEST

START_TEST(votes_come_with_their_keys)
{
	char text[512];
	struct settings s;
	struct conf_votes v;
	struct complaint why;
	struct addr a;

	write_file("0123456789abcdef\n", 0600);
	snprintf(text, sizeof(text),
		 "vote { listen = \"unix:/run/v\" group = root mode = 0622 }\n"
		 "vote { listen = \"fifo:/run/w\" }\n"
		 "vote { listen = \"tcp:[2001:db8::1]:7925\" key-file = \"%s\" }\n",
		 path);
	s = checked(text);
	ck_assert_msg(conf_compile_votes(&s, &v, &why), "%s", why.text);
	ck_assert_uint_eq(v.count, 3);
	ck_assert_int_eq(v.vote[0].kind, ENDPOINT_UNIX);
	ck_assert_str_eq(v.vote[0].path, "/run/v");
	ck_assert_uint_eq(v.vote[0].mode, 0622);
	ck_assert_uint_eq(v.vote[0].gid, 0);
	ck_assert_int_eq(v.vote[1].kind, ENDPOINT_FIFO);
	ck_assert_uint_eq(v.vote[1].mode, 0660);
	ck_assert_uint_eq(v.vote[1].gid, (gid_t)-1);
	ck_assert_int_eq(v.vote[2].kind, ENDPOINT_TCP);
	ck_assert(addr_parse("2001:db8::1", &a) && addr_is_equal(&a, &v.vote[2].addr));
	ck_assert_uint_eq(v.vote[2].port, 7925);
	ck_assert_uint_eq(v.vote[2].key_bytes, 16);
	ck_assert_mem_eq(v.vote[2].key, "0123456789abcdef", 16);
	conf_free(&s);
}
END_TEST

START_TEST(a_key_that_others_may_use_is_refused)
{
	static const mode_t modes[] = { 0604, 0602, 0601, 0644, 0666 };
	char text[256], want[256];
	struct settings s;
	struct conf_votes v;
	struct complaint why;

	write_file("0123456789abcdef\n", modes[_i]);
	snprintf(text, sizeof(text),
		 "vote { listen = \"tcp:[::1]:1\" key-file = \"%s\" }\n", path);
	s = checked(text);
	ck_assert(!conf_compile_votes(&s, &v, &why));
	snprintf(
		want, sizeof(want),
		"t.conf:4: key-file \"%s\" is open to everybody: chmod o= it, and make a "
		"new key",
		path);
	ck_assert_str_eq(why.text, want);
	conf_free(&s);
}
END_TEST

START_TEST(reading_another_file_forgets_the_sections_of_the_first)
{
	struct settings s =
		checked("queue a { }\nlist b { action = deny entries = ::/0 }\n"
			"penalty { strikes = 4 }\n");
	struct complaint why;

	ck_assert(conf_read(&s, "t.conf", "queue c { }\n", 12, &why));
	ck_assert_uint_eq(s.queues, 2);
	ck_assert_str_eq(s.queue[1].head.name, "c");
	ck_assert_ptr_null(s.many);
	ck_assert_uint_eq(s.penalty.strikes, 1);
}
END_TEST

START_TEST(a_file_that_is_refused_leaves_nothing_to_free)
{
	struct settings s = checked("");
	struct complaint why;
	const char *text = "list b { action = deny entries = { ::/0 } }\nlist b { }\n";

	ck_assert(!conf_read(&s, "t.conf", text, strlen(text), &why));
	ck_assert_ptr_null(s.many);
}
END_TEST

static void add(TCase *t)
{
	tcase_add_checked_fixture(t, begin, end);
	tcase_add_test(t, without_sections_the_policy_is_the_default_one);
	tcase_add_test(t, every_key_of_a_queue_reaches_the_policy);
	tcase_add_test(t, a_window_is_whitelist_time_unless_it_says_otherwise);
	tcase_add_test(t, penalty_and_trust_reach_the_policy);
	tcase_add_test(t, a_penalty_is_never_cut_by_a_limit_nobody_gave);
	tcase_add_test(t, where_only_attempts_start_no_fake_address_is_needed);
	tcase_add_test(t, without_lists_there_are_none);
	tcase_add_test(t, lists_come_from_sections_and_from_files);
	tcase_add_test(t, a_file_larger_than_what_is_read_at_once_keeps_its_lines);
	tcase_add_test(t, votes_come_with_their_keys);
	tcase_add_loop_test(t, a_key_that_others_may_use_is_refused, 0, 5);
	tcase_add_test(t, reading_another_file_forgets_the_sections_of_the_first);
	tcase_add_test(t, a_file_that_is_refused_leaves_nothing_to_free);
}

int main(void)
{
	return unit_main("conf_sections", add);
}
