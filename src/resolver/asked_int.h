/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * asked_int.h - which questions are worth asking: not lately asked, not too many
 *
 * Used by the asking thread alone. A fixed amount of memory; no allocation, no clock.
 * Where memory is short it forgets, and then a question may be asked once more.
 */
#ifndef RESOLVER_ASKED_INT_H
#define RESOLVER_ASKED_INT_H

#include <sodium.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/tick.h"
#include "resolver/resolver.h"

enum {
	ASKED_SETS = 4096, /* a power of two */
	ASKED_WAYS = 2,    /* places of one set; the longest unasked one is given up */
	ASKED_PER_NET = 8, /* addresses of one IPv6 /64, which one host can have all of */
};

enum asked_state {
	ASKED_LATELY,
	ASKED_TOO_MANY,
	ASKED_NOT, /* may be asked now */
};

struct asked_source {
	struct addr who;  /* of no family: an empty place */
	struct mono when;
	unsigned    count; /* of a network: addresses asked for since then */
};

struct asked {
	uint8_t     secret[crypto_shorthash_KEYBYTES]; /* nobody can aim at one set */
	bool        begun;
	struct mono refilled;
	int64_t     credit; /* in thousandths of a question */
	struct asked_source source[ASKED_SETS][ASKED_WAYS];
};

/* `a` is all zero, but for the secret. */
enum asked_state asked_look(struct asked *a, const struct addr *who,
			    enum resolver_rank rank, struct mono now);

/* The question went out: remember it and take it from the credit. */
void asked_note(struct asked *a, const struct addr *who, struct mono now);

#endif
