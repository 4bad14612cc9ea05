/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hand_int.h - what changes a table for us: one run at a time
 */
#ifndef ADMIT_HAND_INT_H
#define ADMIT_HAND_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "admit/admit.h"

enum run_kind { RUN_ADD, RUN_DELETE, RUN_REPLACE };

/* The networks are borrowed until the run has ended. */
struct run {
	enum run_kind     kind;
	const struct net *nets;
	uint32_t          count;
};

enum hand_state {
	HAND_BUSY,
	HAND_DONE,   /* the table has taken all of it */
	HAND_FAILED, /* nobody knows what the table holds now */
	HAND_LOST,   /* and there will be no other run */
};

struct hand_ops {
	int (*fd)(const void *hand);
	bool (*wants_write)(const void *hand);
	void (*start)(void *hand, const struct run *r, struct mono now);
	/* Goes on with the run; also while there is none, to notice a loss. `why` is
	 * written for FAILED and LOST (ADMIT_WHY_MAX bytes). */
	enum hand_state (*turn)(void *hand, struct mono now, char *why);
	struct mono (*overdue)(const void *hand); /* of the run */
	void (*close)(void *hand);
};

/* Makes the mirror around a hand, which it takes; -ENOMEM leaves it to the caller. */
int admit_around(struct admit **out, const struct admit_conf *c,
		 const struct hand_ops *ops, void *hand);

const char *run_name(enum run_kind kind); /* add delete replace */

#endif
