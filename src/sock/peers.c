/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * peers.c - who votes, and how much more he may
 */
#include "sock/peers_int.h"

#include <string.h>

enum { SOURCE_BITS6 = 64 };

static const uint64_t left_max = UINT64_C(2) * BALLOT_PER_SECOND * 1000;

static bool is_same(const struct peer_name *a, const struct peer_name *b)
{
	return a->kind == b->kind && a->number == b->number &&
	       addr_is_equal(&a->addr, &b->addr);
}

static void refill(struct peer *peer, uint64_t now_ms)
{
	uint64_t since = now_ms > peer->seen_ms ? now_ms - peer->seen_ms : 0;

	/* So many votes a second are as many thousandths a millisecond. */
	if (since > left_max / BALLOT_PER_SECOND)
		since = left_max / BALLOT_PER_SECOND;
	peer->left += since * BALLOT_PER_SECOND;
	if (peer->left > left_max)
		peer->left = left_max;
	if (now_ms > peer->seen_ms)
		peer->seen_ms = now_ms;
}

/* Rather a free place than one that nobody uses; of those the one not seen longest. */
static struct peer *find_place(struct peers *p)
{
	struct peer *best = NULL;

	for (unsigned i = 0; i < PEERS_MAX; i++) {
		struct peer *peer = &p->list[i];

		if (peer->users == 0 && (!best || peer->seen_ms < best->seen_ms))
			best = peer;
	}
	return best;
}

struct peer *peers_join(struct peers *p, const struct peer_name *name, uint64_t now_ms)
{
	struct peer_name key = *name;
	struct peer *peer;

	if (key.addr.family == ADDR_IP6)
		key.addr = addr_mask(&key.addr, SOURCE_BITS6);
	for (unsigned i = 0; i < PEERS_MAX; i++) {
		peer = &p->list[i];
		if (peer->seen_ms > 0 && is_same(&peer->name, &key)) {
			peer->users++;
			return peer;
		}
	}
	peer = find_place(p);
	if (!peer)
		return NULL;
	peer->name = key;
	peer->users = 1;
	peer->seen_ms = now_ms > 0 ? now_ms : 1;
	peer->left = left_max;
	return peer;
}

void peers_leave(struct peer *peer)
{
	peer->users--;
}

bool peer_spend(struct peer *peer, unsigned votes, uint64_t now_ms)
{
	uint64_t price = (uint64_t)votes * 1000;

	refill(peer, now_ms);
	if (peer->left < price)
		return false;
	peer->left -= price;
	return true;
}
