/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpu_linux.c - sched_setaffinity(2)
 */
#include "daemon/cpu_int.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

_Static_assert(sizeof(cpu_set_t) == sizeof(struct cpu_places), "a set of CPUs fits");

void cpu_look(struct cpu_places *out)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	(void)sched_getaffinity(0, sizeof(set), &set);
	memcpy(out, &set, sizeof(set));
}

int cpu_keep_to(unsigned cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set) < 0 ? -errno : 0;
}

void cpu_leave(const struct cpu_places *to)
{
	cpu_set_t set;

	memcpy(&set, to, sizeof(set));
	(void)sched_setaffinity(0, sizeof(set), &set);
}
