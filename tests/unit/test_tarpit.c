/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_tarpit.c - a held connection is known again without having been remembered
 *
 * Each test plays the peer: it takes our SYN-ACK apart and makes its next packets of it.
 */
#include "inject/tarpit_int.h"

#include <string.h>

#include <check.h>

#include "unit.h"

enum { HOUR = 3600 * 1000, SLOT = HOUR / TARPIT_SLOTS };

static const struct mono start = { 7 * (int64_t)HOUR + 12345 };

static struct tarpit pit(void)
{
	return (struct tarpit){ HOUR, "fifteen letters" };
}

static struct pkt syn_from(const char *src, const char *dst)
{
	struct pkt syn = { .seq = 0xfffffffd, .sport = 54321, .dport = 25,
			   .flags = PKT_SYNC, .is_tcp = true };

	ck_assert(addr_parse(src, &syn.src) && addr_parse(dst, &syn.dst));
	return syn;
}

static struct pkt syns(int family)
{
	return family ? syn_from("2001:db8::2", "2001:db8:1::4")
		      : syn_from("198.51.100.2", "192.0.2.4");
}

/* The packet that ends the handshake; the peer's later ones differ in `seq` alone. */
static struct pkt held(const struct tarpit *t, const struct pkt *syn, struct mono now)
{
	struct pkt pkt = *syn, answer;
	uint8_t out[TCPGEN_MAX];
	size_t len = tarpit_hold(t, syn, now, out);

	ck_assert_int_eq(pkt_parse(out, len, &answer), PKT_NOT_A_SYN);
	pkt.seq = answer.ack;
	pkt.ack = answer.seq + 1;
	pkt.flags = PKT_ACK;
	return pkt;
}

static enum tarpit_find find(const struct tarpit *t, const struct pkt *pkt,
			     struct mono now)
{
	uint32_t ack;

	return tarpit_find(t, pkt, now, &ack);
}

START_TEST(a_syn_is_answered_with_a_small_window_and_no_options)
{
	struct tarpit t = pit();
	struct pkt syn = syns(_i);
	uint8_t out[TCPGEN_MAX];
	size_t len = tarpit_hold(&t, &syn, start, out);

	ck_assert_uint_eq(len, _i ? 60 : 40);
	ck_assert_mem_eq(out + len - 8, "\x50\x12\x00\x04",
			 4); /* length, flags, window */
}
END_TEST

START_TEST(the_peer_is_known_again_and_acknowledged_behind_its_syn)
{
	struct tarpit t = pit();
	struct pkt syn = syns(_i);

	for (unsigned round = 0; round < 5000; round++) {
		struct mono now = { start.ms + round * 777 };
		struct pkt pkt = held(&t, &syn, now);
		uint32_t behind = pkt.seq, ack = 0;

		/* From Linux' probe, one byte back, to the end of what our window took.
		 */
		for (uint32_t seq = behind - 1; seq != behind + TARPIT_WINDOW + 2;
		     seq++) {
			pkt.seq = seq;
			ck_assert_int_eq(tarpit_find(&t, &pkt, now, &ack), TARPIT_HELD);
			ck_assert_uint_eq(ack, behind);
		}
		syn.seq += 0x01234567;
		syn.sport = (uint16_t)(syn.sport + 1);
	}
}
END_TEST

START_TEST(data_and_other_flags_do_not_hide_a_held_peer)
{
	static const uint8_t flags[] = { PKT_ACK | PKT_PSH, PKT_ACK | PKT_FIN,
					 PKT_ACK | PKT_RST, PKT_ACK | 0xe0 };
	struct tarpit t = pit();
	struct pkt syn = syns(_i), pkt = held(&t, &syn, start);

	pkt.payload = 1460;
	for (unsigned i = 0; i < sizeof(flags); i++) {
		pkt.flags = flags[i];
		ck_assert_int_eq(find(&t, &pkt, start), TARPIT_HELD);
	}
}
END_TEST

START_TEST(without_an_acknowledgement_nobody_is_held)
{
	static const uint8_t flags[] = { 0, PKT_SYNC, PKT_SYNC | PKT_ACK, PKT_RST,
					 PKT_FIN };
	struct tarpit t = pit();
	struct pkt syn = syns(_i), pkt = held(&t, &syn, start);

	for (unsigned i = 0; i < sizeof(flags); i++) {
		pkt.flags = flags[i];
		ck_assert_int_eq(find(&t, &pkt, start), TARPIT_STRAY);
	}
	pkt.flags = PKT_ACK;
	pkt.is_tcp = false;
	ck_assert_int_eq(find(&t, &pkt, start), TARPIT_STRAY);
}
END_TEST

