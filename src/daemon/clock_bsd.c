/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock_bsd.c - a boot without a name
 *
 * No text that all BSDs offer belongs to one boot alone: kern.boottime moves with the
 * wall clock. So each start of the daemon is taken for one after another boot, and what
 * has passed since the last is what the wall clock says.
 */
#include "daemon/clock_int.h"

int64_t boot_now_s(void)
{
	return mono_now_us() / 1000000;
}

void clock_boot_name(char *out, size_t size)
{
	if (size > 0)
		out[0] = '\0';
}
