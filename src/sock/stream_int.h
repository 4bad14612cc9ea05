/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stream_int.h - one connected client: lines in, bounded bytes out, nobody waited for
 *
 * Reads a little at a time and only when asked, so that a flood cannot keep the loop from
 * its packets: what is not read yet waits in the kernel, and the loop comes back.
 */
#ifndef SOCK_STREAM_INT_H
#define SOCK_STREAM_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uv.h>

#include "sock/lines_int.h"

struct stream {
	uv_poll_t    handle; /* first; data is the owner's */
	uv_poll_cb   on_event;
	int          fd;     /* negative when closed */
	int          events; /* that are waited for */
	bool         is_eof;
	bool         is_deaf; /* the other side takes no more answers */
	unsigned     errors;
	uint64_t     progress_ms; /* by the loop's clock: when bytes last went out */
	char        *out;
	size_t       out_start;
	size_t       out_len;
	size_t       out_size;
	struct lines lines;
};

struct stream_conf {
	uv_loop_t *loop;
	int        fd; /* owned on success */
	uv_poll_cb on_event;
	void      *data;
	size_t     line_max;
	size_t     out_size;
};

/* Waits for nothing yet. Negative errno; then there is nothing to close. */
int stream_open(struct stream *s, const struct stream_conf *conf);

/* `done` is called when the memory may go. */
void stream_close(struct stream *s, uv_close_cb done);

/* UV_READABLE and UV_WRITABLE, or 0. */
void stream_wait_for(struct stream *s, int events);

/* Reads once, up to LINES_READ_BYTES, when there is room for them. */
void stream_read(struct stream *s);

/* Both ways are shut: nobody is there any more. Asks the kernel. */
bool stream_has_hung_up(const struct stream *s);

/* The kernel found an error and libuv has let go of the descriptor. What the other side
 * sent before is still there to be read; it gets no answers. False when that happens
 * again and again: close it. */
bool stream_survives(struct stream *s);

/* Where bytes may be put behind those that wait; *size says how many. stream_put() says
 * how many were. */
char *stream_room(struct stream *s, size_t *size);
void stream_put(struct stream *s, size_t count);

/* False when they do not fit; then nothing is added. */
bool stream_add(struct stream *s, const char *bytes, size_t len);

/* Sends what the kernel takes. */
void stream_flush(struct stream *s);

#endif
