/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_helper.c - the privileged process does what it was made for, and nothing else
 */
#include <errno.h>
#include <sys/socket.h>

#include "admit/helper_int.h"

#include "admit_case.h"
#include "unit.h"

struct brain {
	struct scene s;
	struct helper_conf conf;
	int fd; /* where the helper listens */
	pid_t helper;
};

static void begin(struct brain *b)
{
	int pair[2];

	scene_begin(&b->s);
	b->conf = (struct helper_conf){ b->s.pfctl, "mx-white", 5, { 100, 32, 64 } };
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	b->fd = pair[0];
	b->helper = fork();
	if (b->helper == 0) {
		close(pair[0]);
		_exit(helper_run(pair[1], &b->conf));
	}
	close(pair[1]);
}

static void end(struct brain *b)
{
	close(b->fd);
	scene_end(&b->s);
}

/* Its exit status, once it has ended. */
static int ended_with(const struct brain *b)
{
	int status = 0;

	ck_assert_int_eq(waitpid(b->helper, &status, 0), b->helper);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void tell(const struct brain *b, const void *bytes, size_t len)
{
	ck_assert_int_eq(write(b->fd, bytes, len), (ssize_t)len);
}

static void tell_run(const struct brain *b, enum run_kind kind, uint32_t count)
{
	uint8_t bytes[REQUEST_BYTES];

	request_write_run(bytes, kind, count);
	tell(b, bytes, sizeof(bytes));
}

static void tell_net(const struct brain *b, const char *text)
{
	struct net n = net(text);
	uint8_t bytes[REQUEST_BYTES];

	request_write_net(bytes, &n);
	tell(b, bytes, sizeof(bytes));
}

static struct result hear(const struct brain *b)
{
	uint8_t bytes[RESULT_BYTES];
	struct result r;

	ck_assert_int_eq(recv(b->fd, bytes, sizeof(bytes), MSG_WAITALL), RESULT_BYTES);
	ck_assert(result_read(bytes, &r));
	return r;
}

START_TEST(it_does_a_run_and_ends_when_its_socket_does)
{
	struct brain b;

	begin(&b);
	tell_run(&b, RUN_ADD, 2);
	tell_net(&b, "192.0.2.1");
	tell_net(&b, "2001:db8:0:1::/64");
	ck_assert_int_eq(hear(&b).outcome, RESULT_DONE);
	ck_assert_str_eq(get(&b.s, "in"), "192.0.2.1\n2001:db8:0:1::/64\n");
	ck_assert_int_eq(shutdown(b.fd, SHUT_RDWR), 0);
	ck_assert_int_eq(ended_with(&b), 0);
	end(&b);
}
END_TEST

START_TEST(messages_may_come_in_any_pieces)
{
	struct brain b;
	struct net n = net("192.0.2.1");
	uint8_t bytes[2 * REQUEST_BYTES];

	begin(&b);
	request_write_run(bytes, RUN_ADD, 1);
	request_write_net(bytes + REQUEST_BYTES, &n);
	for (unsigned i = 0; i < sizeof(bytes); i++) {
		tell(&b, bytes + i, 1);
		(void)poll(NULL, 0, 1);
	}
	ck_assert_int_eq(hear(&b).outcome, RESULT_DONE);
	tell_run(&b, RUN_DELETE, 0);
	ck_assert_int_eq(hear(&b).outcome, RESULT_DONE);
	ck_assert_str_eq(get(&b.s, "table"), "192.0.2.1\n");
	end(&b);
}
END_TEST

/* Spoils one byte of a good message and sees the helper end without having run pfctl. */
static void refuses(bool in_run, unsigned at, uint8_t value)
{
	struct net n = net("192.0.2.1");
	struct brain b;
	uint8_t run[REQUEST_BYTES], one[REQUEST_BYTES];

	begin(&b);
	request_write_run(run, RUN_REPLACE, 1);
	request_write_net(one, &n);
	(in_run ? run : one)[at] = value;
	tell(&b, run, sizeof(run));
	(void)send(b.fd, one, sizeof(one), MSG_NOSIGNAL); /* it may be gone already */
	ck_assert_int_eq(ended_with(&b), 1);
	ck_assert_msg(strcmp(get(&b.s, "runs"), "") == 0, "byte %u of %s", at,
		      in_run ? "the run" : "the network");
	end(&b);
}

START_TEST(it_ends_over_a_run_it_was_not_made_for)
{
	refuses(true, 0, 'n');
	refuses(true, 0, 0);
	refuses(true, 1, RUN_REPLACE + 1);
	refuses(true, 1, 255);
	refuses(true, 2, 1);
	refuses(true, 4, 1);   /* 16 million networks */
	refuses(true, 7, 101); /* one more than there may be */
	refuses(true, 8, 1);
	refuses(true, 19, 1);
}
END_TEST

START_TEST(it_ends_over_a_network_it_may_not_admit)
{
	refuses(false, 0, 'r');
	refuses(false, 1, 0);
	refuses(false, 1, 5);
	refuses(false, 1, ADDR_IP6); /* 192.0.2.1 read as c000:201:: with 32 bits */
	refuses(false, 2, 31);
	refuses(false, 2, 33);
	refuses(false, 2, 0);
	refuses(false, 3, 1);
	refuses(false, 4, 224);
	refuses(false, 4, 0);
	refuses(false, 8, 1); /* behind an IPv4 address */
	refuses(false, 19, 1);
}
END_TEST

START_TEST(it_ends_over_host_bits_and_wide_networks_of_ipv6)
{
	static const struct {
		const char *text;
		uint8_t bits;
	} nets[] = { { "2001:db8::1", 64 },
		     { "2001:db8::", 63 },
		     { "ff02::", 64 },
		     { "::ffff:192.0.2.1", 128 },
		     { "::", 128 } };

	for (unsigned i = 0; i < sizeof(nets) / sizeof(nets[0]); i++) {
		struct net n = net(nets[i].text);
		uint8_t one[REQUEST_BYTES];
		struct brain b;

		begin(&b);
		n.bits = nets[i].bits;
		request_write_net(one, &n);
		tell_run(&b, RUN_ADD, 1);
		tell(&b, one, sizeof(one));
		ck_assert_int_eq(ended_with(&b), 1);
		ck_assert_str_eq(get(&b.s, "runs"), "");
		end(&b);
	}
}
END_TEST

START_TEST(a_bad_network_in_the_middle_undoes_the_run)
{
	struct brain b;
	uint8_t bad[REQUEST_BYTES] = { 'n', ADDR_IP4, 32, 0, 239, 1, 1, 1 };

	begin(&b);
	put(&b.s, "table", "203.0.113.1\n");
	tell_run(&b, RUN_REPLACE, 3);
	tell_net(&b, "192.0.2.1");
	while (get(&b.s, "args")[0] == '\0')
		(void)poll(NULL, 0, TICK_MS);
	tell(&b, bad, sizeof(bad));
	ck_assert_int_eq(ended_with(&b), 1);
	ck_assert_str_eq(get(&b.s, "table"), "203.0.113.1\n");
	end(&b);
}
END_TEST

START_TEST(what_comes_between_runs_must_be_a_run)
{
	struct brain b;

	begin(&b);
	tell_net(&b, "192.0.2.1");
	ck_assert_int_eq(ended_with(&b), 1);
	end(&b);
	begin(&b);
	tell(&b, "r", 1);
	ck_assert_int_eq(shutdown(b.fd, SHUT_RDWR), 0);
	ck_assert_int_eq(ended_with(&b), 1);
	end(&b);
}
END_TEST

START_TEST(a_list_that_never_comes_changes_nothing)
{
	struct brain b;

	begin(&b);
	close(b.fd);
	ck_assert_int_eq(ended_with(&b), 0);
	scene_end(&b.s);
	begin(&b);
	tell_run(&b, RUN_REPLACE, 1);
	ck_assert_int_eq(shutdown(b.fd, SHUT_WR), 0);
	ck_assert_int_eq(ended_with(&b), 1);
	ck_assert_str_eq(get(&b.s, "runs"), "");
	end(&b);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_set_timeout(t, 60);
	tcase_add_test(t, it_does_a_run_and_ends_when_its_socket_does);
	tcase_add_test(t, messages_may_come_in_any_pieces);
	tcase_add_test(t, it_ends_over_a_run_it_was_not_made_for);
	tcase_add_test(t, it_ends_over_a_network_it_may_not_admit);
	tcase_add_test(t, it_ends_over_host_bits_and_wide_networks_of_ipv6);
	tcase_add_test(t, a_bad_network_in_the_middle_undoes_the_run);
	tcase_add_test(t, what_comes_between_runs_must_be_a_run);
	tcase_add_test(t, a_list_that_never_comes_changes_nothing);
}

int main(void)
{
	return unit_main("helper", add_tests);
}
