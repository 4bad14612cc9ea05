/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * quota.c - when each network's budget will be whole again, and nothing else
 *
 * A charge moves that moment further away. What lies a whole budget ahead is overspent;
 * what has been reached needs no place.
 */
#include "core/quota_int.h"

#include <stdlib.h>
#include <string.h>

#include <sodium/crypto_shorthash.h>

enum { SETS = 2048, WAYS = 4 };

struct debt {
	uint64_t    tag;   /* the network's keyed hash; 0 = nobody's */
	struct mono whole;
};

struct quota {
	struct debt set[SETS][WAYS];
	unsigned    prefix6;
	uint8_t     secret[crypto_shorthash_KEYBYTES];
};

/* A network around a source, and what it may spend. */
struct budget {
	unsigned bits;
	int64_t  burst;
	int64_t  unit_ms;
};

static const struct budget net24 = { 24, QUOTA_NET24_BURST, QUOTA_NET24_MS };
static const struct budget net64 = { 64, QUOTA_NET64_BURST, QUOTA_NET64_MS };
static const struct budget net48 = { 48, QUOTA_NET48_BURST, QUOTA_NET48_MS };

struct quota *quota_new(unsigned prefix6, const uint8_t secret[16])
{
	struct quota *q = calloc(1, sizeof(*q));

	if (!q)
		return NULL;
	q->prefix6 = prefix6;
	memcpy(q->secret, secret, sizeof(q->secret));
	return q;
}

void quota_free(struct quota *q)
{
	free(q);
}

static uint64_t tag_of(const struct quota *q, const struct source *s, enum quota_of of,
		       unsigned bits)
{
	uint8_t input[8 + 3], digest[crypto_shorthash_BYTES];
	uint64_t tag;

	memcpy(input, s->word, bits / 8);
	memset(input + bits / 8, 0, 8 - bits / 8);
	input[8] = s->is_ip6;
	input[9] = (uint8_t)bits;
	input[10] = (uint8_t)of;
	crypto_shorthash(digest, input, sizeof(input), q->secret);
	memcpy(&tag, digest, sizeof(tag));
	return tag == 0 ? 1 : tag;
}

/* The network's place, or the one of its set that owes least. */
static struct debt *place_of(struct quota *q, const struct source *s, enum quota_of of,
			     unsigned bits)
{
	uint64_t tag = tag_of(q, s, of, bits);
	struct debt *set = q->set[tag % SETS], *least = &set[0];

	for (unsigned i = 0; i < WAYS; i++) {
		if (set[i].tag == tag)
			return &set[i];
		if (set[i].whole.ms < least->whole.ms)
			least = &set[i];
	}
	*least = (struct debt){ .tag = tag };
	return least;
}

static bool may_spend(const struct debt *d, const struct budget *b, struct mono now)
{
	return d->whole.ms <= now.ms + (b->burst - 1) * b->unit_ms;
}

static void spend(struct debt *d, const struct budget *b, struct mono now)
{
	int64_t from = mono_reached(now, d->whole) ? now.ms : d->whole.ms;

	d->whole.ms = from + b->unit_ms;
}

bool quota_charge(struct quota *q, const struct source *s, enum quota_of of,
		  struct mono now)
{
	const struct budget *wide = s->is_ip6 ? &net48 : &net24;
	bool has_narrow = s->is_ip6 && q->prefix6 > net64.bits;
	struct debt *d = place_of(q, s, of, wide->bits), *narrow = NULL;

	if (!may_spend(d, wide, now))
		return false;
	if (has_narrow) {
		/* Found before anything is spent: of two in one set, one may take the
		 * other's place. */
		narrow = place_of(q, s, of, net64.bits);
		if (!may_spend(narrow, &net64, now))
			return false;
		spend(narrow, &net64, now);
		d = place_of(q, s, of, wide->bits);
	}
	spend(d, wide, now);
	return true;
}
