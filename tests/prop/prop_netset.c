/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prop_netset.c - sets of networks against a table with a tick for each of all networks
 *
 * usage: prop_netset [SEED [ROUNDS]], or $SEED. Few networks exist, so that sets overlap.
 * What differs is printed with the seed that shows it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admit/netset_int.h"

#include "random.h"

enum { ALL = 96, MAX = 64, CHANGES_MAX = 200, ROUNDS = 20000 };

struct twin {
	bool has[ALL];
	unsigned count;
};

static struct net all[ALL];

/* In the order that netset_cmp() promises: by family, address, width. */
static void make_all(void)
{
	for (unsigned i = 0; i < ALL; i++) {
		struct addr a = { .family = i < ALL / 2 ? ADDR_IP4 : ADDR_IP6 };
		unsigned nr = i % (ALL / 2), width = 8 * addr_bytes(&a);

		a.byte[0] = 0x20;
		a.byte[addr_bytes(&a) - 2] = (uint8_t)(nr / 2 * 8);
		all[i] = (struct net){ a, (uint8_t)(nr % 2 ? width : width - 8) };
	}
}

static void twin_set(struct twin *t, unsigned i, bool has)
{
	t->count += (unsigned)has - (unsigned)t->has[i];
	t->has[i] = has;
}

static bool is_same(const struct netset *s, const struct twin *t)
{
	uint32_t at = 0;

	for (unsigned i = 0; i < ALL; i++)
		if (t->has[i] &&
		    (at >= s->count || memcmp(&s->net[at++], &all[i], sizeof(all[i]))))
			return false;
	return at == s->count;
}

/* Changes in any order, doubles included, through settle, drop and join; the twin takes
 * them one by one: the last word counts, removals make room, the first ones in order get
 * it.
 */
static bool change_both(struct netset *s, struct twin *t, uint64_t *state)
{
	struct change changes[CHANGES_MAX];
	struct net nets[CHANGES_MAX];
	int last[ALL];
	uint32_t count = (uint32_t)(next(state) % CHANGES_MAX), n = 0, refused = 0;

	memset(last, -1, sizeof(last));
	for (uint32_t i = 0; i < count; i++) {
		unsigned nr = (unsigned)(next(state) % ALL);

		last[nr] = next(state) % 2 ? CHANGE_ADD : CHANGE_REMOVE;
		changes[i] = (struct change){ all[nr], (enum change_kind)last[nr], i };
	}
	count = netset_settle(changes, count);
	for (uint32_t i = 0; i < count; i++)
		if (changes[i].kind == CHANGE_REMOVE)
			nets[n++] = changes[i].net;
	netset_drop(s, nets, n);
	n = 0;
	for (uint32_t i = 0; i < count; i++)
		if (changes[i].kind == CHANGE_ADD)
			nets[n++] = changes[i].net;
	refused = netset_join(s, nets, n);
	for (unsigned i = 0; i < ALL; i++)
		if (last[i] == CHANGE_REMOVE)
			twin_set(t, i, false);
	for (unsigned i = 0; i < ALL; i++) {
		if (last[i] != CHANGE_ADD || t->has[i])
			continue;
		if (t->count == MAX)
			refused--;
		else
			twin_set(t, i, true);
	}
	return refused == 0 && is_same(s, t);
}

static bool minus_is_same(const struct netset *a, const struct netset *b,
			  const struct twin *ta, const struct twin *tb, uint32_t max)
{
	struct net out[ALL];
	uint32_t count = netset_minus(a, b, out, max), at = 0;

	for (unsigned i = 0; i < ALL && at < max; i++)
		if (ta->has[i] && !tb->has[i] &&
		    (at >= count || memcmp(&out[at++], &all[i], sizeof(all[i]))))
			return false;
	return at == count;
}

static bool rounds_are_same(uint64_t *state, unsigned rounds)
{
	struct net memory[2][MAX];
	struct netset s[2] = { { memory[0], 0, MAX }, { memory[1], 0, MAX } };
	struct twin t[2] = { { .count = 0 }, { .count = 0 } };

	for (unsigned i = 0; i < rounds; i++) {
		unsigned which = (unsigned)(next(state) % 2);
		uint32_t max = (uint32_t)(next(state) % ALL);

		if (!change_both(&s[which], &t[which], state) ||
		    !minus_is_same(&s[0], &s[1], &t[0], &t[1], max) ||
		    !minus_is_same(&s[1], &s[0], &t[1], &t[0], ALL)) {
			printf("round %u differs\n", i);
			return false;
		}
	}
	return true;
}

int main(int argc, char **argv)
{
	uint64_t seed = seed_of(argc, argv);
	unsigned rounds = count_of(argc, argv, ROUNDS);
	uint64_t state = seed;

	make_all();
	if (!rounds_are_same(&state, rounds)) {
		printf("again with: prop_netset %llu %u\n", (unsigned long long)seed,
		       rounds);
		return 1;
	}
	printf("netset: %u rounds, seed %llu\n", rounds, (unsigned long long)seed);
	return 0;
}
