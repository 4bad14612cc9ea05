/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recent.c - two candidates per hash, the older one gives way
 */
#include "core/recent_int.h"

#include <stdlib.h>

enum { PAIRS = 4096 };

/* 16 bytes: two of them share a cache line with another pair. */
struct seen {
	uint64_t id;
	uint32_t when; /* seconds, wraps; compared by difference */
	uint32_t what; /* 0 = free */
};

struct recent {
	struct seen pair[PAIRS][2];
};

struct recent *recent_new(void)
{
	return calloc(1, sizeof(struct recent));
}

void recent_free(struct recent *r)
{
	free(r);
}

static uint32_t seconds(struct mono now)
{
	return (uint32_t)(now.ms / 1000);
}

uint32_t recent_find(const struct recent *r, uint64_t id, struct mono now)
{
	const struct seen *pair = r->pair[id % PAIRS];

	for (unsigned i = 0; i < 2; i++)
		if (pair[i].what != 0 && pair[i].id == id &&
		    seconds(now) - pair[i].when <= RECENT_MS / 1000)
			return pair[i].what;
	return 0;
}

void recent_note(struct recent *r, uint64_t id, struct mono now, uint32_t what)
{
	struct seen *pair = r->pair[id % PAIRS];
	struct seen *place = &pair[0];
	uint32_t at = seconds(now);

	if (pair[0].what != 0 && pair[0].id != id &&
	    (pair[1].what == 0 || pair[1].id == id ||
	     at - pair[1].when > at - pair[0].when))
		place = &pair[1];
	*place = (struct seen){ id, at, what };
}
