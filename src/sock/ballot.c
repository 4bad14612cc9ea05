/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ballot.c - boxes for votes: who may put something in, and who looks after them
 */
#include "sock/ballot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <sodium.h>

#include "sock/ballot_int.h"

enum { TIMER_MS = 500 };

void ballot_drop_handle(struct ballot *b)
{
	if (--b->handles == 0)
		free(b);
}

static void on_timer_closed(uv_handle_t *handle)
{
	ballot_drop_handle(handle->data);
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

void ballot_accept(void *arg, int fd)
{
	struct box *box = arg;
	struct ballot_counts *counts = &box->ballot->counts;
	struct voter **place = find_place(box);

	if (!place && make_place(box))
		place = find_place(box);
	if (!place) {
		counts->refused++;
		listener_send_away(fd, "error: too many clients at one time\n");
	} else if (!voter_new(box, place, fd)) {
		counts->no_memory++;
		listener_send_away(fd, "error: no memory\n");
	} else {
		counts->clients++;
	}
}

void ballot_look_after(struct ballot *b, uint64_t now_ms)
{
	for (unsigned i = 0; i < b->boxes; i++) {
		struct box *box = b->box[i];

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
	int err;

	*which = 0;
	if (sodium_init() < 0)
		return -EINVAL;
	b = calloc(1, sizeof(*b));
	if (!b)
		return -ENOMEM;
	b->loop = loop;
	start_clocks(b);
	err = ballot_change(b, conf, count, which);
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

void ballot_close(struct ballot *b)
{
	if (!b)
		return;
	for (unsigned i = 0; i < b->boxes; i++)
		box_close(b->box[i]);
	b->boxes = 0;
	uv_close((uv_handle_t *)&b->timer, on_timer_closed);
	uv_close((uv_handle_t *)&b->prepare, on_timer_closed);
}

struct ballot_counts ballot_count(const struct ballot *b)
{
	struct ballot_counts counts = b->counts;

	for (unsigned i = 0; i < b->boxes; i++) {
		counts.no_files += b->box[i]->listener.no_files;
		counts.no_memory += b->box[i]->listener.no_memory;
	}
	return counts;
}
