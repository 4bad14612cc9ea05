/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * voter.c - talk with one client of a unix or TCP box
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sodium.h>

#include "sock/ballot_int.h"
#include "sock/tcp_int.h"

enum {
	OUT_BYTES = 8 * 1024,
	ANSWER_BYTES = PROTO_ERROR_MAX + 16,
};

static bool is_tcp(const struct voter *v)
{
	return v->box->conf.kind == BALLOT_TCP;
}

static void answer(struct voter *v, const char *error)
{
	char text[ANSWER_BYTES];

	if (v->stream.fd < 0)
		return;
	if (error)
		snprintf(text, sizeof(text), "error: %s\n", error);
	else
		snprintf(text, sizeof(text), "ok\n");
	/* take_line() sees to it that there is room */
	(void)stream_add(&v->stream, text, strlen(text));
}

static void refuse(struct voter *v, uint64_t *count, const char *why)
{
	(*count)++;
	v->bad++;
	answer(v, why);
}

static void hear(struct voter *v, const char *line, size_t len)
{
	struct ballot *b = v->box->ballot;
	struct speaker who = { v->peer, v->from };
	char why[PROTO_ERROR_MAX];

	enum ballot_outcome outcome = ballot_hear(b, &who, line, len, why);

	switch (outcome) {
	case BALLOT_TAKEN:
	case BALLOT_REFUSED:
		v->bad = 0;
		v->line_ms = uv_now(b->loop);
		break;
	case BALLOT_OVER:
		break;
	case BALLOT_BAD:
		v->bad++;
		break;
	}
	answer(v, outcome == BALLOT_TAKEN ? NULL : why);
}

static void hear_signed(struct voter *v, const char *line, size_t len)
{
	struct ballot_counts *counts = &v->box->ballot->counts;
	struct tcp_key key = { v->box->conf.key, v->box->conf.key_bytes };
	char why[PROTO_ERROR_MAX];
	struct proto_signed s;

	if (!proto_read_signed(line, len, &s, why)) {
		refuse(v, &counts->bad, why);
		return;
	}
	if (!tcp_is_genuine(&key, v->nonce, &s)) {
		refuse(v, &counts->forged, "the signature is wrong");
		return;
	}
	if (s.seq != v->seq) {
		snprintf(why, sizeof(why), "the next number is %llu",
			 (unsigned long long)v->seq);
		refuse(v, &counts->forged, why);
		return;
	}
	/* Whatever the vote in it is worth: the number is used up. */
	v->seq++;
	v->line_ms = uv_now(v->box->ballot->loop);
	hear(v, s.line, s.len);
}

/* False when nothing is left to hear, or no room to answer. */
static bool take_line(struct voter *v)
{
	struct ballot_counts *counts = &v->box->ballot->counts;
	const char *line;
	size_t len;

	if (v->stream.out_len > OUT_BYTES - 2 * ANSWER_BYTES)
		return false;
	switch (lines_next(&v->stream.lines, &line, &len)) {
	case LINES_NONE:
		return false;
	case LINES_TOO_LONG:
		refuse(v, &counts->bad, "the line is longer than 511 bytes");
		return true;
	case LINES_ONE:
		break;
	}
	if (is_tcp(v))
		hear_signed(v, line, len);
	else
		hear(v, line, len);
	return true;
}

static void choose_events(struct voter *v)
{
	struct stream *s = &v->stream;
	bool has_lines = lines_has_more(&s->lines);
	int events = 0;

	/* One that does not take its answers is not listened to. */
	if (!s->is_eof && !has_lines && s->out_len < OUT_BYTES / 2)
		events |= UV_READABLE;
	if (s->out_len > 0 || has_lines)
		events |= UV_WRITABLE;
	stream_wait_for(s, events);
}

static bool is_over(const struct voter *v)
{
	const struct stream *s = &v->stream;

	if (v->bad >= BALLOT_BAD_LINES)
		return true;
	return s->is_eof && !lines_has_more(&s->lines) && s->out_len == 0;
}

