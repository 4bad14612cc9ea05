/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_tcpgen.c - the packets we answer with are valid, and never longer than their cause
 *
 * The IPv4 packets below were captured: a client's SYN and what Linux 6.18 answered for a
 * port where nothing listens. For IPv6 Linux adds a flow label of its own; there the
 * captured SYN is answered by bytes computed apart from this code.
 */
#include "wire/tcpgen.h"

#include <string.h>

#include <check.h>

#include "unit.h"

struct exchange {
	uint8_t syn[80];
	size_t  syn_bytes;
	uint8_t reset[TCPGEN_MAX];
	size_t  reset_bytes;
};

#define SRC6 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7
#define DST6 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4

static const struct exchange exchanges[] = {
	{ /* plain */
	  { 0x45, 0x00, 0x00, 0x3c, 0xdb, 0x91, 0x40, 0x00, 0x40, 0x06, 0xdb, 0x1e,
	    0xc0, 0x00, 0x02, 0x07, 0xc0, 0x00, 0x02, 0x04, 0x87, 0x48, 0x00, 0x19,
	    0x7c, 0x5d, 0x0f, 0x43, 0x00, 0x00, 0x00, 0x00, 0xa0, 0xc2, 0xfa, 0xf0,
	    0x44, 0xc4, 0x00, 0x00, 0x02, 0x04, 0x05, 0xb4, 0x04, 0x02, 0x08, 0x0a,
	    0x65, 0x63, 0x0b, 0x17, 0x00, 0x00, 0x00, 0x00, 0x01, 0x03, 0x03, 0x0a },
	  60,
	  { 0x45, 0x00, 0x00, 0x28, 0x00, 0x00, 0x40, 0x00, 0x40, 0x06, 0xb6, 0xc4,
	    0xc0, 0x00, 0x02, 0x04, 0xc0, 0x00, 0x02, 0x07, 0x00, 0x19, 0x87, 0x48,
	    0x00, 0x00, 0x00, 0x00, 0x7c, 0x5d, 0x0f, 0x44, 0x50, 0x14, 0x00, 0x00,
	    0x18, 0xc2, 0x00, 0x00 },
	  40 },
	{ /* seven bytes of data in the SYN; the acknowledgement counts them */
	  { 0x45, 0x00, 0x00, 0x2f, 0xdc, 0xb5, 0x40, 0x00, 0x40, 0x06, 0xda, 0x07,
	    0xc0, 0x00, 0x02, 0x07, 0xc0, 0x00, 0x02, 0x04, 0xa8, 0xca, 0x00, 0x19,
	    0xff, 0xff, 0xff, 0xf0, 0x00, 0x00, 0x00, 0x00, 0x50, 0x02, 0x04, 0x00,
	    0x7a, 0x37, 0x00, 0x00, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41 },
	  47,
	  { 0x45, 0x00, 0x00, 0x28, 0x00, 0x00, 0x40, 0x00, 0x40, 0x06, 0xb6, 0xc4,
	    0xc0, 0x00, 0x02, 0x04, 0xc0, 0x00, 0x02, 0x07, 0x00, 0x19, 0xa8, 0xca,
	    0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xf8, 0x50, 0x14, 0x00, 0x00,
	    0x82, 0xe8, 0x00, 0x00 },
	  40 },
	{ /* IPv6, seven bytes of data again */
	  { 0x60, 0x0c, 0x7e, 0x40, 0x00, 0x1b, 0x06, 0x40, SRC6, DST6, 0xa8, 0xca,
	    0x00, 0x19, 0xff, 0xff, 0xff, 0xf0, 0x00, 0x00, 0x00, 0x00, 0x50, 0x02,
	    0x04, 0x00, 0xa2, 0xc6, 0x00, 0x00, 0x41, 0x41, 0x41, 0x41, 0x41, 0x41,
	    0x41 },
	  67,
	  { 0x60, 0x00, 0x00, 0x00, 0x00, 0x14, 0x06, 0x40, DST6, SRC6, 0x00, 0x19,
	    0xa8, 0xca, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xf8, 0x50, 0x14,
	    0x00, 0x00, 0xab, 0x77, 0x00, 0x00 },
	  60 },
};

