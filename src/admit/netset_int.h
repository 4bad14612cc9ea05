/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netset_int.h - sets of networks, and what one has that the other lacks
 *
 * A set is a sorted array without doubles: small, and compared in one pass. Pure; the
 * memory is the caller's.
 */
#ifndef ADMIT_NETSET_INT_H
#define ADMIT_NETSET_INT_H

#include <stdint.h>

#include "base/addr.h"

struct netset {
	struct net *net; /* owned by whoever made the set; sorted, no two alike */
	uint32_t    count;
	uint32_t    max;
};

enum change_kind { CHANGE_ADD, CHANGE_REMOVE };

struct change {
	struct net       net;
	enum change_kind kind;
	uint32_t         number; /* of two about one network the later counts */
};

/* -1, 0 or 1; IPv4 before IPv6, then by address, then the wider network. */
int netset_cmp(const struct net *a, const struct net *b);

/* The first networks of `a` that `b` lacks, at most `max` of them, sorted. What to add to
 * a table is want minus have, what to remove is have minus want. Returns how many. */
uint32_t netset_minus(const struct netset *a, const struct netset *b, struct net *out,
		      uint32_t max);

/* Sorts the changes and leaves the last one about each network. Returns how many. */
uint32_t netset_settle(struct change *changes, uint32_t count);

/* Puts `count` sorted networks, no two alike, into the set. Returns how many found no
 * room; those already there need none. `nets` begins with those that found room then. */
uint32_t netset_join(struct netset *s, struct net *nets, uint32_t count);

/* Takes out those of `count` sorted networks that are there. */
void netset_drop(struct netset *s, const struct net *nets, uint32_t count);

#endif
