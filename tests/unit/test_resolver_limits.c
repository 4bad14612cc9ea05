/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_resolver_limits.c - what the resolver refuses, and how it begins and ends
 */
#include <signal.h>
#include <sys/resource.h>

#include "descriptors.h"
#include "resolver_case.h"

static const struct dns_record nothing[] = { { 0 } };

/* What strangers may ask for at once. */
enum { BURST = 2 * RESOLVER_PER_SECOND - RESOLVER_BURST_KNOWN };

/* --- bounds ---------------------------------------------------------------------- */

START_TEST(a_dead_server_keeps_nobody_waiting)
{
	int64_t began = clock_ms();

	begin_held(pool);
	for (unsigned i = 0; i < 100; i++) {
		char who[32];

		snprintf(who, sizeof(who), "203.0.113.%u", i);
		ask_at(who, 0);
	}
	ck_assert_uint_eq(resolver_count(resolver).asked, BURST);
	resolver_stop(resolver);
	ck_assert_int_lt(clock_ms() - began, 1000);
	dns_stop(&server);
}
END_TEST

START_TEST(a_late_answer_is_still_an_answer)
{
	begin_held(pool);
	ask_at(SOURCE4, 0);
	expect_no_answer();
	dns_release(&server);
	ck_assert_str_eq(next_answer().name, "mail.example.org");
	end();
}
END_TEST

START_TEST(a_source_is_asked_for_once_in_a_while)
{
	begin(_i ? pool : nothing);
	ask_at(SOURCE4, 1000);
	settle();
	ask_at(SOURCE4, 1000);
	ask_at(SOURCE4, 1000 + RESOLVER_REMEMBER_MS - 1);
	ck_assert_uint_eq(resolver_count(resolver).asked, 1);
	ck_assert_uint_eq(resolver_count(resolver).remembered, 2);
	ask_at("203.0.113.8", 1000 + RESOLVER_REMEMBER_MS - 1);
	ck_assert_uint_eq(resolver_count(resolver).asked, 2);
	ask_at(SOURCE4, 1000 + RESOLVER_REMEMBER_MS);
	ck_assert_uint_eq(settle().asked, 3);
	end();
}
END_TEST

START_TEST(one_ipv6_network_cannot_ask_for_all)
{
	struct addr who = addr("2001:db8:1:2::");
	struct mono now = { 1000 };

	begin(nothing);
	for (unsigned i = 0; i < 100; i++) {
		who.byte[15] = (uint8_t)i;
		resolver_ask(resolver, &who, RESOLVER_STRANGER, now);
	}
	ck_assert_uint_eq(resolver_count(resolver).asked, 8);
	who = addr("2001:db8:1:3::1");
	resolver_ask(resolver, &who, RESOLVER_STRANGER, now);
	ck_assert_uint_eq(resolver_count(resolver).asked, 9);
	now = mono_after(now, RESOLVER_REMEMBER_MS);
	who = addr("2001:db8:1:2::7:1");
	resolver_ask(resolver, &who, RESOLVER_STRANGER, now);
	ck_assert_uint_eq(settle().asked, 10);
	end();
}
END_TEST

/* Asks for 10.1.0.0 and so on, one every `gap_ms`; returns when the last was asked. */
static int64_t ask_many(unsigned count, int64_t gap_ms)
{
	for (unsigned i = 0; i < count; i++) {
		char who[32];

		snprintf(who, sizeof(who), "10.1.%u.%u", i >> 8, i & 255);
		ask_at(who, gap_ms * i);
	}
	return gap_ms * (count - 1);
}

START_TEST(a_flood_of_sources_makes_few_questions)
{
	struct resolver_counts c;

	begin_held(nothing);
	ask_many(10000, 0);
	c = resolver_count(resolver);
	ck_assert_uint_eq(c.asked, BURST);
	ck_assert_uint_eq(c.limited, 10000 - BURST);

	/* What was not asked is not remembered; a second later there is room again. */
	ask_at("10.1.39.15", 1000);
	ck_assert_uint_eq(resolver_count(resolver).asked, c.asked + 1);
	for (unsigned i = 0; i < 100; i++)
		ask_at(i & 1 ? "10.1.39.14" : "10.1.39.13", 1000);
	ck_assert_uint_eq(resolver_count(resolver).asked, c.asked + 3);
	ck_assert_uint_eq(resolver_count(resolver).remembered, 98);
	end();
}
END_TEST

static void ask_known(const char *who, int64_t now_ms)
{
	struct addr a = addr(who);

	resolver_ask(resolver, &a, RESOLVER_KNOWN, (struct mono){ now_ms });
}

