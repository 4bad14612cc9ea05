/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hung_lock.c - flock() that hangs as a dead file server makes it, while a file is there
 *
 * To be preloaded; $HUNG names the file.
 */
#include <poll.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LOOK_MS = 50 };

int flock(int fd, int operation)
{
	const char *path = getenv("HUNG");

	while (path && access(path, F_OK) == 0)
		(void)poll(NULL, 0, LOOK_MS);
	return (int)syscall(SYS_flock, fd, operation);
}
