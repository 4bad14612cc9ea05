/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * control_client.c - talk with one client of the control socket
 *
 * A client is in one state at a time and reads commands only when it is idle. Whatever
 * there is to do happens in client_turn(), once for each event, a slice at a time.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sock/control_int.h"

enum {
	OUT_BYTES = CONTROL_PENDING_BYTES + CONTROL_SLICE_BYTES,
	RESERVE_BYTES = 128, /* for `lost N` and `end`, whatever the rows do */
	IMPORTS_A_TURN = 64,
};

uint64_t *control_scratch(struct control_client *client)
{
	return &client->scratch;
}

const struct proto_command *control_command(const struct control_client *client)
{
	return &client->command;
}

static bool is_here(const struct control_client *client)
{
	return client->stream.fd >= 0;
}

static bool has_too_much(const struct control_client *client)
{
	return client->stream.out_len >= CONTROL_PENDING_BYTES;
}

bool control_is_full(const struct control_client *client)
{
	return has_too_much(client) || client->slice >= CONTROL_SLICE_BYTES;
}

static void add_text(struct control_client *client, const char *text)
{
	if (!stream_add(&client->stream, text, strlen(text)))
		client->lost++;
}

static void tell_lost(struct control_client *client)
{
	char text[64];

	if (client->lost == 0)
		return;
	snprintf(text, sizeof(text), "lost %llu\n", (unsigned long long)client->lost);
	client->lost = 0;
	add_text(client, text);
}

void control_row(struct control_client *client, const char *fmt, ...)
{
	size_t size;
	va_list args;
	char *room;
	int len;

	if (!is_here(client) || client->stream.is_deaf)
		return;
	if (!has_too_much(client))
		tell_lost(client);
	room = stream_room(&client->stream, &size);
	size = size > RESERVE_BYTES ? size - RESERVE_BYTES : 0;
	va_start(args, fmt);
	len = vsnprintf(room, size, fmt, args);
	va_end(args);
	if (len < 0 || (size_t)len >= size) {
		client->lost++;
		return;
	}
	room[len] = '\n';
	stream_put(&client->stream, (size_t)len + 1);
	client->slice += (size_t)len + 1;
}

static void choose_events(struct control_client *client)
{
	const struct stream *s = &client->stream;
	bool has_lines = lines_has_more(&s->lines);
	bool is_busy = client->state == CONTROL_ANSWERING ||
		       client->state == CONTROL_WAITING || has_too_much(client);
	int events = 0;

	if (!s->is_eof && !is_busy && !has_lines)
		events |= UV_READABLE;
	/* A socket that takes bytes wakes us in the next turn, after the packets. */
	if (s->out_len > 0 || client->state == CONTROL_ANSWERING ||
	    (has_lines && client->state != CONTROL_WAITING))
		events |= UV_WRITABLE;
	stream_wait_for(&client->stream, events);
}

void control_client_tell(struct control_client *client, const char *line)
{
	if (has_too_much(client)) {
		client->lost++;
		client->owner->counts.lost++;
		return;
	}
	control_row(client, "%s", line);
	choose_events(client);
}

bool control_client_is_stuck(const struct control_client *client, uint64_t now_ms)
{
	bool is_due = client->stream.out_len > 0 || client->state == CONTROL_ANSWERING;

	if (client->state == CONTROL_WAITING)
		return stream_has_hung_up(&client->stream);
	/* When something waits here, the kernel holds all it may already. */
	return is_due &&
	       now_ms >= client->stream.progress_ms + CONTROL_PATIENCE_MS;
}

static void say_gone(struct control_client *client)
{
	if (!client->owes_gone)
		return;
	client->owes_gone = false;
	client->owner->ops.gone(client->owner->arg, client);
}

static void end_answer(struct control_client *client)
{
	client->state = CONTROL_IDLE;
	say_gone(client);
	if (!is_here(client))
		return;
	tell_lost(client);
	add_text(client, "end\n");
}

void control_wait(struct control_client *client)
{
	client->is_waiting = true;
}

void control_finish(struct control_client *client)
{
	end_answer(client);
	if (is_here(client))
		choose_events(client);
}

static void refuse(struct control_client *client, const char *why)
{
	client->owner->counts.bad++;
	control_row(client, "error: %s", why);
}

static void obey(struct control_client *client, const char *line, size_t len)
{
	struct control *c = client->owner;
	char error[PROTO_ERROR_MAX];
	bool has_more;

	if (!proto_read_command(line, len, &client->command, error)) {
		refuse(client, error);
		end_answer(client);
		return;
	}
	client->scratch = 0;
	client->owes_gone = true;
	client->is_waiting = false;
	has_more = c->ops.begin(c->arg, client, &client->command);
	if (!is_here(client))
		return;
	if (client->command.kind == PROTO_WATCH) {
		client->state = CONTROL_WATCHING;
	} else if (client->command.kind == PROTO_IMPORT) {
		client->state = CONTROL_IMPORTING;
		client->is_wanted = has_more;
	} else if (has_more) {
		client->state = client->is_waiting ? CONTROL_WAITING : CONTROL_ANSWERING;
	} else {
		end_answer(client);
	}
}

