/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replies_int.h - what a sender gets to see besides the verdict
 *
 * One of replies_nfqueue.c and replies_pf.c, as --with-transport says. The former answers
 * by raw sockets: refusals, held connections, challenges. The latter is empty: pf
 * answers by its own rules.
 */
#ifndef DAEMON_REPLIES_INT_H
#define DAEMON_REPLIES_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/tick.h"
#include "daemon/stats_int.h"

enum { REPLIES_COUNTERS_MAX = 7 };

struct app;
struct control_client;
struct plan;
struct replies;

/* A step of the start: the exit status, the reason logged. Also opens what no one needs
 * yet: a reload may ask for it, and could not open it. */
int replies_open(struct app *app, struct plan *plan);
void replies_close(struct app *app);

/* Whether a reload may bring this plan: what it needs was opened. Then it takes over. */
bool replies_may_change(const struct app *app, const struct plan *plan);
void replies_change(struct app *app, const struct plan *plan);

/* Row 1's exceptions: marks which of the first `count` packets of app->batch, judged, are
 * no SYNs but part of what was answered before. */
void replies_find(struct app *app, unsigned count, struct mono now);

/* Answers the first `count` packets of app->batch as they were judged and marked. */
void replies_send(struct app *app, unsigned count, struct mono now);

/* Once a second. */
void replies_watch(struct app *app);

/* For mxallowctl status, and for all that is counted: returns how many. */
void replies_row(const struct app *app, struct control_client *c);
unsigned replies_counters(const struct app *app, struct counter *out);
uint64_t replies_challenges(const struct app *app); /* that were sent */

#endif
