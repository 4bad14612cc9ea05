/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * detach_int.h - go to the background as 1.x did, but honestly
 *
 * The process that was started returns only when the daemon is ready, with 0, or has
 * failed, with the daemon's own exit status.
 */
#ifndef DAEMON_DETACH_INT_H
#define DAEMON_DETACH_INT_H

#include <stdbool.h>

#define DETACH_PID_FILE "/var/run/mxallowd.pid"

struct detached {
	int  ready;       /* pipe to the waiting parent; -1 = in the foreground */
	bool is_detached;
	bool has_pid_file;
};

/* Returns in the child, before any thread is made; the parent never returns. Negative
 * errno when there can be no child. */
int detach_begin(struct detached *d);

/* Lets the parent go, closes the standard descriptors (standard output only when
 * `keep_stdout` is false) and writes the pid file. Negative errno when that last failed.
 */
int detach_ready(struct detached *d, bool keep_stdout);

void detach_end(struct detached *d);

#endif
