/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * admit_os_openbsd.c - OpenBSD: unveil(2) and pledge(2)
 *
 * "proc" is for starting, killing and setting apart pfctl, "exec" for running it; pfctl
 * itself begins without either limit (no execpromises). Not yet run on OpenBSD.
 */
#include "admit/admit_os_int.h"

#include <stddef.h>
#include <unistd.h>

bool admit_os_confine(const char *pfctl)
{
	return unveil(pfctl, "x") == 0 && unveil(NULL, NULL) == 0 &&
	       pledge("stdio proc exec", NULL) == 0;
}
