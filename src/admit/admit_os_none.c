/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * admit_os_none.c - systems where a process cannot give up what the helper does not need
 *
 * FreeBSD's capability mode knows no way to run a program by its path.
 */
#include "admit/admit_os_int.h"

bool admit_os_confine(const char *pfctl)
{
	(void)pfctl;
	return true;
}
