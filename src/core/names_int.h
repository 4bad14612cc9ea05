/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * names_int.h - what DNS said of a source, for an hour
 */
#ifndef CORE_NAMES_INT_H
#define CORE_NAMES_INT_H

#include "core/pool_int.h"

enum {
	NAMES_MAX = 65536,
	NAMES_TEXT_MAX = 64,            /* kept to show it; a longer name is cut */
	NAMES_KNOWN_MS = 60 * 60 * 1000,
	NAMES_FAILED_MS = 10 * 60 * 1000, /* when DNS failed; not asked before */
};

struct name {
	struct node node;
	uint16_t    list;     /* that a name of the source stands in; LISTS_NONE */
	bool        is_final; /* nothing more is to come: not listed means not listed */
	uint8_t     unused;
	struct mono forget;
	char        text[NAMES_TEXT_MAX]; /* the first confirmed name; "" = none */
};

/* For the pool. */
bool name_has_expired(const struct pool *p, const struct node *n, struct mono now);

#endif
