/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock_int.h - the only place that reads a clock
 */
#ifndef DAEMON_CLOCK_INT_H
#define DAEMON_CLOCK_INT_H

#include <stdint.h>

#include "base/tick.h"

struct mono mono_now(void);

/* The same clock in microseconds, for pacing. */
int64_t mono_now_us(void);

/* Seconds since 1970; may jump. Only for what other machines or later runs read. */
int64_t wall_now_s(void);

/* Sleeps; other threads and signals go on. */
void clock_nap(int64_t us);

#endif