START_TEST(a_reset_is_byte_for_byte_what_a_closed_port_sends)
{
	const struct exchange *e = &exchanges[_i];
	uint8_t out[TCPGEN_MAX];
	struct pkt syn;

	ck_assert_int_eq(pkt_parse(e->syn, e->syn_bytes, &syn), PKT_SYN);
	ck_assert_uint_eq(tcpgen_reset(&syn, out), e->reset_bytes);
	ck_assert_mem_eq(out, e->reset, e->reset_bytes);
}
END_TEST

START_TEST(the_acknowledgement_wraps_at_the_end_of_the_numbers)
{
	struct pkt syn = { .src = { ADDR_IP4, { 192, 0, 2, 7 } },
			   .dst = { ADDR_IP4, { 192, 0, 2, 4 } },
			   .seq = 0xffffffff, .sport = 1, .dport = 25 };
	uint8_t out[TCPGEN_MAX];

	tcpgen_reset(&syn, out);
	ck_assert_mem_eq(out + 28, "\0\0\0\0", 4);
	syn.payload = 65535;
	tcpgen_reset(&syn, out);
	ck_assert_mem_eq(out + 28, "\0\0\xff\xff", 4);
}
END_TEST

/* What a receiver does: all words and the pseudo header must sum up to all ones. */
static unsigned tcp_sum(const uint8_t *packet, size_t len)
{
	size_t header = packet[0] >> 4 == 4 ? 20 : 40;
	size_t addresses = packet[0] >> 4 == 4 ? 12 : 8;
	unsigned sum = 6 + (unsigned)(len - header);

	for (size_t i = addresses; i < len; i += 2)
		sum += (unsigned)(packet[i] << 8 | packet[i + 1]);
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* Numbers of every size, the same in every run. */
static struct pkt noisy(unsigned round, uint64_t *seed)
{
	struct pkt pkt = { .dport = 25, .is_tcp = true };
	uint8_t noise[44];

	for (unsigned k = 0; k < sizeof(noise); k++) {
		*seed = *seed * 6364136223846793005u + 1442695040888963407u;
		noise[k] = (uint8_t)(*seed >> 56);
	}
	pkt.src = addr_from_bytes(round % 2 ? ADDR_IP6 : ADDR_IP4, noise);
	pkt.dst = addr_from_bytes(round % 2 ? ADDR_IP6 : ADDR_IP4, noise + 16);
	memcpy(&pkt.seq, noise + 32, 4);
	memcpy(&pkt.sport, noise + 36, 2);
	memcpy(&pkt.ack, noise + 38, 4);
	memcpy(&pkt.payload, noise + 42, 2);
	return pkt;
}

START_TEST(checksums_are_right_whatever_the_numbers)
{
	uint64_t seed = 88172645463325252u;

	for (unsigned i = 0; i < 20000; i++) {
		struct pkt pkt = noisy(i, &seed);
		uint8_t out[TCPGEN_MAX];
		size_t len;

		len = tcpgen_reset(&pkt, out);
		ck_assert_msg(tcp_sum(out, len) == 0xffff, "reset %u", i);
		len = tcpgen_syn_ack(&pkt, pkt.ack, (uint16_t)i, out);
		ck_assert_msg(tcp_sum(out, len) == 0xffff, "syn-ack %u", i);
		len = tcpgen_challenge(&pkt, pkt.ack, pkt.seq + i, out);
		ck_assert_msg(tcp_sum(out, len) == 0xffff, "challenge %u", i);
		len = tcpgen_shut_window(&pkt, pkt.seq - 1, out);
		ck_assert_msg(tcp_sum(out, len) == 0xffff, "ack %u", i);
		ck_assert_uint_eq(len,
				  i % 2 ? 60 : 40); /* the shortest TCP packet there is */
	}
}
END_TEST

/* Reads the answer back, and checks what every answer has in common. */
static struct pkt read_answer(const struct pkt *to, const uint8_t *out, size_t len)
{
	struct pkt a;

	ck_assert_int_eq(pkt_parse(out, len, &a), PKT_NOT_A_SYN);
	ck_assert(a.is_tcp);
	ck_assert(addr_is_equal(&a.src, &to->dst));
	ck_assert(addr_is_equal(&a.dst, &to->src));
	ck_assert_uint_eq(a.sport, to->dport);
	ck_assert_uint_eq(a.dport, to->sport);
	ck_assert_uint_eq(a.payload, 0);
	return a;
}

static unsigned window_of(const uint8_t *out, size_t len)
{
	return (unsigned)(out[len - 6] << 8 | out[len - 5]);
}

START_TEST(a_syn_ack_has_our_number_and_acknowledges_the_syn_alone)
{
	uint64_t seed = 1;

	for (unsigned i = 0; i < 1000; i++) {
		struct pkt syn = noisy(i, &seed), a;
		uint8_t out[TCPGEN_MAX];
		size_t len = tcpgen_syn_ack(&syn, 0xfffffff0 + i, 4, out);

		a = read_answer(&syn, out, len);
		ck_assert_uint_eq(a.flags, PKT_SYNC | PKT_ACK);
		ck_assert_uint_eq(a.seq, 0xfffffff0 + i);
		ck_assert_uint_eq(a.ack, syn.seq + 1);
		ck_assert_uint_eq(window_of(out, len), 4);
	}
}
END_TEST

START_TEST(a_challenge_acknowledges_what_it_is_told)
{
	uint64_t seed = 3;

	for (unsigned i = 0; i < 1000; i++) {
		struct pkt syn = noisy(i, &seed), a;
		uint8_t out[TCPGEN_MAX];
		size_t len = tcpgen_challenge(&syn, 0xfffffff0 + i, 7 * i, out);

		a = read_answer(&syn, out, len);
		ck_assert_uint_eq(a.flags, PKT_SYNC | PKT_ACK);
		ck_assert_uint_eq(a.seq, 0xfffffff0 + i);
		ck_assert_uint_eq(a.ack, 7 * i);
	}
}
END_TEST

START_TEST(a_shut_window_is_an_ack_where_the_peer_expects_our_next_byte)
{
	uint64_t seed = 2;

	for (unsigned i = 0; i < 1000; i++) {
		struct pkt pkt = noisy(i, &seed), a;
		uint8_t out[TCPGEN_MAX];
		size_t len = tcpgen_shut_window(&pkt, pkt.seq + i, out);

		a = read_answer(&pkt, out, len);
		ck_assert_uint_eq(a.flags, PKT_ACK);
		ck_assert_uint_eq(a.seq, pkt.ack);
		ck_assert_uint_eq(a.ack, pkt.seq + i);
		ck_assert_uint_eq(window_of(out, len), 0);
	}
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_loop_test(t, a_reset_is_byte_for_byte_what_a_closed_port_sends, 0,
			    sizeof(exchanges) / sizeof(exchanges[0]));
	tcase_add_test(t, the_acknowledgement_wraps_at_the_end_of_the_numbers);
	tcase_add_test(t, checksums_are_right_whatever_the_numbers);
	tcase_add_test(t, a_syn_ack_has_our_number_and_acknowledges_the_syn_alone);
	tcase_add_test(t, a_challenge_acknowledges_what_it_is_told);
	tcase_add_test(t, a_shut_window_is_an_ack_where_the_peer_expects_our_next_byte);
}

int main(void)
{
	return unit_main("tcpgen", add_tests);
}
