/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reason.h - why a packet met its verdict, and the stable words for it
 *
 * The tokens stand in the log, in the man page and in the tests; they never change.
 */
#ifndef CORE_REASON_H
#define CORE_REASON_H

#include "core/policy.h"

enum reason {
	REASON_NOT_A_SYN,
	REASON_MALFORMED,
	REASON_OTHER_DESTINATION,
	REASON_LISTED_ALLOW,
	REASON_LISTED_DENY,
	REASON_PENALTY,
	REASON_KNOCK,
	REASON_OPEN,
	REASON_PAUSING,
	REASON_SPENT,
	REASON_FIRST_TRY,
	REASON_NO_KNOCK,
	REASON_UNSURE,
};

#define REASONS (REASON_UNSURE + 1)

const char *reason_name(enum reason r);
const char *verdict_name(enum verdict v);

#endif
