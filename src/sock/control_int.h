/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * control_int.h - the control socket and its clients
 *
 * control.c takes them in and sends them away, control_client.c talks with one.
 */
#ifndef SOCK_CONTROL_INT_H
#define SOCK_CONTROL_INT_H

#include "sock/control.h"
#include "sock/listener_int.h"
#include "sock/local_int.h"
#include "sock/stream_int.h"

enum {
	CONTROL_SLICE_BYTES = 8 * 1024, /* of rows made in one turn of the loop */
	CONTROL_PATIENCE_MS = 60 * 1000,
	CONTROL_QUIET_MS = 1000, /* then it makes room when all places are taken */
};

enum control_state {
	CONTROL_IDLE,
	CONTROL_ANSWERING, /* there is more to say */
	CONTROL_WAITING,   /* there will be */
	CONTROL_IMPORTING, /* lines come until `end` */
	CONTROL_WATCHING,
};

struct control_client {
	struct stream        stream; /* first; handle.data is the client */
	struct control      *owner;
	uid_t                uid;
	enum control_state   state;
	struct proto_command command;
	uint64_t             scratch;
	size_t               slice;   /* bytes of rows made in this turn */
	uint64_t             lost;    /* rows that did not fit and were not told yet */
	bool                 is_wanted; /* lines of an import */
	bool                 is_waiting; /* said by `begin` */
	bool                 owes_gone;
};

struct control {
	struct listener        listener;
	uv_timer_t             timer; /* data is the control */
	struct local_file      file;
	struct control_ops     ops;
	void                  *arg;
	struct control_client *clients[CONTROL_CLIENTS_MAX];
	struct control_counts  counts;
	unsigned               handles; /* not yet closed; memory goes with the last */
};

/* Takes in `fd`, which is owned; false when out of memory. */
bool control_client_new(struct control *c, struct control_client **place, int fd);

/* Tells the ops, if need be, and leaves. */
void control_client_leave(struct control_client *client);

/* Adds a row for one who watches. */
void control_client_tell(struct control_client *client, const char *line);

/* It has read nothing for CONTROL_PATIENCE_MS though there was something; or hung up
 * while it was to wait, which nobody tells us. */
bool control_client_is_stuck(const struct control_client *client, uint64_t now_ms);

/* One handle less. */
void control_drop_handle(struct control *c);

/* What the timer does once a second; `now_ms` is the loop's clock. */
void control_look_after(struct control *c, uint64_t now_ms);

#endif
