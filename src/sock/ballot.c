/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ballot.c - boxes for votes: opened all or none, looked after, closed
 */
#include "sock/ballot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sodium.h>

#include "sock/ballot_int.h"
#include "sock/tcp_int.h"

enum { TIMER_MS = 500 };

void ballot_drop_handle(struct ballot *b)
{
	if (--b->handles > 0)
		return;
	sodium_memzero(b->box, b->boxes * sizeof(b->box[0])); /* there are keys in it */
	free(b);
}

static void on_timer_closed(uv_handle_t *handle)
{
	ballot_drop_handle(handle->data);
}

static void on_listener_closed(uv_handle_t *handle)
{
	struct listener *l = handle->data;
	struct box *box = l->arg;

	ballot_drop_handle(box->ballot);
}

bool ballot_may_read(struct ballot *b)
{
	if (b->reads == 0)
		return false;
	b->reads--;
	return true;
}

enum ballot_outcome ballot_hear(struct ballot *b, const struct speaker *who,
				const char *line, size_t len, char *why)
{
	struct proto_vote vote;
	const char *answer;
	unsigned price;

	if (!proto_read_vote(line, len, &vote, why)) {
		b->counts.bad++;
		return BALLOT_BAD;
	}
	price = vote.kind == PROTO_FORGET_PENALTIES ? BALLOT_FLUSH_PRICE : 1;
	if (!peer_spend(who->peer, price, uv_now(b->loop))) {
		b->counts.over++;
		snprintf(why, PROTO_ERROR_MAX, "too many votes, come back in a second");
		return BALLOT_OVER;
	}
	b->counts.votes++;
	answer = b->fn ? b->fn(b->arg, &vote, who->from) : "not ready yet";
	if (!answer)
		return BALLOT_TAKEN;
	snprintf(why, PROTO_ERROR_MAX, "%s", answer);
	return BALLOT_REFUSED;
}

static struct voter **find_place(struct box *box)
{
	for (unsigned i = 0; i < BALLOT_CLIENTS_MAX; i++) {
		if (!box->voters[i])
			return &box->voters[i];
	}
	return NULL;
}

/* Whether a newcomer may have its place: a TCP client that has not shown yet that it
 * knows the key, or one that has said nothing for long. */
static bool may_go(const struct voter *v, uint64_t now_ms)
{
	if (v->box->conf.kind == BALLOT_TCP && v->seq == 1)
		return true;
	return v->stream.out_len == 0 && now_ms >= v->line_ms + BALLOT_QUIET_MS;
}

/* One of a crowd goes before one who came alone, whom the crowd could push out else. */
static bool goes_before(const struct voter *v, const struct voter *other)
{
	if (v->peer->users != other->peer->users)
		return v->peer->users > other->peer->users;
	return v->line_ms < other->line_ms;
}

/* Else idle clients could keep out all others. */
static bool make_place(struct box *box)
{
	struct voter *oldest = NULL;

	for (unsigned i = 0; i < BALLOT_CLIENTS_MAX; i++) {
		struct voter *v = box->voters[i];

		if (!may_go(v, uv_now(box->ballot->loop)))
			continue;
		if (!oldest || goes_before(v, oldest))
			oldest = v;
	}
	if (!oldest)
		return false;
	box->ballot->counts.refused++;
	voter_leave(oldest);
	return true;
}

