/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_proof.c - a challenge no TCP accepts, and answers that prove or do not
 *
 * Each test plays the peer: it takes our SYN-ACK apart and makes its RST of it.
 */
#include "inject/proof_int.h"

#include <string.h>

#include <check.h>

#include "unit.h"

static const struct mono start = { 7 * (int64_t)PROOF_SLOT_MS + 12345 };

static struct prover prover_at(struct mono now)
{
	struct prover p = { .current = { .is_set = false } };

	proof_renew(&p, (const uint8_t *)"fifteen letters", now);
	return p;
}

static struct pkt syns(int family)
{
	struct pkt syn = { .seq = 0xfffffffd, .sport = 54321, .dport = 25,
			   .flags = PKT_SYNC, .is_tcp = true };

	ck_assert(addr_parse(family ? "2001:db8::2" : "198.51.100.2", &syn.src));
	ck_assert(addr_parse(family ? "2001:db8:1::3" : "192.0.2.3", &syn.dst));
	return syn;
}

static struct pkt challenge(const struct prover *p, const struct pkt *syn,
			    struct mono now)
{
	uint8_t out[TCPGEN_MAX];
	size_t len = proof_ask(p, syn, now, out);
	struct pkt answer;

	ck_assert_uint_eq(len, syn->src.family == ADDR_IP6 ? 60 : 40);
	ck_assert_int_eq(pkt_parse(out, len, &answer), PKT_NOT_A_SYN);
	return answer;
}

/* RFC 9293 3.10.7.3: <SEQ=SEG.ACK><CTL=RST> */
static struct pkt reset_for(const struct prover *p, const struct pkt *syn,
			    struct mono now)
{
	struct pkt rst = *syn;

	rst.seq = challenge(p, syn, now).ack;
	rst.flags = PKT_RST;
	return rst;
}

START_TEST(a_challenge_is_a_syn_ack_from_the_address_that_was_called)
{
	struct prover p = prover_at(start);
	struct pkt syn = syns(_i), answer = challenge(&p, &syn, start);

	ck_assert_uint_eq(answer.flags, PKT_SYNC | PKT_ACK);
	ck_assert(addr_is_equal(&answer.src, &syn.dst));
	ck_assert(addr_is_equal(&answer.dst, &syn.src));
	ck_assert_uint_eq(answer.sport, 25);
	ck_assert_uint_eq(answer.dport, syn.sport);
}
END_TEST

/* SEG.ACK =< ISS: Linux and BSD compare by the sign of the difference. */
START_TEST(no_peer_can_accept_a_challenge_whatever_it_sent)
{
	struct prover p = prover_at(start);
	struct pkt syn = syns(_i);

	for (unsigned i = 0; i < 200000; i++) {
		struct pkt answer = challenge(&p, &syn, start);
		uint32_t ahead = answer.ack - syn.seq;

		ck_assert_msg((int32_t)ahead <= 0, "%u", ahead);
		syn.seq += 0x01234567;
		syn.payload = (uint16_t)(i & 1 ? 1460 : 0);
		syn.sport = (uint16_t)(syn.sport + 1);
	}
}
END_TEST

START_TEST(even_where_the_number_falls_right_behind_the_syn)
{
	struct prover p = prover_at(start);
	struct pkt syn = syns(_i);
	uint32_t number = challenge(&p, &syn, start).ack & 0x7fffffff;

	for (uint32_t near = 0; near < 70000; near++) {
		struct pkt rst;

		syn.seq = number - near;
		rst = reset_for(&p, &syn, start);
		ck_assert_int_le((int32_t)(rst.seq - syn.seq), 0);
		ck_assert(proof_is_shown(&p, &rst, start));
	}
}
END_TEST

START_TEST(the_answer_proves_with_this_secret_and_with_the_next)
{
	struct prover p = prover_at(start);
	struct pkt syn = syns(_i), rst = reset_for(&p, &syn, start);
	struct mono next = mono_after(start, PROOF_SLOT_MS);

	ck_assert(!proof_is_due(&p, start));
	ck_assert(proof_is_shown(&p, &rst, start));
	rst.flags = PKT_RST | PKT_ACK;
	ck_assert(proof_is_shown(&p, &rst, start));
	/* Late by a second is not too late to renew. */
	ck_assert(proof_is_due(&p, next));
	ck_assert(proof_is_shown(&p, &rst, next));
	proof_renew(&p, (const uint8_t *)"another fifteen", next);
	ck_assert(!proof_is_due(&p, next));
	ck_assert(proof_is_shown(&p, &rst, next));
	ck_assert_uint_ne(challenge(&p, &syn, next).ack & 0x7fffffff,
			  rst.seq & 0x7fffffff);
	next = mono_after(next, PROOF_SLOT_MS);
	ck_assert(!proof_is_shown(&p, &rst, next));
	proof_renew(&p, (const uint8_t *)"a third fifteen", next);
	ck_assert(!proof_is_shown(&p, &rst, next));
}
END_TEST

