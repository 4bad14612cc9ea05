/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpu_bsd.c - no two BSDs offer the same, and OpenBSD nothing
 */
#include "daemon/cpu_int.h"

#include <errno.h>
#include <string.h>

void cpu_look(struct cpu_places *out)
{
	memset(out, 0, sizeof(*out));
}

int cpu_keep_to(unsigned cpu)
{
	(void)cpu;
	return -ENOSYS;
}

void cpu_leave(const struct cpu_places *to)
{
	(void)to;
}
