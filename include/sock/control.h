/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * control.h - the operator's socket: one command line in, rows out, then `end`
 *
 * A unix stream socket, for root and one group. Whoever connects is a stranger all the
 * same: lines are bounded, connections are few, a slow reader is waited for without
 * holding anybody up, and rows are made only as fast as they are read. libuv, main
 * thread.
 */
#ifndef SOCK_CONTROL_H
#define SOCK_CONTROL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <uv.h>

#include "wire/proto.h"

enum {
	CONTROL_CLIENTS_MAX = 16,
	CONTROL_PENDING_BYTES = 64 * 1024, /* of rows made ahead for one client */
};

struct control;
struct control_client;

struct control_conf {
	const char *path; /* made anew; its folder must exist */
	gid_t       group; /* may connect too; (gid_t)-1 = root only */
	uid_t       owner; /* (uid_t)-1 = leave it */
};

/*
 * What answers. `begin` is called with a whole command; it adds rows and says whether
 * there is more; while there is, `more` is called when the client has taken enough of
 * them. `line` gets each line behind an `import` when `begin` asked for them (said true);
 * behind its `end` comes `more`. `watch` goes on whatever `begin` says. Each `begin` has
 * its `gone`: the client hung up, or all was said; `scratch` may be forgotten. None of
 * them may wait; what takes a while is said later, see control_wait().
 */
struct control_ops {
	bool (*begin)(void *arg, struct control_client *c,
		      const struct proto_command *cmd);
	bool (*more)(void *arg, struct control_client *c);
	void (*line)(void *arg, struct control_client *c, const char *line);
	void (*gone)(void *arg, struct control_client *c);
};

/* A word of the caller's for each client, zero at `begin`. */
uint64_t *control_scratch(struct control_client *c);
const struct proto_command *control_command(const struct control_client *c);

/* Adds one row; a newline is put behind it. Lost when the client's memory is full, which
 * `begin` and `more` avoid by stopping when control_is_full(). */
void control_row(struct control_client *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool control_is_full(const struct control_client *c);

/* For `begin`, which then says that there is more: there is nothing to say yet, and
 * `more` need not be called. Rows may be added at any time; control_finish() ends the
 * answer. When `gone` comes before, it must not be called any more. */
void control_wait(struct control_client *c);
void control_finish(struct control_client *c);

/* Negative errno. `arg` is borrowed. */
int control_open(struct control **out, uv_loop_t *loop, const struct control_conf *conf,
		 const struct control_ops *ops, void *arg);

/* Closes the socket and all clients, and removes the path. NULL is allowed. Memory goes
 * when the loop has run once more. */
void control_close(struct control *c);

/* Tells everyone who watches; one who is too slow loses lines and is told how many. */
void control_tell_watchers(struct control *c, const char *line);
bool control_has_watchers(const struct control *c);

struct control_counts {
	uint64_t clients;   /* so far */
	uint64_t refused;   /* too many at one time */
	uint64_t no_files;  /* clients not taken: descriptors had run out */
	uint64_t no_memory; /* the same, memory */
	uint64_t bad;       /* lines that were no command */
	uint64_t slow;      /* clients sent away: they did not read their answer */
	uint64_t lost;      /* rows that slow watchers missed */
};

struct control_counts control_count(const struct control *c);

#endif
