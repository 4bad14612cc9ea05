/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tarpit.c - hold a connection and remember nothing
 *
 * The peer's later packets begin at its SYN's number (a probe of Linux: one byte before
 * what was acknowledged, tcp_xmit_probe_skb()), right behind it (the end of the
 * handshake, data, a probe of BSD), or up to TARPIT_WINDOW further. Four bits tell
 * which.
 */
#include "inject/tarpit_int.h"

#include <sodium.h>

#include "base/reader.h"

enum {
	START_BITS = 0x0000000f, /* of the cookie, as described in the header */
	HASH_BITS = 0x00fffff0,
	SLOT_SHIFT = 24,
	INPUT_BYTES = 1 + 16 + 16 + 2 + 2 + 8,
};

_Static_assert(TARPIT_WINDOW + 3 <= START_BITS, "four bits span what a peer may send");

static int64_t slot_of(const struct tarpit *t, struct mono now)
{
	return now.ms / (t->max_ms / TARPIT_SLOTS);
}

/* What only we know of this pair of ends in this slot. */
static uint32_t hash(const struct tarpit *t, const struct pkt *from_peer, int64_t slot)
{
	uint8_t input[INPUT_BYTES], digest[crypto_shorthash_BYTES];
	struct writer w = writer_over(input, sizeof(input));
	struct reader r = reader_over(digest, sizeof(digest));

	write_u8(&w, from_peer->src.family);
	write_bytes(&w, from_peer->src.byte, 16);
	write_bytes(&w, from_peer->dst.byte, 16);
	write_be16(&w, from_peer->sport);
	write_be16(&w, from_peer->dport);
	write_be32(&w, (uint32_t)((uint64_t)slot >> 32));
	write_be32(&w, (uint32_t)slot);
	crypto_shorthash(digest, input, sizeof(input), t->secret);
	return read_be32(&r);
}

size_t tarpit_hold(const struct tarpit *t, const struct pkt *syn, struct mono now,
		   uint8_t out[TCPGEN_MAX])
{
	int64_t slot = slot_of(t, now);
	uint32_t secret = hash(t, syn, slot);
	uint32_t cookie = (uint32_t)slot << SLOT_SHIFT | (secret & HASH_BITS) |
			  ((secret ^ syn->seq) & START_BITS);

	return tcpgen_syn_ack(syn, cookie, TARPIT_WINDOW, out);
}

enum tarpit_find tarpit_find(const struct tarpit *t, const struct pkt *pkt,
			     struct mono now, uint32_t *ack)
{
	uint32_t cookie = pkt->ack - 1;
	int64_t slot = slot_of(t, now);
	uint8_t age = (uint8_t)((uint32_t)slot - (cookie >> SLOT_SHIFT));
	uint32_t differs = hash(t, pkt, slot - age) ^ cookie;
	uint32_t ahead = (pkt->seq - differs) & START_BITS; /* of the SYN */

	if (!pkt->is_tcp || (pkt->flags & (PKT_ACK | PKT_SYNC)) != PKT_ACK ||
	    (differs & HASH_BITS) != 0)
		return TARPIT_STRAY;
	*ack = pkt->seq - ahead + 1;
	return age < TARPIT_SLOTS ? TARPIT_HELD : TARPIT_OVER;
}