static void on_accepted(void *arg, int fd)
{
	static const char full[] = "error: too many clients at one time\n";
	struct box *box = arg;

	if ((find_place(box) || make_place(box)) && voter_new(box, fd)) {
		box->ballot->counts.clients++;
		return;
	}
	box->ballot->counts.refused++;
	(void)send(fd, full, sizeof(full) - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
	close(fd);
}

void ballot_look_after(struct ballot *b, uint64_t now_ms)
{
	for (unsigned i = 0; i < b->boxes; i++) {
		struct box *box = &b->box[i];

		if (box->conf.kind == BALLOT_FIFO) {
			fifo_look_after(box, now_ms);
			continue;
		}
		listener_resume(&box->listener);
		for (unsigned k = 0; k < BALLOT_CLIENTS_MAX; k++) {
			if (box->voters[k])
				voter_look_after(box->voters[k], now_ms);
		}
	}
}

static void on_timer(uv_timer_t *timer)
{
	ballot_look_after(timer->data, uv_now(timer->loop));
}

static void on_turn(uv_prepare_t *prepare)
{
	struct ballot *b = prepare->data;

	b->reads = BALLOT_READS_A_TURN;
}

/* The descriptor or a negative errno. */
static int open_box(struct box *box)
{
	const struct ballot_conf *c = &box->conf;
	struct local_access access = { .mode = c->mode & 0666, .group = c->group };

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

static void forget_boxes(struct ballot *b)
{
	for (unsigned i = 0; i < b->boxes; i++) {
		if (b->box[i].fd >= 0)
			close(b->box[i].fd);
		local_remove(&b->box[i].file);
	}
	sodium_memzero(b->box, b->boxes * sizeof(b->box[0]));
	free(b);
}

static int watch_box(struct box *box)
{
	int err;

	if (box->conf.kind == BALLOT_FIFO) {
		err = fifo_open(box);
	} else {
		err = listener_open(&box->listener, box->ballot->loop, box->fd,
				    on_accepted, box);
		if (err == 0)
			box->fd = -1;
	}
	if (err < 0)
		return err;
	box->is_open = true;
	box->ballot->handles++;
	return 0;
}

static void start_clocks(struct ballot *b)
{
	/* none of these can fail */
	b->handles = 2;
	b->reads = BALLOT_READS_A_TURN;
	b->timer.data = b;
	uv_timer_init(b->loop, &b->timer);
	uv_timer_start(&b->timer, on_timer, TIMER_MS, TIMER_MS);
	b->prepare.data = b;
	uv_prepare_init(b->loop, &b->prepare);
	uv_prepare_start(&b->prepare, on_turn);
}

int ballot_open(struct ballot **out, uv_loop_t *loop, const struct ballot_conf *conf,
		unsigned count, unsigned *which)
{
	struct ballot *b;
	int err = 0;

	*which = 0;
	if (count > BALLOT_BOXES_MAX || sodium_init() < 0)
		return -EINVAL;
	b = calloc(1, sizeof(*b) + count * sizeof(b->box[0]));
	if (!b)
		return -ENOMEM;
	b->loop = loop;
	for (; b->boxes < count; b->boxes++) {
		struct box *box = &b->box[b->boxes];

		box->ballot = b;
		box->conf = conf[b->boxes];
		box->fd = open_box(box);
		if (box->fd < 0) {
			*which = b->boxes;
			err = box->fd;
			forget_boxes(b);
			return err;
		}
	}
	start_clocks(b);
	for (unsigned i = 0; err == 0 && i < count; i++) {
		*which = i;
		err = watch_box(&b->box[i]);
	}
	if (err < 0)
		ballot_close(b);
	else
		*out = b;
	return err;
}

void ballot_set_handler(struct ballot *b, ballot_fn fn, void *arg)
{
	b->fn = fn;
	b->arg = arg;
}

static void close_box(struct box *box)
{
	for (unsigned i = 0; i < BALLOT_CLIENTS_MAX; i++) {
		if (box->voters[i])
			voter_leave(box->voters[i]);
	}
	local_remove(&box->file);
	if (!box->is_open) {
		if (box->fd >= 0)
			close(box->fd);
	} else if (box->conf.kind == BALLOT_FIFO) {
		fifo_close(box);
	} else {
		listener_close(&box->listener, on_listener_closed);
	}
}

void ballot_close(struct ballot *b)
{
	if (!b)
		return;
	for (unsigned i = 0; i < b->boxes; i++)
		close_box(&b->box[i]);
	uv_close((uv_handle_t *)&b->timer, on_timer_closed);
	uv_close((uv_handle_t *)&b->prepare, on_timer_closed);
}

bool ballot_is_there(const struct ballot *b)
{
	for (unsigned i = 0; b && i < b->boxes; i++)
		if (b->box[i].conf.kind != BALLOT_TCP && !local_is_there(&b->box[i].file))
			return false;
	return true;
}

struct ballot_counts ballot_count(const struct ballot *b)
{
	struct ballot_counts counts = b->counts;

	for (unsigned i = 0; i < b->boxes; i++)
		counts.refused += b->box[i].listener.turned_away;
	return counts;
}
