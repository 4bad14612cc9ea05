/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan_int.h - all that the configuration says, read whole before any of it is used
 */
#ifndef DAEMON_PLAN_INT_H
#define DAEMON_PLAN_INT_H

#include "conf/conf.h"
#include "core/lists.h"
#include "core/policy.h"
#include "daemon/arguments.h"
#include "priv/priv.h"

struct plan {
	struct settings   settings;
	struct policy     policy;
	struct lists     *lists; /* owned until given to the gate; NULL = none */
	struct conf_votes votes;
};

/* Reads the configuration, the lists and, unless for a replay, the keys, as far as
 * `reach` lets us (NULL = to all files). False: *why, and *p owns nothing. */
bool plan_read(struct plan *p, const struct arguments *args,
	       const struct priv_plan *reach, struct complaint *why);
void plan_free(struct plan *p);

/* Whether some packet may meet this verdict, so that what it needs must be there. */
bool plan_may_meet(const struct plan *p, enum verdict v);

/* Whether names are asked for: of senders' siblings, or for lists. */
bool plan_needs_names(const struct plan *p);

#endif
