/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cutter.c - from an address to its source
 */
#include <string.h>

#include <sodium/crypto_shorthash.h>

#include "core/pool_int.h"

static void make_mask(enum addr_family family, unsigned prefix, uint64_t mask[2])
{
	uint8_t ones[16];
	struct addr a;

	memset(ones, 0xff, sizeof(ones));
	a = addr_from_bytes(family, ones);
	a = addr_mask(&a, prefix);
	memcpy(mask, a.byte, sizeof(a.byte));
}

void cutter_init(struct cutter *c, unsigned prefix4, unsigned prefix6,
		 const uint8_t secret[16])
{
	make_mask(ADDR_IP4, prefix4, c->mask4);
	make_mask(ADDR_IP6, prefix6, c->mask6);
	c->prefix4 = (uint8_t)prefix4;
	c->prefix6 = (uint8_t)prefix6;
	c->key_bytes = prefix6 <= 64 ? 8 : 16;
	memcpy(c->secret, secret, sizeof(c->secret));
}

uint64_t cutter_hash(const struct cutter *c, const void *bytes)
{
	uint64_t hash;

	crypto_shorthash((uint8_t *)&hash, bytes, c->key_bytes, c->secret);
	return hash;
}

struct net cutter_net(const struct cutter *c, const struct addr *a)
{
	uint8_t bits = cutter_bits(c, a->family == ADDR_IP6);

	return (struct net){ addr_mask(a, bits), bits };
}

struct source cutter_source(const struct cutter *c, const struct addr *a)
{
	struct source s = { .is_ip6 = a->family == ADDR_IP6 };
	const uint64_t *mask = s.is_ip6 ? c->mask6 : c->mask4;

	memcpy(s.word, a->byte, sizeof(s.word));
	s.word[0] &= mask[0];
	s.word[1] &= mask[1];
	s.hash = cutter_hash(c, s.word);
	return s;
}