START_TEST(strangers_cannot_use_up_the_questions_of_known_senders)
{
	char who[32];

	begin_held(nothing);
	ask_many(10000, 0);
	for (unsigned i = 0; i < 100; i++) {
		snprintf(who, sizeof(who), "203.0.113.%u", i);
		ask_known(who, 0);
	}
	ck_assert_uint_eq(resolver_count(resolver).asked, 2 * RESOLVER_PER_SECOND);
	end();
}
END_TEST

static const struct dns_record hanging[] = {
	{ "10.in-addr.arpa", DNS_SILENT, NULL, 0 },
	{ 0 },
};

/* Nobody answers for strangers: they hold every place they may have, and all their
 * room. */
START_TEST(strangers_nobody_answers_for_hold_up_no_known_sender)
{
	struct addr known = addr("203.0.113.9");
	int64_t last, began;
	struct dns_answer a;

	begin(hanging);
	last = ask_many(10000, 1000 / RESOLVER_PER_SECOND);
	ck_assert_uint_gt(resolver_count(resolver).dropped, 0);
	began = clock_ms();
	ask_known("203.0.113.9", last + 1000);
	a = next_answer();
	ck_assert(addr_is_equal(&a.who, &known));
	ck_assert_int_lt(clock_ms() - began, 1000);
	end();
}
END_TEST

START_TEST(questions_that_find_no_room_are_dropped_and_may_come_again)
{
	struct resolver_counts c;
	int64_t last;

	begin_held(nothing);
	last = ask_many(10000, 1000 / RESOLVER_PER_SECOND);
	c = resolver_count(resolver);
	ck_assert_uint_eq(c.limited, 0);
	ck_assert_uint_ge(c.asked, RESOLVER_QUESTIONS);
	ck_assert_uint_le(c.asked, RESOLVER_QUESTIONS + RESOLVER_FLIGHTS);
	ck_assert_uint_eq(c.dropped, 10000 - c.asked);

	dns_release(&server);
	settle();
	ask_at("10.1.39.15", last);
	ck_assert_uint_eq(resolver_count(resolver).asked, c.asked + 1);
	settle();
	end();
}
END_TEST

START_TEST(answers_that_find_no_room_are_counted_as_failed)
{
	FILE *f = fopen("/etc/hosts", "w");
	struct resolver_counts c;
	struct dns_answer a;
	unsigned got = 0;

	ck_assert_ptr_nonnull(f);
	for (unsigned i = 0; i < 400; i++)
		fprintf(f, "10.1.%u.%u host%u.example\n", i >> 8, i & 255, i);
	ck_assert_int_eq(fclose(f), 0);

	begin(pool);
	for (unsigned i = 0; i < 400; i++) {
		char who[32];

		snprintf(who, sizeof(who), "10.1.%u.%u", i >> 8, i & 255);
		ask_at(who, 20 * (int64_t)i);
		c = settle();
	}
	ck_assert_uint_eq(c.asked, 400);
	ck_assert_uint_gt(c.failed, 0);
	while (resolver_collect(resolver, &a))
		got++;
	ck_assert_uint_eq(got, c.confirmed);
	ck_assert_uint_eq(got, 400 - c.failed);
	ck_assert(!is_readable(resolver_fd(resolver)));
	ask_at("10.1.0.0", 2 * RESOLVER_REMEMBER_MS);
	ck_assert_str_eq(next_answer().name, "host0.example");
	end();
}
END_TEST

/* Answers that arrive while the caller is about to look away. */
START_TEST(no_answer_is_left_lying_unannounced)
{
	struct pollfd p = { .events = POLLIN };
	struct dns_answer a;

	write_file("/etc/hosts", SOURCE4 " a\n" SOURCE6 " b\n203.0.113.10 c\n");
	begin(pool);
	p.fd = resolver_fd(resolver);
	for (int64_t round = 0; round < 3000; round++) {
		unsigned got = 0;

		ask_at(SOURCE4, round * RESOLVER_REMEMBER_MS);
		ask_at(SOURCE6, round * RESOLVER_REMEMBER_MS);
		ask_at("203.0.113.10", round * RESOLVER_REMEMBER_MS);
		while (got < 3) {
			ck_assert_int_eq(poll(&p, 1, PATIENCE_MS), 1);
			while (resolver_collect(resolver, &a))
				got++;
		}
	}
	ck_assert_uint_eq(settle().confirmed, 3 * 3000);
	end();
}
END_TEST