static void voter_turn(struct voter *v)
{
	stream_flush(&v->stream);
	while (v->bad < BALLOT_BAD_LINES && take_line(v)) {
		if (v->stream.fd < 0)
			return;
	}
	stream_flush(&v->stream);
	if (is_over(v))
		voter_leave(v);
	else
		choose_events(v);
}

static void on_event(uv_poll_t *handle, int status, int events)
{
	struct voter *v = handle->data;

	/* It closed without reading its answers; its votes are here and count. */
	if (status < 0 && !stream_survives(&v->stream)) {
		voter_leave(v);
		return;
	}
	if ((events & UV_READABLE) && ballot_may_read(v->box->ballot))
		stream_read(&v->stream);
	voter_turn(v);
}

static void on_closed(uv_handle_t *handle)
{
	struct voter *v = handle->data;

	box_drop_handle(v->box);
	free(v);
}

static bool know_peer(struct voter *v, int fd)
{
	struct peer_name name = { .kind = v->box->conf.kind };
	char text[ADDR_TEXT_MAX];
	uid_t uid;

	if (is_tcp(v)) {
		name.addr = tcp_peer(fd);
		snprintf(v->from, sizeof(v->from), "tcp:%s",
			 addr_format(&name.addr, text));
	} else {
		if (!local_peer(fd, &uid))
			return false;
		name.number = uid;
		snprintf(v->from, sizeof(v->from), "uid:%u", (unsigned)uid);
	}
	v->peer = peers_join(&v->box->ballot->peers, &name, uv_now(v->box->ballot->loop));
	return v->peer != NULL;
}

static void greet(struct voter *v, int fd)
{
	char hex[2 * PROTO_NONCE_BYTES + 1], text[64];
	int on = 1;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	randombytes_buf(v->nonce, sizeof(v->nonce));
	sodium_bin2hex(hex, sizeof(hex), v->nonce, sizeof(v->nonce));
	snprintf(text, sizeof(text), "mxallowd 1 %s\n", hex);
	(void)stream_add(&v->stream, text, strlen(text));
}

bool voter_new(struct box *box, struct voter **place, int fd)
{
	struct voter *v = calloc(1, sizeof(*v));
	struct stream_conf conf = {
		.loop = box->ballot->loop,
		.fd = fd,
		.on_event = on_event,
		.data = v,
		.line_max = PROTO_LINE_MAX,
		.out_size = OUT_BYTES,
	};

	if (!v)
		return false;
	if (box->conf.kind == BALLOT_TCP)
		conf.line_max = PROTO_SIGNED_MAX;
	v->box = box;
	v->seq = 1;
	v->line_ms = uv_now(box->ballot->loop);
	if (!know_peer(v, fd))
		goto discard;
	if (stream_open(&v->stream, &conf) < 0) {
		peers_leave(v->peer);
		goto discard;
	}
	if (is_tcp(v))
		greet(v, fd);
	box->handles++;
	*place = v;
	voter_turn(v);
	return true;

discard:
	free(v);
	return false;
}

void voter_leave(struct voter *v)
{
	for (unsigned i = 0; i < BALLOT_CLIENTS_MAX; i++) {
		if (v->box->voters[i] == v)
			v->box->voters[i] = NULL;
	}
	peers_leave(v->peer);
	stream_close(&v->stream, on_closed);
}

void voter_look_after(struct voter *v, uint64_t now_ms)
{
	bool is_stuck = v->stream.out_len >= OUT_BYTES / 2 &&
			now_ms >= v->stream.progress_ms + BALLOT_PATIENCE_MS;
	bool is_idle = is_tcp(v) && now_ms >= v->line_ms + BALLOT_IDLE_MS;

	v->box->ballot->counts.slow += is_stuck;
	if (is_stuck || is_idle)
		voter_leave(v);
}
