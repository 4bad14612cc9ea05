/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ballot_tcp.c - votes by TCP: who has the key is heard, nobody else is
 */
#include <arpa/inet.h>
#include <netinet/in.h>

#include "sock/tcp_int.h"

#include "ballot_case.h"
#include "unit.h"

static const char secret[] = "a key of more than sixteen bytes";

static struct ballot_conf tcp_box(const char *addr)
{
	struct ballot_conf conf = { .kind = BALLOT_TCP, .port = 0,
				    .key_bytes = sizeof(secret) - 1 };

	memcpy(conf.key, secret, sizeof(secret) - 1);
	ck_assert(addr_parse(addr, &conf.addr));
	return conf;
}

static struct counter *start_tcp(void)
{
	struct counter *t = prepare();
	struct ballot_conf conf = tcp_box("127.0.0.1");

	ck_assert_int_eq(open_one(t, &conf), 0);
	return t;
}

static int dial_from(struct counter *t, const char *source)
{
	struct sockaddr_in from = { .sin_family = AF_INET };
	struct sockaddr_storage name;
	socklen_t size = sizeof(name);
	int fd;

	ck_assert_int_eq(getsockname(t->ballot->box[0]->listener.fd,
				     (struct sockaddr *)&name, &size), 0);
	fd = socket(name.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(inet_pton(AF_INET, source, &from.sin_addr), 1);
	if (name.ss_family == AF_INET)
		ck_assert_int_eq(bind(fd, (struct sockaddr *)&from, sizeof(from)), 0);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&name, size), 0);
	ck_assert_int_eq(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	return fd;
}

static int dial(struct counter *t)
{
	return dial_from(t, "127.0.0.1");
}

/* Reads the greeting and keeps its nonce. */
static void greet(struct counter *t, int fd, uint8_t *nonce)
{
	const char *text = hear_until(&t->c, fd, "\n");

	ck_assert_uint_eq(strlen(text), strlen("mxallowd 1 ") + 33);
	ck_assert(strncmp(text, "mxallowd 1 ", 11) == 0);
	for (unsigned i = 0; i < PROTO_NONCE_BYTES; i++) {
		char byte[3] = { text[11 + 2 * i], text[12 + 2 * i], '\0' };
		char *rest;

		nonce[i] = (uint8_t)strtoul(byte, &rest, 16);
		ck_assert_str_eq(rest, "");
	}
}

/* Signs a vote; the line has its newline. */
static const char *sign(char *out, size_t size, const uint8_t *nonce, uint64_t seq,
			const char *vote)
{
	struct tcp_key key = { (const uint8_t *)secret, sizeof(secret) - 1 };
	struct proto_signed s = { .seq = seq, .line = vote, .len = strlen(vote) };
	uint8_t mac[PROTO_MAC_BYTES];
	int at = snprintf(out, size, "%llu ", (unsigned long long)seq);

	tcp_sign(&key, nonce, &s, mac);
	for (unsigned i = 0; i < sizeof(mac); i++)
		at += snprintf(out + at, size - (size_t)at, "%02x", mac[i]);
	snprintf(out + at, size - (size_t)at, " %s\n", vote);
	return out;
}

START_TEST(who_has_the_key_is_heard)
{
	struct counter *t = start_tcp();
	uint8_t nonce[PROTO_NONCE_BYTES];
	char line[PROTO_SIGNED_MAX + 2];
	int fd = dial(t);

	greet(t, fd, nonce);
	ask(&t->c, fd, sign(line, sizeof(line), nonce, 1, "black 192.0.2.1 spam"),
	    "ok\n");
	expect_last(t, PROTO_BLACK, "192.0.2.1");
	ck_assert_str_eq(t->from, "tcp:127.0.0.1");
	ask(&t->c, fd, sign(line, sizeof(line), nonce, 2, "nonsense"),
	    "error: this is no vote: nonsense\n");
	ask(&t->c, fd, sign(line, sizeof(line), nonce, 3, "-192.0.2.1"), "ok\n");
	ck_assert_uint_eq(ballot_count(t->ballot).votes, 2);
	ck_assert_uint_eq(ballot_count(t->ballot).bad, 1);
	ck_assert_uint_eq(ballot_count(t->ballot).forged, 0);
	close(fd);
	end(t);
}
END_TEST