/* One line behind an `import`. */
static void take_import(struct control_client *client, const char *line, size_t len)
{
	struct control *c = client->owner;
	char text[PROTO_LINE_MAX];

	if (len > 0 && line[len - 1] == '\r')
		len--;
	if (len == 3 && memcmp(line, "end", 3) == 0) {
		if (client->is_wanted)
			client->state = CONTROL_ANSWERING;
		else
			end_answer(client);
		return;
	}
	if (!client->is_wanted)
		return;
	if (memchr(line, '\0', len)) {
		refuse(client, "a control byte in the line");
		return;
	}
	memcpy(text, line, len);
	text[len] = '\0';
	c->ops.line(c->arg, client, text);
}

static void take_line(struct control_client *client, const char *line, size_t len)
{
	/* Whatever a watcher says, it has seen enough. */
	if (client->state == CONTROL_WATCHING)
		end_answer(client);
	if (!is_here(client))
		return;
	if (client->state == CONTROL_IMPORTING)
		take_import(client, line, len);
	else if (len > 0)
		obey(client, line, len);
}

/* Lines of an import many at a time, commands one by one. */
static void take_lines(struct control_client *client)
{
	for (unsigned i = 0; i < IMPORTS_A_TURN; i++) {
		const char *line;
		size_t len;

		if (client->state == CONTROL_ANSWERING ||
		    client->state == CONTROL_WAITING || control_is_full(client))
			return;
		switch (lines_next(&client->stream.lines, &line, &len)) {
		case LINES_NONE:
			return;
		case LINES_TOO_LONG:
			if (client->state == CONTROL_WATCHING)
				end_answer(client);
			refuse(client, "the line is longer than 511 bytes");
			if (client->state == CONTROL_IDLE)
				end_answer(client);
			break;
		case LINES_ONE:
			take_line(client, line, len);
			break;
		}
		if (!is_here(client) || client->state == CONTROL_IDLE)
			return;
	}
}

static bool is_over(const struct control_client *client)
{
	const struct stream *s = &client->stream;

	if (s->is_deaf)
		return true;
	return s->is_eof && client->state != CONTROL_ANSWERING &&
	       client->state != CONTROL_WAITING && !lines_has_more(&s->lines) &&
	       (s->out_len == 0 || client->state == CONTROL_WATCHING);
}

static void client_turn(struct control_client *client)
{
	struct control *c = client->owner;

	stream_flush(&client->stream);
	client->slice = 0;
	if (client->state == CONTROL_WATCHING && client->stream.out_len == 0)
		tell_lost(client);
	if (client->state == CONTROL_ANSWERING && !control_is_full(client)) {
		bool has_more = c->ops.more(c->arg, client);

		/* perhaps without a row: it may have to look far for one */
		client->stream.progress_ms = uv_now(c->timer.loop);
		if (is_here(client) && !has_more)
			end_answer(client);
	}
	if (is_here(client))
		take_lines(client);
	if (!is_here(client))
		return;
	stream_flush(&client->stream);
	if (is_over(client))
		control_client_leave(client);
	else
		choose_events(client);
}

static void on_event(uv_poll_t *handle, int status, int events)
{
	struct control_client *client = handle->data;

	/* It closed without having read its answer. */
	if (status < 0 && !stream_survives(&client->stream)) {
		control_client_leave(client);
		return;
	}
	if (status < 0 || (events & UV_READABLE)) {
		stream_read(&client->stream);
		if (client->stream.out_len == 0) /* else of who reads nothing */
			client->stream.progress_ms = uv_now(handle->loop);
	}
	client_turn(client);
}

static void on_closed(uv_handle_t *handle)
{
	struct control_client *client = handle->data;

	control_drop_handle(client->owner);
	free(client);
}

bool control_client_new(struct control *c, struct control_client **place, int fd)
{
	struct control_client *client = calloc(1, sizeof(*client));
	struct stream_conf conf = {
		.loop = c->timer.loop,
		.fd = fd,
		.on_event = on_event,
		.data = client,
		.line_max = PROTO_LINE_MAX,
		.out_size = OUT_BYTES,
	};

	if (!client)
		return false;
	client->owner = c;
	if (stream_open(&client->stream, &conf) < 0) {
		free(client);
		return false;
	}
	c->handles++;
	*place = client;
	choose_events(client);
	return true;
}

void control_client_leave(struct control_client *client)
{
	struct control *c = client->owner;

	for (unsigned i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		if (c->clients[i] == client)
			c->clients[i] = NULL;
	}
	say_gone(client);
	if (is_here(client))
		stream_close(&client->stream, on_closed);
}
