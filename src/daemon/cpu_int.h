/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpu_int.h - where the calling thread, and those it makes, may run
 *
 * cpu_linux.c does it, cpu_bsd.c says that it cannot.
 */
#ifndef DAEMON_CPU_INT_H
#define DAEMON_CPU_INT_H

enum { CPU_SET_BYTES = 128 };

/* As the system has it. */
struct cpu_places {
	unsigned long bits[CPU_SET_BYTES / sizeof(unsigned long)];
};

/* Where that is now. */
void cpu_look(struct cpu_places *out);

/* On one CPU from now on, or again where that was. Negative errno; -ENOSYS where the
 * system offers no such thing. */
int cpu_keep_to(unsigned cpu);
void cpu_leave(const struct cpu_places *to);

#endif
