/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inject.h - answer a knock in the kernel's place
 *
 * Trusts nobody, the rest of this program included: it sends nothing but a RST from one of
 * our own MX addresses and the SMTP port. Never waits, never repeats.
 */
#ifndef INJECT_INJECT_H
#define INJECT_INJECT_H

#include <stdint.h>

#include "base/tick.h"
#include "core/policy.h"
#include "wire/pkt.h"

enum { INJECT_PER_SECOND = 10000 }; /* replies at most; a knock beyond is just dropped */

struct inject_counts {
	uint64_t sent;
	uint64_t refused; /* not a reply from our own address and port */
	uint64_t capped;  /* more than INJECT_PER_SECOND */
	uint64_t failed;  /* the kernel did not take it */
};

struct injector;

/* Opens a raw socket for each family, every packet marked with `mark`. *out is owned by
 * the caller. Negative errno: -EPERM means CAP_NET_RAW is missing. */
int inject_open(struct injector **out, uint32_t mark);
void inject_close(struct injector *i);

/* Refuses the connection attempt `syn`, which came in by interface `ifindex` (needed for
 * link-local peers; 0 = unknown). `p` says which addresses are ours. */
void inject_refuse(struct injector *i, const struct policy *p, const struct pkt *syn,
		   uint32_t ifindex, struct mono now);

struct inject_counts inject_count(const struct injector *i);

#endif
