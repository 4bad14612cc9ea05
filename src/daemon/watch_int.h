/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch_int.h - whether packets are served, told to the operator and the service manager
 *
 * The watchdog of systemd is fed from the loop that judges packets, and only while it
 * does: a daemon that hangs is covered neither by --queue-bypass nor by fail-open, so
 * somebody has to end it.
 */
#ifndef DAEMON_WATCH_INT_H
#define DAEMON_WATCH_INT_H

#include <stdbool.h>
#include <stdint.h>

enum { WATCH_STALL_MS = 2000 }; /* the loop comes round once a second at least */

struct watch {
	uint64_t alive_ms; /* by the loop's clock: when it came round last */
	uint64_t stalls;   /* times it stood still for WATCH_STALL_MS or longer */
};

struct watchdog {
	bool     is_wanted;
	uint64_t read;        /* messages ever read from the queue, at the last look */
	bool     is_readable; /* then */
	bool     is_told;
	unsigned stuck;       /* looks in a row that found it readable and not read */
	uint64_t fed;
	uint64_t starved;
};

/* Twice in each interval; `read` is how much was ever read from the queue. False when it
 * had something to give all through an interval and nobody took it. */
bool watchdog_may_feed(struct watchdog *w, bool is_readable, uint64_t read);

struct app;

/* The loop has come round; `now_ms` is its clock. Before packets are read: after a pause
 * the queue still shows what waited in it. */
void watch_alive(struct app *app, uint64_t now_ms);

/* Twice in each interval of the watchdog. */
void watch_feed(struct app *app);

#endif
