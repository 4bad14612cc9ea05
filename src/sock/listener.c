/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * listener.c - take clients in, also when descriptors have run out
 */
#include "sock/listener_int.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ACCEPTS_A_TURN = 16 };

static void keep_reserve(struct listener *l)
{
	if (l->reserve < 0)
		l->reserve = fcntl(l->fd, F_DUPFD_CLOEXEC, 0);
}

static void pause_listener(struct listener *l)
{
	l->is_paused = true;
	(void)uv_poll_stop(&l->handle);
}

/* Takes the client with the reserve and lets it go. False when there is no reserve. */
static bool turn_away(struct listener *l)
{
	int fd;

	if (l->reserve < 0)
		return false;
	close(l->reserve);
	l->reserve = -1;
	fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC);
	if (fd >= 0) {
		l->no_files++;
		close(fd);
	}
	keep_reserve(l);
	return fd >= 0 || errno == EAGAIN;
}

/* The lowest free number is given out, so a high one means that few are left. The limit
 * is asked for anew: it may be changed from outside (prlimit(2)). */
static bool is_spare(int fd)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
	       (rlim_t)fd + LISTENER_SPARES >= limit.rlim_cur;
}

/* False when there is nobody left to take in, or no way to. */
static bool take_one(struct listener *l)
{
	int fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd >= 0 && is_spare(fd)) {
		l->no_files++;
		close(fd);
		return true;
	}
	if (fd >= 0) {
		l->accepted(l->arg, fd);
		return l->fd >= 0;
	}
	switch (errno) {
	case EAGAIN:
		return false;
	case EMFILE:
	case ENFILE:
		if (turn_away(l))
			return true;
		l->no_files++;
		pause_listener(l);
		return false;
	case ENOBUFS:
	case ENOMEM:
		l->no_memory++;
		pause_listener(l);
		return false;
	default:
		return true; /* that client failed, not we (accept(2)) */
	}
}

static void on_clients(uv_poll_t *handle, int status, int events)
{
	struct listener *l = handle->data;

	(void)events;
	if (status < 0) {
		pause_listener(l);
		return;
	}
	for (unsigned i = 0; i < ACCEPTS_A_TURN; i++) {
		if (!take_one(l))
			return;
	}
}

int listener_open(struct listener *l, uv_loop_t *loop, int fd, listener_fn fn, void *arg)
{
	int err = uv_poll_init(loop, &l->handle, fd);

	if (err < 0)
		return err;
	l->handle.data = l;
	l->fd = fd;
	l->reserve = -1;
	l->is_paused = false;
	l->accepted = fn;
	l->arg = arg;
	l->no_files = 0;
	l->no_memory = 0;
	keep_reserve(l);
	return uv_poll_start(&l->handle, UV_READABLE, on_clients);
}

void listener_send_away(int fd, const char *why)
{
	(void)send(fd, why, strlen(why), MSG_DONTWAIT | MSG_NOSIGNAL);
	close(fd);
}

void listener_resume(struct listener *l)
{
	if (l->fd < 0)
		return;
	keep_reserve(l);
	if (!l->is_paused)
		return;
	l->is_paused = false;
	(void)uv_poll_start(&l->handle, UV_READABLE, on_clients);
}

void listener_close(struct listener *l, uv_close_cb done)
{
	uv_close((uv_handle_t *)&l->handle, done);
	close(l->fd);
	if (l->reserve >= 0)
		close(l->reserve);
	l->fd = -1;
	l->reserve = -1;
}