START_TEST(the_example_of_the_manual_is_right)
{
	struct tcp_key key = { (const uint8_t *)"0123456789abcdef0123456789abcdef", 32 };
	struct proto_signed s = { .seq = 1, .line = "black 192.0.2.7 spam", .len = 20 };
	static const uint8_t nonce[PROTO_NONCE_BYTES] = {
		0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
		0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff,
	};
	static const char want[] =
		"1781c83c9ed03b8bb08daf5af02e3ff6f91ec0750bff5de160f7159d32c2de8c";
	uint8_t mac[PROTO_MAC_BYTES];

	tcp_sign(&key, nonce, &s, mac);
	for (unsigned i = 0; i < sizeof(mac); i++) {
		char hex[3];

		snprintf(hex, sizeof(hex), "%02x", mac[i]);
		ck_assert_msg(memcmp(hex, want + 2 * i, 2) == 0, "byte %u is %s", i, hex);
	}
}
END_TEST

START_TEST(every_connection_has_a_nonce_of_its_own)
{
	struct counter *t = start_tcp();
	uint8_t one[PROTO_NONCE_BYTES], two[PROTO_NONCE_BYTES];
	int fd = dial(t), other = dial(t);

	greet(t, fd, one);
	greet(t, other, two);
	ck_assert(memcmp(one, two, sizeof(one)) != 0);
	close(fd);
	close(other);
	end(t);
}
END_TEST

START_TEST(a_line_without_signature_is_refused)
{
	struct counter *t = start_tcp();
	uint8_t nonce[PROTO_NONCE_BYTES];
	int fd = dial(t);

	greet(t, fd, nonce);
	ask(&t->c, fd, "black 192.0.2.1\n",
	    "error: a signed line starts with its number, 1 or more\n");
	ck_assert_uint_eq(t->votes, 0);
	ck_assert_uint_eq(ballot_count(t->ballot).bad, 1);
	close(fd);
	end(t);
}
END_TEST

START_TEST(another_key_nonce_number_or_text_is_forged)
{
	struct counter *t = start_tcp();
	uint8_t nonce[PROTO_NONCE_BYTES], other[PROTO_NONCE_BYTES] = { 0 };
	char line[PROTO_SIGNED_MAX + 2], good[PROTO_SIGNED_MAX + 2], *digit;
	int fd = dial(t);

	greet(t, fd, nonce);
	sign(good, sizeof(good), nonce, 1, "black 192.0.2.1");

	ask(&t->c, fd, sign(line, sizeof(line), other, 1, "black 192.0.2.1"),
	    "error: the signature is wrong\n");
	memcpy(line, good, sizeof(line));
	digit = strchr(line, ' ') + 5;
	*digit = *digit == '0' ? '1' : '0';
	ask(&t->c, fd, line, "error: the signature is wrong\n");
	memcpy(line, good, sizeof(line));
	line[strlen(line) - 2] = '2';
	ask(&t->c, fd, line, "error: the signature is wrong\n");
	memcpy(line, good, sizeof(line));
	line[0] = '2';
	ask(&t->c, fd, line, "error: the signature is wrong\n");
	ask(&t->c, fd, sign(line, sizeof(line), nonce, 2, "black 192.0.2.1"),
	    "error: the next number is 1\n");
	ck_assert_uint_eq(t->votes, 0);
	ck_assert_uint_eq(ballot_count(t->ballot).forged, 5);
	ask(&t->c, fd, good, "ok\n");
	close(fd);
	end(t);
}
END_TEST

