/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bell.h - wakes a thread that waits in poll(2), and never waits itself
 *
 * A pipe, since every system has one. Rung, it is readable until it is hushed; ringing
 * it again meanwhile costs no system call. Whoever hushes it looks for work afterwards,
 * not before: then nothing that was put before a ring is overlooked.
 *
 * It lies below the log, which has one, and not in base/, which opens nothing.
 */
#ifndef THREAD_BELL_H
#define THREAD_BELL_H

#include <stdatomic.h>
#include <stdbool.h>

struct bell {
	int         in;  /* to wait for */
	int         out;
	atomic_bool has_rung;
};

/* What was never opened: may be closed. */
#define BELL_CLOSED { .in = -1, .out = -1 }

/* Negative errno; then it is closed. */
int bell_open(struct bell *b);
void bell_close(struct bell *b);

void bell_ring(struct bell *b);
void bell_hush(struct bell *b);

/* Waits for a ring, for ever when `timeout_ms` is negative, and hushes it. False when
 * there was none. */
bool bell_wait(struct bell *b, int timeout_ms);

#endif