/* --- life ------------------------------------------------------------------------ */

START_TEST(starting_and_stopping_leaves_nothing_open)
{
	unsigned before = count_descriptors();

	dns_start(&server, pool, true);
	for (unsigned i = 0; i < 20; i++) {
		ck_assert_int_eq(resolver_start(&resolver), 0);
		ask_at(SOURCE4, 0);
		ask_at(SOURCE6, 0);
		resolver_stop(resolver);
	}
	resolver_stop(NULL);
	dns_stop(&server);
	ck_assert_uint_eq(count_descriptors(), before);
}
END_TEST

/* The server begins to speak on another address, as resolv.conf then says; what was asked
 * of the dead one is asked again. */
START_TEST(who_was_asked_for_before_a_refresh_is_answered_after_it)
{
	struct resolver_counts c;

	struct sockaddr_in dead = { .sin_family = AF_INET, .sin_port = htons(53) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(inet_pton(AF_INET, "127.0.0.9", &dead.sin_addr), 1);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&dead, sizeof(dead)), 0);
	write_file("/etc/resolv.conf", "nameserver 127.0.0.9\n");
	begin(pool);
	ask_at(SOURCE4, 0);
	poll(NULL, 0, 200);
	ck_assert_uint_eq(atomic_load(&server.questions), 0);
	write_file("/etc/resolv.conf", "nameserver 127.0.0.1\n");
	resolver_refresh(resolver);
	ck_assert_str_eq(next_answer().name, "mail.example.org");
	c = settle();
	ck_assert_uint_eq(c.confirmed, 1);
	ck_assert_uint_eq(c.failed, 0);
	ck_assert_uint_eq(c.unread, 0);
	close(fd);
	end();
}
END_TEST

START_TEST(a_resolv_conf_that_cannot_be_read_leaves_all_as_it_was)
{
	rlim_t before;
	struct rlimit limit;

	begin(pool);
	ask_at(SOURCE6, 0);
	ck_assert_str_eq(next_answer().name, "mail.example.org");
	expect_no_answer();
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	before = limit.rlim_cur;
	limit.rlim_cur = 3;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	resolver_refresh(resolver);
	for (unsigned i = 0; resolver_count(resolver).unread == 0 && i < 5000; i++)
		poll(NULL, 0, 1);
	limit.rlim_cur = before;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	ck_assert_uint_eq(resolver_count(resolver).unread, 1);
	ask_at(SOURCE4, 0);
	ck_assert_str_eq(next_answer().name, "mail.example.org");
	end();
}
END_TEST

START_TEST(signals_are_left_to_the_main_thread)
{
	const struct timespec now = { 0 };
	sigset_t usr1;

	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	ck_assert_int_eq(resolver_start(&resolver), 0);
	ck_assert_int_eq(pthread_sigmask(SIG_BLOCK, &usr1, NULL), 0);
	/* Only a thread that does not block it could take it, and would die of it. */
	ck_assert_int_eq(kill(getpid(), SIGUSR1), 0);
	ck_assert_int_eq(sigtimedwait(&usr1, NULL, &now), SIGUSR1);
	resolver_stop(resolver);
}
END_TEST

static void add_tests(TCase *tc)
{
	set_up_cases(tc);
	tcase_add_test(tc, a_dead_server_keeps_nobody_waiting);
	tcase_add_test(tc, a_late_answer_is_still_an_answer);
	tcase_add_loop_test(tc, a_source_is_asked_for_once_in_a_while, 0, 2);
	tcase_add_test(tc, one_ipv6_network_cannot_ask_for_all);
	tcase_add_test(tc, a_flood_of_sources_makes_few_questions);
	tcase_add_test(tc, strangers_cannot_use_up_the_questions_of_known_senders);
	tcase_add_test(tc, strangers_nobody_answers_for_hold_up_no_known_sender);
	tcase_add_test(tc, questions_that_find_no_room_are_dropped_and_may_come_again);
	tcase_add_test(tc, answers_that_find_no_room_are_counted_as_failed);
	tcase_add_test(tc, no_answer_is_left_lying_unannounced);
	tcase_add_test(tc, starting_and_stopping_leaves_nothing_open);
	tcase_add_test(tc, who_was_asked_for_before_a_refresh_is_answered_after_it);
	tcase_add_test(tc, a_resolv_conf_that_cannot_be_read_leaves_all_as_it_was);
	tcase_add_test(tc, signals_are_left_to_the_main_thread);
}

int main(int argc, char **argv)
{
	(void)argc;
	return resolver_main(argv, add_tests);
}
