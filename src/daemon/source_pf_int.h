/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source_pf_int.h - what source_pf.c and admissions.c share
 */
#ifndef DAEMON_SOURCE_PF_INT_H
#define DAEMON_SOURCE_PF_INT_H

#include "daemon/admissions_int.h"

struct pflog_tap;

struct source {
	struct pflog_tap *tap; /* owned */
	struct admissions admissions;
	uint64_t          drops; /* that were told */
	bool              is_burst;
};

#endif
