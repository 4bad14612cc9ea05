/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock.c - CLOCK_MONOTONIC, and for what outlives the daemon CLOCK_REALTIME and which
 * boot this is
 */
#include "daemon/clock_int.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int64_t mono_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

struct mono mono_now(void)
{
	return (struct mono){ mono_now_us() / 1000 };
}

int64_t wall_now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec;
}

int64_t boot_now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (int64_t)t.tv_sec;
}

void clock_boot_name(char *out, size_t size)
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, out, size - 1);

	if (fd >= 0)
		close(fd);
	out[n > 0 ? n : 0] = '\0';
	out[strcspn(out, "\n")] = '\0';
}

void clock_nap(int64_t us)
{
	struct timespec t = { us / 1000000, us % 1000000 * 1000 };

	/* A signal may cut it short; the loop looks at the signal next. */
	(void)clock_nanosleep(CLOCK_MONOTONIC, 0, &t, NULL);
}
