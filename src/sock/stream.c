/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stream.c - one connected client: lines in, bounded bytes out, nobody waited for
 */
#include "sock/stream_int.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ERRORS_MAX = 3 }; /* a reset is one, writing after it another */

int stream_open(struct stream *s, const struct stream_conf *conf)
{
	int err;

	s->out = malloc(conf->out_size);
	if (!s->out)
		return -ENOMEM;
	err = uv_poll_init(conf->loop, &s->handle, conf->fd);
	if (err < 0) {
		free(s->out);
		return err;
	}
	s->handle.data = conf->data;
	s->on_event = conf->on_event;
	s->fd = conf->fd;
	s->events = 0;
	s->is_eof = false;
	s->is_deaf = false;
	s->errors = 0;
	s->progress_ms = uv_now(conf->loop);
	s->out_start = 0;
	s->out_len = 0;
	s->out_size = conf->out_size;
	lines_init(&s->lines, conf->line_max);
	return 0;
}

void stream_close(struct stream *s, uv_close_cb done)
{
	uv_close((uv_handle_t *)&s->handle, done);
	close(s->fd);
	s->fd = -1;
	free(s->out);
	s->out = NULL;
}

void stream_wait_for(struct stream *s, int events)
{
	if (events == s->events)
		return;
	s->events = events;
	if (events == 0)
		(void)uv_poll_stop(&s->handle);
	else
		(void)uv_poll_start(&s->handle, events, s->on_event);
}

static void go_deaf(struct stream *s)
{
	s->is_deaf = true;
	s->out_len = 0;
}

void stream_read(struct stream *s)
{
	char *room = lines_room(&s->lines);
	ssize_t got;

	if (!room || s->is_eof)
		return;
	got = recv(s->fd, room, LINES_READ_BYTES, MSG_DONTWAIT);
	if (got > 0) {
		lines_put(&s->lines, (size_t)got);
		return;
	}
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	s->is_eof = true;
	if (got < 0)
		go_deaf(s);
}

bool stream_has_hung_up(const struct stream *s)
{
	struct pollfd p = { .fd = s->fd };

	return poll(&p, 1, 0) == 1 && (p.revents & (POLLHUP | POLLERR));
}

bool stream_survives(struct stream *s)
{
	socklen_t size = sizeof(int);
	int err;

	if (s->errors++ == ERRORS_MAX)
		return false;
	/* Asking for it takes the error away; else the loop would wake for it again. */
	if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &err, &size) < 0)
		return false;
	go_deaf(s);
	s->events = 0;
	return true;
}

char *stream_room(struct stream *s, size_t *size)
{
	if (s->out_start > 0) {
		memmove(s->out, s->out + s->out_start, s->out_len);
		s->out_start = 0;
	}
	*size = s->out_size - s->out_len;
	return s->out + s->out_len;
}

void stream_put(struct stream *s, size_t count)
{
	if (s->is_deaf)
		return;
	if (s->out_len == 0)
		s->progress_ms = uv_now(s->handle.loop);
	s->out_len += count;
}

bool stream_add(struct stream *s, const char *bytes, size_t len)
{
	size_t size;
	char *room = stream_room(s, &size);

	if (len > size)
		return false;
	memcpy(room, bytes, len);
	stream_put(s, len);
	return true;
}

void stream_flush(struct stream *s)
{
	ssize_t sent;

	if (s->out_len == 0)
		return;
	sent = send(s->fd, s->out + s->out_start, s->out_len,
		    MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sent < 0) {
		if (errno != EAGAIN && errno != EINTR)
			go_deaf(s);
		return;
	}
	s->out_start += (size_t)sent;
	s->out_len -= (size_t)sent;
	s->progress_ms = uv_now(s->handle.loop);
}
