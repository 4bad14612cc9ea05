/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * quota_int.h - how much one network may make us remember and ask
 *
 * Budgets that refill with time, for the networks around a source: the /24 of IPv4, the
 * /48 of IPv6, and its /64 where a source is less than that. What shows itself to be a
 * sender is not charged, so a budget need only be as large as the number of new senders
 * a network brings at a time. Pure; a fixed 128 KiB.
 *
 * Under a flood from everywhere the network that owes least is forgotten, and has its
 * whole budget again: this is to keep single networks from the others. What all of them
 * can do together is bounded by the size of the table and the rate of questions to DNS.
 *
 * A network has a second budget, for those of its sources that were proven or let in: so
 * that knocks forged in its name do not spend what its senders need.
 */
#ifndef CORE_QUOTA_INT_H
#define CORE_QUOTA_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/tick.h"
#include "core/pool_int.h"

/*
 * A busy provider sends from a few dozen addresses of a /24, and each of them is new once
 * in a window: some hundred an hour are many. One site has a /48, but some providers give
 * each customer a /64 of one.
 */
enum {
	QUOTA_NET24_BURST = 32, /* at once, and then one ... */
	QUOTA_NET24_MS = 8000,  /* ... in this time */
	QUOTA_NET64_BURST = 16,
	QUOTA_NET64_MS = 8000,
	QUOTA_NET48_BURST = 64,
	QUOTA_NET48_MS = 4000,
};

struct quota;

/* Sources of IPv6 have `prefix6` bits. NULL when out of memory. */
struct quota *quota_new(unsigned prefix6, const uint8_t secret[16]);
void quota_free(struct quota *q);

/* Whose budget is charged. */
enum quota_of {
	QUOTA_OF_STRANGERS,
	QUOTA_OF_KNOWN,
};

/* Charges one to each network around the source. False, and nothing is charged, when one
 * of them has overspent. */
bool quota_charge(struct quota *q, const struct source *s, enum quota_of of,
		  struct mono now);

#endif
