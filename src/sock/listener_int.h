/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * listener_int.h - take clients in, also when descriptors have run out
 *
 * Clients never get the last descriptors: look-ups, files and logs go on without them.
 * One more is kept in reserve: without it a client that cannot be taken would stay in the
 * kernel's queue, and the loop would wake for it again and again.
 */
#ifndef SOCK_LISTENER_INT_H
#define SOCK_LISTENER_INT_H

#include <stdbool.h>
#include <stdint.h>

#include <uv.h>

enum { LISTENER_SPARES = 16 }; /* descriptors that are not for clients */

/* The descriptor is given to it. */
typedef void (*listener_fn)(void *arg, int fd);

struct listener {
	uv_poll_t   handle; /* data is the listener */
	int         fd;
	int         reserve;
	bool        is_paused;
	listener_fn accepted;
	void       *arg;
	uint64_t    no_files;  /* clients turned away or kept waiting: descriptors */
	uint64_t    no_memory; /* the same, the kernel's memory */
};

/* `fd` listens and is owned on success. Negative errno. */
int listener_open(struct listener *l, uv_loop_t *loop, int fd, listener_fn fn, void *arg);

/* Instead of a client's place: the last words it gets. The descriptor is closed. */
void listener_send_away(int fd, const char *why);

/* Once a second: a listener that had to give up tries again. */
void listener_resume(struct listener *l);

/* `done` is called when the memory may go. */
void listener_close(struct listener *l, uv_close_cb done);

#endif
