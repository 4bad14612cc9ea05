/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netmap.h - longest-prefix map from networks to small numbers
 *
 * Filled once, then only read. One hash table for all networks and a note of which prefix
 * lengths occur: a look-up probes once for each of those, longest first. 16 to 32 bytes a
 * network of IPv4, 40 to 80 of IPv6, at a load of 1/2 to 1/4, and one or two of a filter
 * that answers nearly all probes that find nothing.
 */
#ifndef BASE_NETMAP_H
#define BASE_NETMAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

struct netmap;

/* Empty; NULL when out of memory. */
struct netmap *netmap_new(void);
void netmap_free(struct netmap *m);

/* Where the value of this very network stands, made with `value` when it was not there.
 * NULL when out of memory. Valid until the next call. Bits behind the prefix must be
 * clear (net_parse() sees to it). */
uint16_t *netmap_put(struct netmap *m, const struct net *net, uint16_t value);

/* The value of the longest network that contains the address; *bits is its length. False
 * when there is none. */
bool netmap_find(const struct netmap *m, const struct addr *a, uint16_t *value,
		 unsigned *bits);

/* Ahead of a look-up, for many addresses in turn: memory is waited for once. The second
 * one needs what the first one fetched. */
void netmap_fetch_filter(const struct netmap *m, const struct addr *a);
void netmap_fetch_slots(const struct netmap *m, const struct addr *a);

uint32_t netmap_count(const struct netmap *m);

#endif
