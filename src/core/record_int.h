/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record_int.h - strikes, white votes and the penalty of one source
 *
 * A record is precious while its penalty lasts. Pure.
 */
#ifndef CORE_RECORD_INT_H
#define CORE_RECORD_INT_H

#include "core/policy.h"
#include "core/pool_int.h"

/* 152 bytes. */
struct record {
	struct node node;
	uint8_t strikes; /* of strike[], oldest first; some may be too old to count */
	uint8_t     whites;
	uint8_t     penalties; /* begun so far */
	uint8_t     unused;
	struct mono forget;    /* nothing in it matters from here on */
	struct mono penalty;   /* ends */
	struct mono strike[POLICY_STRIKES_MAX];
};

/* A black vote. True when it is the one too many; then the penalty has begun. */
bool record_strike(struct record *r, const struct penalty *p, struct mono now);

/* A penalty of this length, from now. */
void record_penalise(struct record *r, const struct penalty *p, int64_t span_ms,
		     struct mono now);

/* A white vote: no strike counts any more. True when there are enough of them to trust
 * the source; then they are used up, and the penalty is over. */
bool record_praise(struct record *r, const struct policy *p, struct mono now);

/* Strikes that count. */
unsigned record_strikes(const struct record *r, const struct penalty *p, struct mono now);
bool record_is_penalised(const struct record *r, struct mono now);

/* For the pool. */
bool record_has_expired(const struct pool *p, const struct node *n, struct mono now);

#endif
