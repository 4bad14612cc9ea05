/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock_int.h - the only place that reads a clock
 */
#ifndef DAEMON_CLOCK_INT_H
#define DAEMON_CLOCK_INT_H

#include <stddef.h>
#include <stdint.h>

#include "base/tick.h"

struct mono mono_now(void);

/* The same clock in microseconds, for pacing. */
int64_t mono_now_us(void);

/* Since 1970; may jump. Only for what people, other machines or later runs read. */
int64_t wall_now_ms(void);
int64_t wall_now_s(void);

/* Seconds since the boot that clock_boot_name() names; goes on while suspended. */
int64_t boot_now_s(void);

/* A text that no other boot has; "" when the kernel does not tell. */
void clock_boot_name(char *out, size_t size);

/* Sleeps; other threads and signals go on. */
void clock_nap(int64_t us);

#endif
