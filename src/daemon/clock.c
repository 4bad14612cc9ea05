/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock.c - CLOCK_MONOTONIC, and for what outlives the daemon CLOCK_REALTIME; the boot is
 * in clock_linux.c and clock_bsd.c
 */
#include "daemon/clock_int.h"

#include <time.h>

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

int64_t wall_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t wall_now_s(void)
{
	return wall_now_ms() / 1000;
}

void clock_nap(int64_t us)
{
	struct timespec t = { us / 1000000, us % 1000000 * 1000 };

	/* A signal may cut it short; the loop looks at the signal next. */
	(void)nanosleep(&t, NULL);
}
