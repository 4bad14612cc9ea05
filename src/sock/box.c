/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * box.c - one box for votes: opened, watched, closed
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <sodium.h>

#include "sock/ballot_int.h"
#include "sock/tcp_int.h"

void box_drop_handle(struct box *box)
{
	struct ballot *b = box->ballot;

	if (--box->handles > 0)
		return;
	sodium_memzero(box, sizeof(*box)); /* there is a key in it */
	free(box);
	ballot_drop_handle(b);
}

static void on_listener_closed(uv_handle_t *handle)
{
	struct listener *l = handle->data;

	box_drop_handle(l->arg);
}

struct local_access box_access(const struct ballot_conf *conf)
{
	return (struct local_access){ .mode = conf->mode & 0666,
				      .group = conf->group,
				      .owner = conf->owner };
}

/* The descriptor or a negative errno. */
static int open_place(struct box *box)
{
	const struct ballot_conf *c = &box->conf;
	struct local_access access = box_access(c);

	switch (c->kind) {
	case BALLOT_UNIX:
		return local_listen(c->path, &access, &box->file);
	case BALLOT_FIFO:
		return local_fifo(c->path, &access, &box->file);
	case BALLOT_TCP:
		/* without a key no socket: whoever can reach it could vote */
		if (c->key_bytes < BALLOT_KEY_MIN || c->key_bytes > BALLOT_KEY_MAX)
			return -EINVAL;
		return tcp_listen(&c->addr, c->port);
	}
	return -EINVAL;
}

static int watch(struct box *box)
{
	int err;

	if (box->conf.kind == BALLOT_FIFO)
		return fifo_open(box);
	err = listener_open(&box->listener, box->ballot->loop, box->fd, ballot_accept,
			    box);
	if (err == 0)
		box->fd = -1;
	return err;
}

int box_open(struct box **out, struct ballot *b, const struct ballot_conf *conf)
{
	struct box *box = calloc(1, sizeof(*box));
	int err;

	if (!box)
		return -ENOMEM;
	box->ballot = b;
	box->conf = *conf;
	box->fd = open_place(box);
	err = box->fd < 0 ? box->fd : watch(box);
	if (err == 0) {
		box->is_open = true;
		box->handles = 1;
		b->handles++;
		*out = box;
		return 0;
	}
	local_remove(&box->file);
	if (box->fd >= 0)
		close(box->fd);
	sodium_memzero(box, sizeof(*box));
	free(box);
	return err;
}

void box_close(struct box *box)
{
	struct ballot_counts *counts = &box->ballot->counts;

	for (unsigned i = 0; i < BALLOT_CLIENTS_MAX; i++) {
		if (box->voters[i])
			voter_leave(box->voters[i]);
	}
	local_remove(&box->file);
	counts->no_files += box->listener.no_files;
	counts->no_memory += box->listener.no_memory;
	if (box->conf.kind == BALLOT_FIFO)
		fifo_close(box);
	else
		listener_close(&box->listener, on_listener_closed);
}
