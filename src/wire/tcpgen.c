/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tcpgen.c - build the packets we answer with
 *
 * Headers are written in order with their checksums zero; those are put in afterwards.
 */
#include "wire/tcpgen.h"

#include "base/reader.h"

enum {
	PROTOCOL_TCP = 6,
	HOPS = 64,
	IP4_BYTES = 20,
	IP4_CHECKSUM_AT = 10,
	IP4_DONT_FRAGMENT = 0x4000,
	IP6_BYTES = 40,
	TCP_BYTES = 20,
	TCP_CHECKSUM_AT = 16,
	ANY_WINDOW = 65535, /* nobody is to look at it */
};

/* What of the TCP header is not given by the packet answered. */
struct answer {
	uint32_t seq;
	uint32_t ack;
	uint8_t  flags;
	uint16_t window;
};

/* Adds an even number of bytes to a sum of 16-bit words (RFC 1071). */
static uint32_t sum_words(uint32_t sum, const uint8_t *bytes, size_t len)
{
	struct reader r = reader_over(bytes, len);

	while (reader_left(&r) > 0)
		sum += read_be16(&r);
	return sum;
}

static void put_checksum(uint8_t *at, uint32_t sum)
{
	struct writer w = writer_over(at, 2);

	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	write_be16(&w, (uint16_t)~sum);
}

static void write_ip4(struct writer *w, const struct addr *from, const struct addr *to)
{
	write_be16(w, 0x4500);
	write_be16(w, IP4_BYTES + TCP_BYTES);
	write_be16(w, 0); /* no identification is needed where nothing is fragmented */
	write_be16(w, IP4_DONT_FRAGMENT);
	write_u8(w, HOPS);
	write_u8(w, PROTOCOL_TCP);
	write_be16(w, 0);
	write_bytes(w, from->byte, 4);
	write_bytes(w, to->byte, 4);
}

static void write_ip6(struct writer *w, const struct addr *from, const struct addr *to)
{
	write_be32(w, 0x60000000);
	write_be16(w, TCP_BYTES);
	write_u8(w, PROTOCOL_TCP);
	write_u8(w, HOPS);
	write_bytes(w, from->byte, 16);
	write_bytes(w, to->byte, 16);
}

static size_t write_answer(const struct pkt *to, const struct answer *a, uint8_t *out)
{
	struct writer w = writer_over(out, TCPGEN_MAX);
	size_t ip_bytes = to->src.family == ADDR_IP6 ? IP6_BYTES : IP4_BYTES;
	uint8_t *tcp = out + ip_bytes;
	uint32_t sum = PROTOCOL_TCP + TCP_BYTES;

	if (to->src.family == ADDR_IP6)
		write_ip6(&w, &to->dst, &to->src);
	else
		write_ip4(&w, &to->dst, &to->src);

	write_be16(&w, to->dport);
	write_be16(&w, to->sport);
	write_be32(&w, a->seq);
	write_be32(&w, a->ack);
	write_be16(&w, (uint16_t)(TCP_BYTES / 4 << 12 | a->flags));
	write_be16(&w, a->window);
	write_be16(&w, 0); /* checksum */
	write_be16(&w, 0); /* urgent pointer */

	if (ip_bytes == IP4_BYTES)
		put_checksum(out + IP4_CHECKSUM_AT, sum_words(0, out, IP4_BYTES));
	/* Unused address bytes are zero, so 16 of them sum up right for both families. */
	sum = sum_words(sum, to->src.byte, sizeof(to->src.byte));
	sum = sum_words(sum, to->dst.byte, sizeof(to->dst.byte));
	put_checksum(tcp + TCP_CHECKSUM_AT, sum_words(sum, tcp, TCP_BYTES));
	return ip_bytes + TCP_BYTES;
}

/* Sums of sequence numbers wrap, as they do on the wire. */
size_t tcpgen_reset(const struct pkt *syn, uint8_t out[TCPGEN_MAX])
{
	struct answer a = { 0, syn->seq + 1 + syn->payload, PKT_RST | PKT_ACK, 0 };

	return write_answer(syn, &a, out);
}

size_t tcpgen_syn_ack(const struct pkt *syn, uint32_t seq, uint16_t window,
		      uint8_t out[TCPGEN_MAX])
{
	struct answer a = { seq, syn->seq + 1, PKT_SYNC | PKT_ACK, window };

	return write_answer(syn, &a, out);
}

size_t tcpgen_challenge(const struct pkt *syn, uint32_t seq, uint32_t ack,
			uint8_t out[TCPGEN_MAX])
{
	struct answer a = { seq, ack, PKT_SYNC | PKT_ACK, ANY_WINDOW };

	return write_answer(syn, &a, out);
}

size_t tcpgen_shut_window(const struct pkt *pkt, uint32_t ack, uint8_t out[TCPGEN_MAX])
{
	struct answer a = { pkt->ack, ack, PKT_ACK, 0 };

	return write_answer(pkt, &a, out);
}
