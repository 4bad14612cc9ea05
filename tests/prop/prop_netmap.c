/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prop_netmap.c - netmap against an array that is searched from end to end
 *
 * usage: prop_netmap [SEED [STEPS]], or $SEED. Few bits vary, so that networks nest and
 * repeat. What differs is printed with the seed that shows it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/netmap.h"

#include "random.h"

enum { NETS_MAX = 400, ROUNDS = 40, STEPS = 4000 };

struct known {
	struct net net;
	uint16_t   value;
};

struct twin {
	struct known known[NETS_MAX];
	unsigned     count;
};

/* Each byte is one of four, so that addresses share prefixes of every length. */
static struct addr random_addr(uint64_t *state)
{
	static const uint8_t bytes[] = { 0x00, 0x01, 0x80, 0xff };
	struct addr a = { .family = next(state) % 2 ? ADDR_IP6 : ADDR_IP4 };
	unsigned from = next(state) % 4 ? addr_bytes(&a) - 1 - next(state) % 3 : 0;

	for (unsigned i = from; i < addr_bytes(&a); i++)
		a.byte[i] = bytes[next(state) % 4];
	return a;
}

static struct net random_net(uint64_t *state)
{
	struct addr a = random_addr(state);
	unsigned width = 8 * addr_bytes(&a);
	unsigned bits = (unsigned)(next(state) % (width + 1));

	if (next(state) % 2)
		bits = width - bits % 20;
	return (struct net){ addr_mask(&a, bits), (uint8_t)bits };
}

static struct known *twin_at(struct twin *t, const struct net *n)
{
	for (unsigned i = 0; i < t->count; i++)
		if (t->known[i].net.bits == n->bits &&
		    addr_is_equal(&t->known[i].net.addr, &n->addr))
			return &t->known[i];
	return NULL;
}

static const struct known *twin_find(const struct twin *t, const struct addr *a)
{
	const struct known *best = NULL;

	for (unsigned i = 0; i < t->count; i++) {
		const struct known *k = &t->known[i];
		struct addr masked = addr_mask(a, k->net.bits);

		if (addr_is_equal(&masked, &k->net.addr) &&
		    (!best || k->net.bits > best->net.bits))
			best = k;
	}
	return best;
}

static bool same_put(struct netmap *m, struct twin *t, uint64_t *state)
{
	struct net n = random_net(state);
	uint16_t value = (uint16_t)next(state);
	struct known *k = twin_at(t, &n);
	uint16_t *stands;

	if (!k && t->count == NETS_MAX)
		return true;
	stands = netmap_put(m, &n, value);
	if (!k) {
		k = &t->known[t->count++];
		*k = (struct known){ n, value };
	}
	if (!stands || *stands != k->value || netmap_count(m) != t->count)
		return false;
	if (next(state) % 4 == 0)
		*stands = k->value = (uint16_t)(value + 1);
	return true;
}

static bool same_find(const struct netmap *m, const struct twin *t, uint64_t *state)
{
	struct addr a = random_addr(state);
	const struct known *k = twin_find(t, &a);
	uint16_t value = 0;
	unsigned bits = 0;
	char text[ADDR_TEXT_MAX];

	if (netmap_find(m, &a, &value, &bits) == (k != NULL) &&
	    (!k || (value == k->value && bits == k->net.bits)))
		return true;
	printf("%s: found value %u bits %u, should be %u/%u\n", addr_format(&a, text),
	       value, bits, k ? k->value : 0, k ? k->net.bits : 0);
	return false;
}

static bool round_is_same(uint64_t *state, unsigned steps)
{
	struct netmap *m = netmap_new();
	struct twin *t = calloc(1, sizeof(*t));
	bool same = m && t;

	for (unsigned i = 0; same && i < steps; i++)
		same = next(state) % 4 ? same_find(m, t, state) : same_put(m, t, state);
	netmap_free(m);
	free(t);
	return same;
}

int main(int argc, char **argv)
{
	uint64_t seed = seed_of(argc, argv);
	unsigned steps = count_of(argc, argv, STEPS);
	uint64_t state = seed;

	for (unsigned i = 0; i < ROUNDS; i++) {
		if (!round_is_same(&state, steps)) {
			printf("round %u differs; again with: prop_netmap %llu %u\n", i,
			       (unsigned long long)seed, steps);
			return 1;
		}
	}
	printf("netmap: %d rounds of %u steps, seed %llu\n", ROUNDS, steps,
	       (unsigned long long)seed);
	return 0;
}
