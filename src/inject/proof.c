/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proof.c - let the owner of an address show itself, and remember nothing
 */
#include "inject/proof_int.h"

#include <string.h>

#include <sodium.h>

#include "base/reader.h"

enum { INPUT_BYTES = 1 + 16 + 16 + 2 + 2 + 8 };

#define FLIP	    UINT32_C(0x80000000)
#define COOKIE_BITS (~FLIP)

struct halves {
	uint32_t cookie;
	uint32_t seq;
};

static int64_t slot_of(struct mono now)
{
	return now.ms / PROOF_SLOT_MS;
}

bool proof_is_due(const struct prover *p, struct mono now)
{
	return !p->current.is_set || p->current.slot != slot_of(now);
}

void proof_renew(struct prover *p, const uint8_t secret[PROOF_SECRET_BYTES],
		 struct mono now)
{
	p->previous = p->current;
	p->current = (struct prover_secret){ .slot = slot_of(now), .is_set = true };
	memcpy(p->current.key, secret, sizeof(p->current.key));
}

/* What only we know of this pair of ends in this slot. */
static struct halves hash(const struct prover_secret *s, const struct pkt *from_peer)
{
	uint8_t input[INPUT_BYTES], digest[crypto_shorthash_BYTES];
	struct writer w = writer_over(input, sizeof(input));
	struct reader r = reader_over(digest, sizeof(digest));
	struct halves h;

	write_u8(&w, from_peer->src.family);
	write_bytes(&w, from_peer->src.byte, 16);
	write_bytes(&w, from_peer->dst.byte, 16);
	write_be16(&w, from_peer->sport);
	write_be16(&w, from_peer->dport);
	write_be32(&w, (uint32_t)((uint64_t)s->slot >> 32));
	write_be32(&w, (uint32_t)s->slot);
	crypto_shorthash(digest, input, sizeof(input), s->key);
	h.cookie = read_be32(&r);
	h.seq = read_be32(&r);
	return h;
}

static bool is_good(const struct prover_secret *s, struct mono now)
{
	int64_t age = slot_of(now) - s->slot;

	return s->is_set && (age == 0 || age == 1);
}

/*
 * Acceptable to the peer is what lies ahead of its SYN's number, as far as it sent. The
 * highest bit is chosen so that the number lies behind: it is old to the peer, however
 * much data went with the SYN (RFC 7413). An old one also passes the connection tracking
 * of a firewall before the peer, where one too far ahead is INVALID (Linux
 * tcp_in_window()). As the RST does not say where the SYN began, that bit counts for
 * nothing then.
 */
size_t proof_ask(const struct prover *p, const struct pkt *syn, struct mono now,
		 uint8_t out[TCPGEN_MAX])
{
	struct halves h;

	if (!is_good(&p->current, now))
		return 0;
	h = hash(&p->current, syn);
	if (h.cookie - syn->seq - 1 < FLIP)
		h.cookie ^= FLIP;
	return tcpgen_challenge(syn, h.seq, h.cookie, out);
}

bool proof_is_shown(const struct prover *p, const struct pkt *rst, struct mono now)
{
	uint32_t current = (hash(&p->current, rst).cookie ^ rst->seq) & COOKIE_BITS;
	uint32_t previous = (hash(&p->previous, rst).cookie ^ rst->seq) & COOKIE_BITS;
	bool is_rst = rst->is_tcp && (rst->flags & (PKT_RST | PKT_SYNC)) == PKT_RST;
	bool is_current = is_good(&p->current, now) & (current == 0);
	bool is_previous = is_good(&p->previous, now) & (previous == 0);

	return is_rst & (is_current | is_previous);
}
