/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * peers_int.h - who votes, and how much more he may
 *
 * A peer is a user at a unix socket, an address (IPv6: its /64) at TCP, or a FIFO.
 * All its connections share one allowance, which refills with time and is not renewed by
 * coming back. Values only; time is a parameter.
 */
#ifndef SOCK_PEERS_INT_H
#define SOCK_PEERS_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "sock/ballot.h"

enum { PEERS_MAX = 256 };

struct peer_name {
	enum ballot_kind kind;
	uint32_t         number; /* UNIX: user id; FIFO: of the box */
	struct addr      addr;   /* TCP */
};

struct peer {
	struct peer_name name;
	unsigned         users;   /* connections */
	uint64_t         seen_ms; /* when `left` was right; 0 = free place */
	uint64_t         left;    /* thousandths of votes */
};

struct peers {
	struct peer list[PEERS_MAX];
};

/* The peer of that name, known from before or new; NULL when all places are in use. */
struct peer *peers_join(struct peers *p, const struct peer_name *name, uint64_t now_ms);
void peers_leave(struct peer *peer);

/* Takes `votes` from what the peer may still cast; false, taking nothing, when that is
 * less. */
bool peer_spend(struct peer *peer, unsigned votes, uint64_t now_ms);

#endif