START_TEST(a_peer_is_held_for_tarpit_max_and_not_longer)
{
	struct tarpit t = pit();
	struct pkt syn = syns(_i), pkt = held(&t, &syn, start);

	for (int64_t ms = 0; ms <= HOUR - SLOT; ms += SLOT / 3)
		ck_assert_int_eq(find(&t, &pkt, mono_after(start, ms)), TARPIT_HELD);
	ck_assert_int_eq(find(&t, &pkt, mono_after(start, HOUR)), TARPIT_OVER);
}
END_TEST

START_TEST(a_peer_let_go_is_still_known_for_a_while_and_then_forgotten)
{
	struct tarpit t = pit();
	struct pkt syn = syns(_i), pkt = held(&t, &syn, start);

	ck_assert_int_eq(find(&t, &pkt, mono_after(start, 255 * (int64_t)SLOT)),
			 TARPIT_OVER);
	/* The byte that names the slot has come round: it must not count as new again. */
	for (int64_t slot = 256; slot < 2000; slot++)
		ck_assert_int_eq(find(&t, &pkt, mono_after(start, slot * SLOT)),
				 TARPIT_STRAY);
}
END_TEST

START_TEST(a_cookie_from_the_future_is_none)
{
	struct tarpit t = pit();
	struct pkt syn = syns(_i), pkt = held(&t, &syn, mono_after(start, SLOT));

	ck_assert_int_eq(find(&t, &pkt, start), TARPIT_STRAY);
}
END_TEST

START_TEST(a_cookie_is_good_for_one_pair_of_ends_and_one_secret)
{
	struct tarpit t = pit(), other = pit();
	struct pkt syn = syns(_i), good = held(&t, &syn, start);

	for (unsigned what = 0; what < 6; what++) {
		struct pkt pkt = good;

		switch (what) {
		case 0: pkt.src.byte[3] ^= 1; break;
		case 1: pkt.dst.byte[3] ^= 1; break;
		case 2: pkt.sport ^= 1; break;
		case 3: pkt.dport ^= 1; break;
		case 4: pkt.src.family = _i ? ADDR_IP4 : ADDR_IP6; break;
		case 5: pkt.ack ^= 1 << 20; break;
		}
		ck_assert_msg(find(&t, &pkt, start) == TARPIT_STRAY, "%u", what);
	}
	other.secret[15] = 1;
	ck_assert_int_eq(find(&other, &good, start), TARPIT_STRAY);
	ck_assert_int_eq(find(&t, &good, start), TARPIT_HELD);
}
END_TEST

START_TEST(a_stray_ack_passes_once_in_a_million)
{
	struct tarpit t = pit();
	struct pkt pkt = syns(_i);
	unsigned passed = 0;

	pkt.flags = PKT_ACK;
	for (uint32_t i = 0; i < 4 << 20; i++) {
		pkt.ack = i * 2654435761u;
		passed += find(&t, &pkt, start) != TARPIT_STRAY;
	}
	/* 4 expected; with a bit less in the hash, 8. */
	ck_assert_msg(passed <= 12, "%u", passed);
}
END_TEST

START_TEST(the_shortest_and_the_longest_tarpit_max_work)
{
	static const int64_t spans[] = { 60 * 1000, 7 * 24 * (int64_t)HOUR };

	for (unsigned i = 0; i < 2; i++) {
		struct tarpit t = pit();
		struct pkt syn = syns(_i), pkt;
		struct mono boot = { 0 };

		t.max_ms = spans[i];
		pkt = held(&t, &syn, boot);
		ck_assert_int_eq(find(&t, &pkt, boot), TARPIT_HELD);
		ck_assert_int_eq(find(&t, &pkt, mono_after(boot, spans[i] * 9 / 10)),
				 TARPIT_HELD);
		ck_assert_int_eq(find(&t, &pkt, mono_after(boot, spans[i] + SLOT)),
				 TARPIT_OVER);
	}
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_loop_test(t, a_syn_is_answered_with_a_small_window_and_no_options, 0,
			    2);
	tcase_add_loop_test(t, the_peer_is_known_again_and_acknowledged_behind_its_syn, 0,
			    2);
	tcase_add_loop_test(t, data_and_other_flags_do_not_hide_a_held_peer, 0, 2);
	tcase_add_loop_test(t, without_an_acknowledgement_nobody_is_held, 0, 2);
	tcase_add_loop_test(t, a_peer_is_held_for_tarpit_max_and_not_longer, 0, 2);
	tcase_add_loop_test(
		t, a_peer_let_go_is_still_known_for_a_while_and_then_forgotten, 0, 2);
	tcase_add_loop_test(t, a_cookie_from_the_future_is_none, 0, 2);
	tcase_add_loop_test(t, a_cookie_is_good_for_one_pair_of_ends_and_one_secret, 0,
			    2);
	tcase_add_loop_test(t, a_stray_ack_passes_once_in_a_million, 0, 2);
	tcase_add_loop_test(t, the_shortest_and_the_longest_tarpit_max_work, 0, 2);
}

int main(void)
{
	return unit_main("tarpit", add_tests);
}
