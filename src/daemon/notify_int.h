/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notify_int.h - tell the service manager how far we are (sd_notify(3))
 */
#ifndef DAEMON_NOTIFY_INT_H
#define DAEMON_NOTIFY_INT_H

#include <stdbool.h>

/* Someone waits to be told. */
bool notify_is_wanted(void);

/* Sends one datagram such as "READY=1"; 0, also when nobody wants it, or negative errno.
 */
int notify_send(const char *state);

#endif
