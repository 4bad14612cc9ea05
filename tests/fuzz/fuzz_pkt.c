/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_pkt.c - any bytes as a packet, and what would answer it
 *
 * Aborts when bytes behind the packet change what it says, when addresses, ports, flags
 * or data are not those in the bytes, or when an answer is longer than its cause or not
 * valid.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/reader.h"
#include "wire/pkt.h"
#include "wire/tcpgen.h"

#include "fuzz.h"

enum { TAIL = 64, INPUT_MAX = 4096 };

static void must(bool holds)
{
	if (!holds)
		abort();
}

static bool is_equal(const struct pkt *a, const struct pkt *b)
{
	return addr_is_equal(&a->src, &b->src) && addr_is_equal(&a->dst, &b->dst) &&
	       a->seq == b->seq && a->sport == b->sport && a->dport == b->dport &&
	       a->ack == b->ack && a->flags == b->flags && a->is_tcp == b->is_tcp &&
	       a->payload == b->payload;
}

static void expect_consistent(enum pkt_shape shape, const struct pkt *p)
{
	must(p->is_tcp || p->flags == 0);
	must(shape != PKT_SYN || p->is_tcp);
	must(!p->is_tcp || shape == PKT_SYN || shape == PKT_NOT_A_SYN);
	must(!p->is_tcp ||
	     ((p->flags & (PKT_SYNC | PKT_ACK)) == PKT_SYNC) == (shape == PKT_SYN));
	must((p->flags & PKT_SYNC) == 0 || (p->flags & (PKT_FIN | PKT_RST)) == 0);
}

/* A payload length of zero declares nothing: then the copy is the packet. */
static bool is_jumbo(const uint8_t *bytes, size_t len)
{
	return len >= 6 && bytes[0] >> 4 == 6 && bytes[4] == 0 && bytes[5] == 0;
}

static void expect_same_with_more_bytes(const uint8_t *bytes, size_t len,
					enum pkt_shape shape, const struct pkt *p)
{
	uint8_t longer[INPUT_MAX + TAIL];
	struct pkt again;

	if (shape == PKT_CUT || is_jumbo(bytes, len) || len > INPUT_MAX)
		return;
	memcpy(longer, bytes, len);
	for (unsigned fill = 0; fill < 2; fill++) {
		memset(longer + len, fill ? 0xff : 0x06, TAIL);
		must(pkt_parse(longer, len + TAIL, &again) == shape);
		must(is_equal(p, &again));
	}
}

static void expect_read_from(const uint8_t *bytes, size_t len, const struct pkt *p)
{
	bool is_ip4 = bytes[0] >> 4 == 4;
	unsigned width = is_ip4 ? 4 : 16;
	size_t addresses = is_ip4 ? 12 : 8;
	static const uint8_t none[16] = { 0 };
	size_t header, declared;
	struct reader r;

	must(p->src.family == (is_ip4 ? ADDR_IP4 : ADDR_IP6));
	must(p->dst.family == p->src.family);
	must(memcmp(p->src.byte, bytes + addresses, width) == 0);
	must(memcmp(p->dst.byte, bytes + addresses + width, width) == 0);
	must(memcmp(p->src.byte + width, none, 16 - width) == 0);
	if (!is_ip4)
		return;

	r = reader_over(bytes, len);
	read_skip(&r, (size_t)(bytes[0] & 15) * 4);
	must(read_be16(&r) == p->sport && read_be16(&r) == p->dport);
	must(read_be32(&r) == p->seq);
	must(read_be32(&r) == p->ack);
	declared = (size_t)(bytes[2] << 8 | bytes[3]);
	header = (size_t)(bytes[0] & 15) * 4 + (size_t)(read_u8(&r) >> 4) * 4;
	must(read_u8(&r) == p->flags);
	/* Options may go on in a later fragment. */
	must(declared == header + p->payload ||
	     (declared < header && p->payload == 0 && (bytes[6] & 0x20)));
}

/* The sum over words; all ones when a checksum within them is right (RFC 1071). */
static uint32_t sum_words(uint32_t sum, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)(bytes[i] << 8 | bytes[i + 1]);
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static void expect_valid_answer(const struct pkt *to, size_t len, const uint8_t *out,
				size_t out_len)
{
	bool is_ip4 = to->src.family == ADDR_IP4;
	size_t header = is_ip4 ? 20 : 40, addresses = is_ip4 ? 12 : 8;
	struct pkt reply;

	must(out_len == header + 20);
	must(len >= header + 20);
	must(pkt_parse(out, header + 20, &reply) == PKT_NOT_A_SYN);
	must(addr_is_equal(&reply.src, &to->dst));
	must(addr_is_equal(&reply.dst, &to->src));
	must(reply.sport == to->dport && reply.dport == to->sport);
	must(reply.is_tcp && reply.payload == 0);
	must(!is_ip4 || sum_words(0, out, header) == 0xffff);
	must(sum_words(6 + 20, out + addresses, header - addresses + 20) == 0xffff);
}

int fuzz_one(const uint8_t *bytes, size_t len)
{
	uint8_t out[TCPGEN_MAX];
	struct pkt p;
	enum pkt_shape shape = pkt_parse(bytes, len, &p);

	expect_same_with_more_bytes(bytes, len, shape, &p);
	expect_consistent(shape, &p);
	if (!p.is_tcp)
		return 0;
	expect_read_from(bytes, len, &p);
	expect_valid_answer(&p, len, out, tcpgen_reset(&p, out));
	expect_valid_answer(&p, len, out, tcpgen_syn_ack(&p, p.seq, 4, out));
	expect_valid_answer(&p, len, out, tcpgen_shut_window(&p, p.seq, out));
	return 0;
}
