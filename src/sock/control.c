/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * control.c - the operator's socket: who gets in, and who has to leave
 */
#include "sock/control.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sock/control_int.h"

enum { TIMER_MS = 1000 };

void control_drop_handle(struct control *c)
{
	if (--c->handles == 0)
		free(c);
}

static void on_listener_closed(uv_handle_t *handle)
{
	struct listener *l = handle->data;

	control_drop_handle(l->arg);
}

static void on_timer_closed(uv_handle_t *handle)
{
	control_drop_handle(handle->data);
}

static struct control_client **find_place(struct control *c)
{
	for (unsigned i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		if (!c->clients[i])
			return &c->clients[i];
	}
	return NULL;
}

static uid_t peer_of(int fd)
{
	uid_t uid;

	return local_peer(fd, &uid) ? uid : (uid_t)-1;
}

/* Whether a newcomer may have its place: one who asks nothing, one whose answer does not
 * come, and all others when root comes. */
static bool may_go(const struct control_client *client, uid_t newcomer)
{
	const struct stream *s = &client->stream;
	uint64_t since_ms = uv_now(client->owner->timer.loop) - s->progress_ms;

	if (newcomer == 0 && client->uid != 0)
		return true;
	if (client->state == CONTROL_WAITING)
		return since_ms >= CONTROL_PATIENCE_MS;
	return (client->state == CONTROL_IDLE || client->state == CONTROL_IMPORTING) &&
	       s->out_len == 0 && since_ms >= CONTROL_QUIET_MS;
}

/* Else idle clients could keep the operator out. */
static bool make_place(struct control *c, uid_t newcomer)
{
	struct control_client *oldest = NULL;

	for (unsigned i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		struct control_client *client = c->clients[i];

		if (client && may_go(client, newcomer) &&
		    (!oldest || client->stream.progress_ms < oldest->stream.progress_ms))
			oldest = client;
	}
	if (!oldest)
		return false;
	c->counts.refused++;
	control_client_leave(oldest);
	return true;
}

static void on_accepted(void *arg, int fd)
{
	struct control *c = arg;
	uid_t uid = peer_of(fd);
	struct control_client **place = find_place(c);

	if (!place && make_place(c, uid))
		place = find_place(c);
	if (!place) {
		c->counts.refused++;
		listener_send_away(fd, "error: too many clients at one time\nend\n");
	} else if (!control_client_new(c, place, fd)) {
		c->counts.no_memory++;
		listener_send_away(fd, "error: no memory\nend\n");
	} else {
		(*place)->uid = uid;
		c->counts.clients++;
	}
}

void control_look_after(struct control *c, uint64_t now_ms)
{
	listener_resume(&c->listener);
	for (unsigned i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		struct control_client *client = c->clients[i];

		if (!client || !control_client_is_stuck(client, now_ms))
			continue;
		c->counts.slow += client->state != CONTROL_WAITING;
		control_client_leave(client);
	}
}

static void on_timer(uv_timer_t *timer)
{
	control_look_after(timer->data, uv_now(timer->loop));
}

int control_open(struct control **out, uv_loop_t *loop, const struct control_conf *conf,
		 const struct control_ops *ops, void *arg)
{
	struct local_access access = { .mode = 0600, .group = conf->group,
				       .owner = conf->owner };
	struct control *c = calloc(1, sizeof(*c));
	int fd, err;

	if (!c)
		return -ENOMEM;
	if (conf->group != (gid_t)-1)
		access.mode = 0660;
	fd = local_listen(conf->path, &access, &c->file);
	if (fd < 0) {
		free(c);
		return fd;
	}
	c->ops = *ops;
	c->arg = arg;
	err = listener_open(&c->listener, loop, fd, on_accepted, c);
	if (err < 0) {
		local_remove(&c->file);
		close(fd);
		free(c);
		return err;
	}
	c->handles = 2;
	c->timer.data = c;
	uv_timer_init(loop, &c->timer); /* cannot fail, nor can starting it */
	uv_timer_start(&c->timer, on_timer, TIMER_MS, TIMER_MS);
	*out = c;
	return 0;
}

void control_close(struct control *c)
{
	if (!c)
		return;
	for (unsigned i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		if (c->clients[i])
			control_client_leave(c->clients[i]);
	}
	local_remove(&c->file);
	listener_close(&c->listener, on_listener_closed);
	uv_close((uv_handle_t *)&c->timer, on_timer_closed);
}

void control_tell_watchers(struct control *c, const char *line)
{
	for (unsigned i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		if (c->clients[i] && c->clients[i]->state == CONTROL_WATCHING)
			control_client_tell(c->clients[i], line);
	}
}

bool control_has_watchers(const struct control *c)
{
	for (unsigned i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		if (c->clients[i] && c->clients[i]->state == CONTROL_WATCHING)
			return true;
	}
	return false;
}

struct control_counts control_count(const struct control *c)
{
	struct control_counts counts = c->counts;

	counts.no_files = c->listener.no_files;
	counts.no_memory += c->listener.no_memory;
	return counts;
}
