/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_peers.c - what a peer may spend, and that coming back renews nothing
 */
#include <check.h>
#include <stdlib.h>

#include "sock/peers_int.h"

#include "unit.h"

enum { BURST = 2 * BALLOT_PER_SECOND };

static struct peer_name at(const char *addr)
{
	struct peer_name name = { .kind = BALLOT_TCP };

	ck_assert(addr_parse(addr, &name.addr));
	return name;
}

static struct peer *join(struct peers *p, const char *addr, uint64_t now_ms)
{
	struct peer_name name = at(addr);

	return peers_join(p, &name, now_ms);
}

static unsigned spend_all(struct peer *peer, uint64_t now_ms)
{
	unsigned n = 0;

	while (n <= BURST && peer_spend(peer, 1, now_ms))
		n++;
	return n;
}

START_TEST(a_burst_is_two_seconds_worth_and_refills_with_time)
{
	struct peers *p = calloc(1, sizeof(*p));
	struct peer *peer = join(p, "192.0.2.1", 1000);

	ck_assert_uint_eq(spend_all(peer, 1000), BURST);
	ck_assert_uint_eq(spend_all(peer, 1000), 0);
	ck_assert_uint_eq(spend_all(peer, 1001), BALLOT_PER_SECOND / 1000);
	ck_assert_uint_eq(spend_all(peer, 1501), BALLOT_PER_SECOND / 2);
	ck_assert_uint_eq(spend_all(peer, 1501 + 3600 * 1000), BURST);
	free(p);
}
END_TEST

START_TEST(a_dear_vote_is_taken_whole_or_not_at_all)
{
	struct peers *p = calloc(1, sizeof(*p));
	struct peer *peer = join(p, "192.0.2.1", 1000);

	ck_assert(peer_spend(peer, BURST - 10, 1000));
	ck_assert(!peer_spend(peer, 11, 1000));
	ck_assert(peer_spend(peer, 10, 1000));
	free(p);
}
END_TEST

START_TEST(coming_back_renews_nothing)
{
	struct peers *p = calloc(1, sizeof(*p));
	struct peer *peer = join(p, "192.0.2.1", 1000);

	(void)spend_all(peer, 1000);
	peers_leave(peer);
	peer = join(p, "192.0.2.1", 1000);
	ck_assert_uint_eq(spend_all(peer, 1000), 0);
	free(p);
}
END_TEST

START_TEST(a_network_of_ipv6_is_one_peer_and_others_are_others)
{
	struct peers *p = calloc(1, sizeof(*p));
	struct peer *peer = join(p, "2001:db8::1", 1000);
	struct peer_name user = { .kind = BALLOT_UNIX, .number = 8 };
	struct peer_name fifo = { .kind = BALLOT_FIFO, .number = 8 };

	ck_assert_ptr_eq(join(p, "2001:db8::2", 1000), peer);
	ck_assert_ptr_ne(join(p, "2001:db8:0:1::1", 1000), peer);
	ck_assert_ptr_ne(join(p, "192.0.2.1", 1000), join(p, "192.0.2.2", 1000));
	ck_assert_ptr_ne(peers_join(p, &user, 1000), peers_join(p, &fifo, 1000));
	free(p);
}
END_TEST

START_TEST(a_place_in_use_is_never_given_away)
{
	struct peers *p = calloc(1, sizeof(*p));
	struct peer *first = NULL, *late;
	char text[32];

	for (unsigned i = 0; i < PEERS_MAX; i++) {
		struct peer *peer;

		snprintf(text, sizeof(text), "192.0.2.%u", i);
		peer = join(p, text, 1000 + i);
		ck_assert_ptr_nonnull(peer);
		if (i == 7)
			first = peer;
	}
	ck_assert_ptr_null(join(p, "203.0.113.1", 9000));
	peers_leave(first);
	late = join(p, "203.0.113.1", 9000);
	ck_assert_ptr_eq(late, first);
	ck_assert_uint_eq(spend_all(late, 9000), BURST);
	free(p);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, a_burst_is_two_seconds_worth_and_refills_with_time);
	tcase_add_test(t, a_dear_vote_is_taken_whole_or_not_at_all);
	tcase_add_test(t, coming_back_renews_nothing);
	tcase_add_test(t, a_network_of_ipv6_is_one_peer_and_others_are_others);
	tcase_add_test(t, a_place_in_use_is_never_given_away);
}

int main(void)
{
	return unit_main("peers", add_tests);
}