START_TEST(a_replayed_line_is_forged_here_and_elsewhere)
{
	struct counter *t = start_tcp();
	uint8_t nonce[PROTO_NONCE_BYTES];
	char line[PROTO_SIGNED_MAX + 2];
	int fd = dial(t), other = dial(t);

	greet(t, fd, nonce);
	ask(&t->c, fd, sign(line, sizeof(line), nonce, 1, "black 192.0.2.1"), "ok\n");
	ask(&t->c, fd, line, "error: the next number is 2\n");
	greet(t, other, nonce);
	ask(&t->c, other, line, "error: the signature is wrong\n");
	ck_assert_uint_eq(t->votes, 1);
	ck_assert_uint_eq(ballot_count(t->ballot).forged, 2);
	close(fd);
	close(other);
	end(t);
}
END_TEST

START_TEST(an_oversized_line_is_refused)
{
	struct counter *t = start_tcp();
	uint8_t nonce[PROTO_NONCE_BYTES];
	char line[4 * PROTO_SIGNED_MAX], vote[PROTO_LINE_MAX + 1];
	int fd = dial(t);

	greet(t, fd, nonce);
	memset(vote, 'x', sizeof(vote));
	memcpy(vote, "black 192.0.2.1 ", 16);
	vote[PROTO_LINE_MAX] = '\0';
	ask(&t->c, fd, sign(line, sizeof(line), nonce, 1, vote),
	    "error: the line is longer than 511 bytes\n");
	vote[PROTO_LINE_MAX - 1] = '\0';
	ask(&t->c, fd, sign(line, sizeof(line), nonce, 1, vote), "ok\n");
	memset(line, '1', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	say_bytes(fd, line, sizeof(line));
	ask(&t->c, fd, "", "error: the line is longer than 511 bytes\n");
	ck_assert_uint_eq(ballot_count(t->ballot).bad, 2);
	close(fd);
	end(t);
}
END_TEST

START_TEST(ten_forged_lines_in_a_row_end_the_connection)
{
	struct counter *t = start_tcp();
	uint8_t nonce[PROTO_NONCE_BYTES];
	char line[PROTO_SIGNED_MAX + 2];
	int fd = dial(t);

	greet(t, fd, nonce);
	sign(line, sizeof(line), nonce, 9, "black 192.0.2.1");
	for (unsigned i = 0; i < BALLOT_BAD_LINES - 1; i++)
		ask(&t->c, fd, line, "error: the next number is 1\n");
	say(fd, line);
	hear_the_end(&t->c, fd);
	ck_assert_uint_eq(ballot_count(t->ballot).forged, BALLOT_BAD_LINES);
	close(fd);
	end(t);
}
END_TEST

START_TEST(an_idle_client_is_closed_after_ten_minutes)
{
	struct counter *t = start_tcp();
	uint8_t nonce[PROTO_NONCE_BYTES];
	uint64_t now;
	int fd = dial(t);

	greet(t, fd, nonce);
	now = t->ballot->box[0]->voters[0]->line_ms;
	ballot_look_after(t->ballot, now + BALLOT_IDLE_MS - 1);
	ck_assert_ptr_nonnull(t->ballot->box[0]->voters[0]);
	ballot_look_after(t->ballot, now + BALLOT_IDLE_MS);
	hear_the_end(&t->c, fd);
	close(fd);
	end(t);
}
END_TEST

START_TEST(strangers_without_key_do_not_keep_out_who_has_it)
{
	struct counter *t = start_tcp();
	uint8_t nonce[PROTO_NONCE_BYTES];
	char line[PROTO_SIGNED_MAX + 2];
	int fd[BALLOT_CLIENTS_MAX], late;

	for (unsigned i = 0; i < BALLOT_CLIENTS_MAX; i++) {
		fd[i] = dial(t);
		greet(t, fd[i], nonce);
	}
	late = dial(t);
	greet(t, late, nonce);
	ask(&t->c, late, sign(line, sizeof(line), nonce, 1, "black 192.0.2.1"), "ok\n");
	ck_assert_uint_eq(ballot_count(t->ballot).refused, 1);
	close(late);
	for (unsigned i = 0; i < BALLOT_CLIENTS_MAX; i++)
		close(fd[i]);
	end(t);
}
END_TEST

START_TEST(a_crowd_from_one_address_pushes_out_nobody_else)
{
	struct counter *t = start_tcp();
	uint8_t nonce[PROTO_NONCE_BYTES];
	char line[PROTO_SIGNED_MAX + 2];
	int honest = dial_from(t, "127.0.0.2"), fd[2 * BALLOT_CLIENTS_MAX];

	greet(t, honest, nonce);
	t->ballot->box[0]->voters[0]->line_ms = 1; /* longest there, and yet to vote */
	for (unsigned i = 0; i < 2 * BALLOT_CLIENTS_MAX; i++) {
		uint8_t unused[PROTO_NONCE_BYTES];

		fd[i] = dial(t);
		greet(t, fd[i], unused);
	}
	ask(&t->c, honest, sign(line, sizeof(line), nonce, 1, "black 192.0.2.1"), "ok\n");
	close(honest);
	for (unsigned i = 0; i < 2 * BALLOT_CLIENTS_MAX; i++)
		close(fd[i]);
	end(t);
}
END_TEST

START_TEST(without_a_key_or_with_a_short_one_there_is_no_socket)
{
	struct counter *t = prepare();
	struct ballot_conf conf = tcp_box("127.0.0.1");

	conf.key_bytes = 0;
	ck_assert_int_eq(open_one(t, &conf), -EINVAL);
	conf.key_bytes = BALLOT_KEY_MIN - 1;
	ck_assert_int_eq(open_one(t, &conf), -EINVAL);
	conf.key_bytes = BALLOT_KEY_MIN;
	ck_assert_int_eq(open_one(t, &conf), 0);
	end(t);
}
END_TEST

START_TEST(ipv6_listens_for_ipv6_alone)
{
	struct counter *t = prepare();
	struct ballot_conf conf = tcp_box("::1");
	uint8_t nonce[PROTO_NONCE_BYTES];
	socklen_t size = sizeof(int);
	int fd, only = 0;

	if (access("/proc/net/if_inet6", F_OK) == 0) {
		ck_assert_int_eq(open_one(t, &conf), 0);
		ck_assert_int_eq(getsockopt(t->ballot->box[0]->listener.fd, IPPROTO_IPV6,
					    IPV6_V6ONLY, &only, &size), 0);
		ck_assert_int_eq(only, 1);
		fd = dial(t);
		greet(t, fd, nonce);
		close(fd);
	}
	end(t);
}
END_TEST

START_TEST(the_same_address_twice_is_an_error)
{
	struct counter *t = start_tcp();
	struct ballot_conf conf = tcp_box("127.0.0.1");
	struct ballot *second = NULL;
	struct sockaddr_in name;
	socklen_t size = sizeof(name);
	unsigned which;

	ck_assert_int_eq(getsockname(t->ballot->box[0]->listener.fd,
				     (struct sockaddr *)&name, &size), 0);
	conf.port = ntohs(name.sin_port);
	ck_assert_int_eq(ballot_open(&second, &t->c.loop, &conf, 1, &which), -EADDRINUSE);
	end(t);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_set_timeout(t, 60);
	tcase_add_test(t, who_has_the_key_is_heard);
	tcase_add_test(t, the_example_of_the_manual_is_right);
	tcase_add_test(t, every_connection_has_a_nonce_of_its_own);
	tcase_add_test(t, a_line_without_signature_is_refused);
	tcase_add_test(t, another_key_nonce_number_or_text_is_forged);
	tcase_add_test(t, a_replayed_line_is_forged_here_and_elsewhere);
	tcase_add_test(t, an_oversized_line_is_refused);
	tcase_add_test(t, ten_forged_lines_in_a_row_end_the_connection);
	tcase_add_test(t, an_idle_client_is_closed_after_ten_minutes);
	tcase_add_test(t, strangers_without_key_do_not_keep_out_who_has_it);
	tcase_add_test(t, a_crowd_from_one_address_pushes_out_nobody_else);
	tcase_add_test(t, without_a_key_or_with_a_short_one_there_is_no_socket);
	tcase_add_test(t, ipv6_listens_for_ipv6_alone);
	tcase_add_test(t, the_same_address_twice_is_an_error);
}

int main(void)
{
	return unit_main("ballot_tcp", add_tests);
}