START_TEST(the_same_secret_in_another_slot_is_another_number)
{
	struct mono later = mono_after(start, 5 * PROOF_SLOT_MS);
	struct prover p = prover_at(start), again = prover_at(later);
	struct pkt syn = syns(_i), rst = reset_for(&p, &syn, start);

	ck_assert(!proof_is_shown(&again, &rst, later));
}
END_TEST

START_TEST(an_answer_is_good_for_one_pair_of_ends_and_one_number)
{
	struct prover p = prover_at(start);
	struct pkt syn = syns(_i), good = reset_for(&p, &syn, start);

	for (unsigned what = 0; what < 9; what++) {
		struct pkt rst = good;

		switch (what) {
		case 0: rst.src.byte[3] ^= 1; break;
		case 1: rst.dst.byte[3] ^= 1; break;
		case 2: rst.sport ^= 1; break;
		case 3: rst.dport ^= 1; break;
		case 4: rst.src.family = _i ? ADDR_IP4 : ADDR_IP6; break;
		case 5: rst.seq++; break;
		case 6: rst.seq--; break;
		case 7: rst.seq ^= 1 << 30; break;
		case 8: rst.seq = challenge(&p, &syn, start).seq; break;
		}
		ck_assert_msg(!proof_is_shown(&p, &rst, start), "%u", what);
	}
	ck_assert(proof_is_shown(&p, &good, start));
}
END_TEST

START_TEST(only_a_rst_proves)
{
	static const uint8_t flags[] = { 0, PKT_ACK, PKT_FIN, PKT_SYNC,
					 PKT_SYNC | PKT_RST, PKT_SYNC | PKT_ACK };
	struct prover p = prover_at(start);
	struct pkt syn = syns(_i), rst = reset_for(&p, &syn, start);

	for (unsigned i = 0; i < sizeof(flags); i++) {
		rst.flags = flags[i];
		ck_assert(!proof_is_shown(&p, &rst, start));
	}
	rst.flags = PKT_RST;
	rst.is_tcp = false;
	ck_assert(!proof_is_shown(&p, &rst, start));
}
END_TEST

START_TEST(without_a_secret_of_today_nothing_is_asked_or_shown)
{
	struct prover none = { .current = { .is_set = false } }, p = prover_at(start);
	struct pkt syn = syns(_i), rst = reset_for(&p, &syn, start);
	struct mono later = mono_after(start, 2 * PROOF_SLOT_MS);
	uint8_t out[TCPGEN_MAX];

	ck_assert(proof_is_due(&none, start));
	ck_assert_uint_eq(proof_ask(&none, &syn, start, out), 0);
	ck_assert_uint_eq(proof_ask(&p, &syn, later, out), 0);
	/* The slot of a secret not yet there is zero, and so is its key. */
	none.current.is_set = true;
	rst = reset_for(&none, &syn, (struct mono){ 0 });
	none.current.is_set = false;
	ck_assert(!proof_is_shown(&none, &rst, (struct mono){ 0 }));
	none = p;
	ck_assert(!proof_is_shown(&none, &rst, (struct mono){ 0 }));
}
END_TEST

START_TEST(a_guess_does_not_prove)
{
	struct prover p = prover_at(start);
	struct pkt rst = syns(_i);
	unsigned passed = 0;

	rst.flags = PKT_RST;
	for (uint32_t i = 0; i < 4 << 20; i++) {
		rst.seq = i * 2654435761u;
		passed += proof_is_shown(&p, &rst, start);
	}
	/* One in 2^31, and this is one in 2^22 of them all. */
	ck_assert_uint_le(passed, 1);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_loop_test(
		t, a_challenge_is_a_syn_ack_from_the_address_that_was_called, 0, 2);
	tcase_add_loop_test(t, no_peer_can_accept_a_challenge_whatever_it_sent, 0, 2);
	tcase_add_loop_test(t, even_where_the_number_falls_right_behind_the_syn, 0, 2);
	tcase_add_loop_test(t, the_answer_proves_with_this_secret_and_with_the_next, 0,
			    2);
	tcase_add_loop_test(t, the_same_secret_in_another_slot_is_another_number, 0, 2);
	tcase_add_loop_test(t, an_answer_is_good_for_one_pair_of_ends_and_one_number, 0,
			    2);
	tcase_add_loop_test(t, only_a_rst_proves, 0, 2);
	tcase_add_loop_test(t, without_a_secret_of_today_nothing_is_asked_or_shown, 0, 2);
	tcase_add_loop_test(t, a_guess_does_not_prove, 0, 2);
}

int main(void)
{
	return unit_main("proof", add_tests);
}
