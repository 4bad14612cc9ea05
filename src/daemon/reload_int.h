/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reload_int.h - a new configuration for a running daemon: all of it, or nothing
 *
 * A worker of libuv's reads and checks, however long a disk or a list may take, and frees
 * what has become old; packets are judged meanwhile. In between the main thread swaps in
 * one step. One read at a time: whoever asks while one is under way is answered by the
 * next, which begins after he asked.
 */
#ifndef DAEMON_RELOAD_INT_H
#define DAEMON_RELOAD_INT_H

#include <stdbool.h>
#include <stdint.h>

#include <uv.h>

#include "daemon/arguments.h"
#include "daemon/plan_int.h"
#include "resolver/resolver.h"
#include "sock/control.h"

struct app;

enum reload_stage {
	RELOAD_IDLE,
	RELOAD_READING, /* the worker has the struct's first part */
	RELOAD_FREEING, /* the same */
};

struct reload {
	/* The worker's while it works, the main thread's else. */
	struct arguments  args;
	bool              has_resolver; /* there is one already */
	struct plan       plan;
	struct resolver  *resolver; /* started for the plan */
	bool              is_good;
	struct complaint  why;

	/* The main thread's. */
	uv_work_t         work;
	struct app       *app;
	enum reload_stage stage;
	bool              is_wanted; /* once more */
	bool              is_ending;
	bool              is_slow_told;
	int64_t           begun_us;
	struct {
		struct control_client *client;
		bool is_late; /* asked when the read under way had begun */
	} waiter[CONTROL_CLIENTS_MAX];
	uint64_t done;
	uint64_t refused;
	int64_t  read_us; /* how long the last read took */
	int64_t  swap_us; /* for how long no packet was judged when it was done */
};

/* Starts the worker: while there is no memory libuv would end the program. */
void reload_start(struct app *app);

/* Reads the configuration again, now or after the read that is under way. `client` is
 * answered when that is done; NULL = nobody. */
void reload_ask(struct app *app, struct control_client *client);

/* The client has gone. */
void reload_forget(struct app *app, const struct control_client *client);

/* Once a second: tells when a read takes long. */
void reload_watch(struct app *app);

/* Begins nothing more and takes nothing over; the worker goes on with what it is at. */
void reload_end(struct app *app);
bool reload_is_busy(const struct app *app);

#endif
