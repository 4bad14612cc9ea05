/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source_int.h - where packets come from, and what our verdict on them does
 *
 * One of source_nfqueue.c and source_pf.c, as --with-transport says. The former answers
 * packets; the latter keeps a table of pf as the rule wants it.
 */
#ifndef DAEMON_SOURCE_INT_H
#define DAEMON_SOURCE_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/tick.h"
#include "daemon/stats_int.h"
#include "transport/held.h"

enum { SOURCE_NAME_MAX = 280, SOURCE_COUNTERS_MAX = 16 };

struct app;
struct complaint;
struct control_client;
struct plan;
struct settings;
struct source;

/* Whether source_open() will understand what the settings say; else *why. */
bool source_check(const struct settings *s, struct complaint *why);

/* Steps of the start: what must come before everything else; then packets. The exit
 * status, the reason logged. */
int source_prepare(struct app *app, struct plan *plan);
int source_open(struct app *app, struct plan *plan);

/* No packets from here on. */
void source_end(struct app *app);
void source_free(struct app *app);

int source_fd(const struct app *app);

/* Into app->batch.held, without waiting. Returns how many, negative when no more can
 * come, which source_tell_lost() explains; *drained: nothing was left. */
int source_read(struct app *app, bool *drained);
void source_tell_lost(struct app *app, int err);

/* What became of the first `count` packets of app->batch. */
void source_answer(struct app *app, const enum answer *answers, unsigned count,
		   struct mono now);

/* Something else than a packet has changed what `who` would meet; NULL = anybody. */
void source_heed(struct app *app, const struct addr *who, struct mono now);

uint32_t source_owed(const struct app *app); /* packets read and not answered */
uint64_t source_progress(const struct app *app); /* grows whenever something was read */

/* Once a second. */
void source_watch(struct app *app);

/* The loop stood still. */
void source_tell_stall(struct app *app, uint64_t gap_ms);

/* At `ready`, what the operator should know. */
void source_warn(struct app *app);

/* "queue 23", and as key=value; SOURCE_NAME_MAX bytes. Return `out`. */
const char *source_name(const struct app *app, char *out);
const char *source_pair(const struct app *app, char *out);

/* For mxallowctl status, and for all that is counted: returns how many. */
void source_row(const struct app *app, struct control_client *c);
unsigned source_counters(const struct app *app, struct counter *out);

#endif
