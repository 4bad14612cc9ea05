/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fifo.c - read votes from a FIFO
 *
 * All writers share one stream of bytes. Up to PIPE_BUF bytes of one write() stay
 * together (pipe(7)), so lines mix only when a writer sends one in pieces; what comes of
 * that is no vote, or is dropped when its end does not come.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "sock/ballot_int.h"

static void hear_lines(struct box *box)
{
	struct speaker who = { box->peer, box->from };
	char why[PROTO_ERROR_MAX];
	enum lines_got got;
	const char *line;
	size_t len;

	while ((got = lines_next(&box->lines, &line, &len)) != LINES_NONE) {
		if (got == LINES_ONE)
			(void)ballot_hear(box->ballot, &who, line, len, why);
		else
			box->ballot->counts.bad++;
		if (!box->is_open)
			return;
	}
	box->partial_ms = uv_now(box->ballot->loop);
}

static void on_bytes(uv_poll_t *handle, int status, int events)
{
	struct box *box = handle->data;
	char *room = lines_room(&box->lines);
	ssize_t got;

	(void)events;
	if (status < 0)
		(void)uv_poll_start(handle, UV_READABLE, on_bytes);
	if (!room || !ballot_may_read(box->ballot))
		return;
	got = read(box->fd, room, LINES_READ_BYTES);
	if (got <= 0)
		return; /* another turn; there is no end of file, we write too */
	lines_put(&box->lines, (size_t)got);
	hear_lines(box);
}

int fifo_open(struct box *box)
{
	struct ballot *b = box->ballot;
	struct peer_name name = { .kind = BALLOT_FIFO,
				  .number = b->opened++ };
	char path[BALLOT_FROM_MAX - 8];
	int err;

	box->peer = peers_join(&b->peers, &name, uv_now(b->loop));
	if (!box->peer)
		return -EUSERS;
	snprintf(box->from, sizeof(box->from), "fifo:%s",
		 text_escape(path, sizeof(path), box->conf.path, strlen(box->conf.path)));
	lines_init(&box->lines, PROTO_LINE_MAX);
	err = uv_poll_init(b->loop, &box->handle, box->fd);
	if (err < 0) {
		peers_leave(box->peer);
		return err;
	}
	box->handle.data = box;
	return uv_poll_start(&box->handle, UV_READABLE, on_bytes);
}

static void on_closed(uv_handle_t *handle)
{
	box_drop_handle(handle->data);
}

void fifo_close(struct box *box)
{
	uv_close((uv_handle_t *)&box->handle, on_closed);
	close(box->fd);
	peers_leave(box->peer);
	box->fd = -1;
	box->is_open = false;
}

void fifo_look_after(struct box *box, uint64_t now_ms)
{
	if (!lines_has_partial(&box->lines) ||
	    now_ms < box->partial_ms + BALLOT_PARTIAL_MS)
		return;
	lines_drop_partial(&box->lines);
	box->ballot->counts.bad++;
}
