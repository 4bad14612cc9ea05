/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notify.c - datagrams to $NOTIFY_SOCKET
 */
#include "daemon/notify_int.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool notify_is_wanted(void)
{
	const char *path = getenv("NOTIFY_SOCKET");

	return path && path[0] != '\0';
}

int notify_open(struct notify *n)
{
	const char *path = getenv("NOTIFY_SOCKET");
	size_t len;

	memset(n, 0, sizeof(*n));
	if (!notify_is_wanted())
		return 0;
	len = strlen(path);
	if (len >= sizeof(n->to.sun_path) || (path[0] != '/' && path[0] != '@'))
		return -EINVAL;
	n->to.sun_family = AF_UNIX;
	memcpy(n->to.sun_path, path, len);
	if (path[0] == '@')
		n->to.sun_path[0] = '\0'; /* abstract namespace */
	n->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	n->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (n->fd < 0)
		return -errno;
	n->is_open = true;
	return 0;
}

void notify_close(struct notify *n)
{
	if (n->is_open)
		close(n->fd);
	n->is_open = false;
}

int notify_send(const struct notify *n, const char *state)
{
	if (!n->is_open)
		return 0;
	return sendto(n->fd, state, strlen(state), MSG_NOSIGNAL | MSG_DONTWAIT,
		      (const struct sockaddr *)&n->to, n->len) < 0
		       ? -errno
		       : 0;
}

/* Digits and nothing else; -1 when it is something else or too large. */
static int64_t number_of(const char *text)
{
	int64_t value = 0;

	if (text[0] == '\0')
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' || value > INT64_MAX / 10 - 10)
			return -1;
		value = 10 * value + (*text - '0');
	}
	return value;
}

int64_t notify_watchdog_us(void)
{
	const char *us = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");

	if (!us)
		return 0;
	if (pid && number_of(pid) < 0)
		return -EINVAL;
	if (pid && number_of(pid) != getpid())
		return 0;
	return number_of(us) > 0 ? number_of(us) : -EINVAL;
}
