/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * admissions_int.h - a table of pf, kept as the rule has it
 *
 * pf looks into the table by itself. So a source gets in when the rule would let it in,
 * and is taken out as soon as it is seen that the rule would not; what no packet or vote
 * shows, as the end of a window, is found within a minute by asking the rule of each.
 *
 * When the state of the last run cannot be read, the table is all that is left of it: it
 * is added to and not replaced, and whom pf lets in from it counts as known again.
 */
#ifndef DAEMON_ADMISSIONS_INT_H
#define DAEMON_ADMISSIONS_INT_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "admit/admit.h"
#include "core/gate.h"
#include "transport/held.h"

struct admissions {
	struct admit *table; /* owned */
	uv_poll_t     on_helper;
	uv_timer_t    on_due;
	uv_timer_t    on_tick;
	bool          is_walking; /* who is known of old is not all in the table yet */
	uint64_t      walk;       /* where gate_walk() stands */
	uint32_t      sweep;      /* where admit_next() stands */
	bool          is_hurried; /* till the end of this sweep */
	bool          is_keeping; /* the table may hold whom we do not know, and should */
};

struct app;

/* While there is no thread: starts the helper. The exit status, the reason logged. */
int admissions_open(struct app *app, struct admissions *a);

/* Once there is a loop; negative errno. From here on the table is changed. */
int admissions_start(struct app *app, struct admissions *a);

/* When the loop is gone, or was never there. */
void admissions_close(struct admissions *a);

/* A packet was judged. */
void admissions_judged(struct app *app, const struct held *held,
		       const struct attempt *attempt, const struct decision *d,
		       struct mono now);

/* Of this source something else is known now; of many. */
void admissions_heed(struct app *app, const struct addr *who, struct mono now);
void admissions_heed_all(struct app *app, struct mono now);

/* After any of these. */
void admissions_go_on(struct app *app, struct mono now);

#endif
