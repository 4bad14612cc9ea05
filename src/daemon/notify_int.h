/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notify_int.h - tell the service manager how far we are (sd_notify(3))
 *
 * The socket is opened once and kept: a word to the manager must get through when
 * descriptors have run out, and when privileges are gone.
 */
#ifndef DAEMON_NOTIFY_INT_H
#define DAEMON_NOTIFY_INT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

struct notify {
	bool               is_open;
	int                fd;
	struct sockaddr_un to;
	socklen_t          len;
};

/* Someone waits to be told. */
bool notify_is_wanted(void);

/* 0, also when nobody wants to be told, or negative errno. */
int notify_open(struct notify *n);
void notify_close(struct notify *n);

/* Sends one datagram such as "READY=1"; 0, also when it is not open, or negative errno.
 * Never waits. */
int notify_send(const struct notify *n, const char *state);

/* How often the service manager wants to hear from us at least, in microseconds
 * ($WATCHDOG_USEC, and $WATCHDOG_PID, which must be us); 0 when it does not; -EINVAL when
 * what stands there is no number. */
int64_t notify_watchdog_us(void);

#endif
