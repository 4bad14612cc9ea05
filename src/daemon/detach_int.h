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
	int  pid_file;    /* -1 = none */
	bool is_detached;
};

/* Returns in the child, before any thread is made; the parent never returns. Negative
 * errno when there can be no child. */
int detach_begin(struct detached *d);

/* Writes the pid file while it may; nothing in the foreground. Negative errno. */
int detach_write_pid(struct detached *d);

/* Lets the parent go and closes the standard descriptors, standard output only when
 * `keep_stdout` is false. */
void detach_ready(struct detached *d, bool keep_stdout);

/* Removes the pid file; who may no longer do that makes it empty. */
void detach_end(struct detached *d);

#endif
