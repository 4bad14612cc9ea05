/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bell.c - one byte in a pipe
 */
#include "thread/bell.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

/* More than the pipe ever holds: a byte for each ring that a hush overtook. */
enum { BYTES = 64 };

int bell_open(struct bell *b)
{
	int end[2] = { -1, -1 };
	int err = pipe2(end, O_CLOEXEC | O_NONBLOCK) < 0 ? -errno : 0;

	b->in = end[0];
	b->out = end[1];
	atomic_init(&b->has_rung, false);
	return err;
}

void bell_close(struct bell *b)
{
	if (b->in >= 0) {
		close(b->in);
		close(b->out);
	}
	b->in = b->out = -1;
}

void bell_ring(struct bell *b)
{
	if (!atomic_exchange(&b->has_rung, true))
		(void)!write(b->out, "", 1);
}

/* The mark goes last: who rings before that is heard by the look for work that follows,
 * who rings after it writes a byte. */
void bell_hush(struct bell *b)
{
	char bytes[BYTES];

	(void)!read(b->in, bytes, sizeof(bytes));
	(void)atomic_exchange(&b->has_rung, false);
}

bool bell_wait(struct bell *b, int timeout_ms)
{
	struct pollfd p = { .fd = b->in, .events = POLLIN };

	if (poll(&p, 1, timeout_ms) <= 0)
		return false;
	bell_hush(b);
	return true;
}
