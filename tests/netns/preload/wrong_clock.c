/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wrong_clock.c - a wall clock that is off by as many seconds as a file says
 *
 * To be preloaded; $WRONG_CLOCK names the file, which is read anew each time. All other
 * clocks tell the truth. Only system calls, so that it does no harm to a sanitizer that
 * asks for the time before it is set up.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long seconds_off(void)
{
	const char *path = getenv("WRONG_CLOCK");
	char text[32] = "";
	int fd;

	if (!path)
		return 0;
	fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return 0;
	(void)!syscall(SYS_read, fd, text, sizeof(text) - 1);
	(void)syscall(SYS_close, fd);
	return strtol(text, NULL, 10);
}

int clock_gettime(clockid_t clock, struct timespec *out)
{
	int rc = (int)syscall(SYS_clock_gettime, clock, out);

	if (rc == 0 && clock == CLOCK_REALTIME)
		out->tv_sec += seconds_off();
	return rc;
}
