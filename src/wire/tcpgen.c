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
	TCP_RST_ACK = 0x0014,
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

size_t tcpgen_reset(const struct pkt *syn, uint8_t out[TCPGEN_MAX])
{
	struct writer w = writer_over(out, TCPGEN_MAX);
	size_t ip_bytes = syn->src.family == ADDR_IP6 ? IP6_BYTES : IP4_BYTES;
	uint8_t *tcp = out + ip_bytes;
	uint32_t sum = PROTOCOL_TCP + TCP_BYTES;

	if (syn->src.family == ADDR_IP6)
		write_ip6(&w, &syn->dst, &syn->src);
	else
		write_ip4(&w, &syn->dst, &syn->src);

	write_be16(&w, syn->dport);
	write_be16(&w, syn->sport);
	write_be32(&w, 0);
	write_be32(&w, syn->seq + 1 + syn->payload); /* wraps, as sequence numbers do */
	write_be16(&w, TCP_BYTES / 4 << 12 | TCP_RST_ACK);
	write_be16(&w, 0); /* window */
	write_be16(&w, 0); /* checksum */
	write_be16(&w, 0); /* urgent pointer */

	if (ip_bytes == IP4_BYTES)
		put_checksum(out + IP4_CHECKSUM_AT, sum_words(0, out, IP4_BYTES));
	/* Unused address bytes are zero, so 16 of them sum up right for both families. */
	sum = sum_words(sum, syn->src.byte, sizeof(syn->src.byte));
	sum = sum_words(sum, syn->dst.byte, sizeof(syn->dst.byte));
	put_checksum(tcp + TCP_CHECKSUM_AT, sum_words(sum, tcp, TCP_BYTES));
	return ip_bytes + TCP_BYTES;
}
