/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helper_int.h - the process that runs pfctl
 *
 * It keeps the privileges that the daemon gives up, so it does as little as can be: reads
 * runs from its socket, checks them, feeds pfctl, reports, and ends when the socket does
 * or says anything it was not made for. Reads no clock: alarm(2) is its timeout.
 */
#ifndef ADMIT_HELPER_INT_H
#define ADMIT_HELPER_INT_H

#include "admit/request_int.h"

struct helper_conf {
	const char           *pfctl; /* checked, as everything here */
	const char           *table;
	unsigned              timeout_s;
	struct request_limits limits;
};

/* In the new process: owns it from here on. `socket` is a stream. Returns the status to
 * exit with: 0 when the socket ended between two runs. */
int helper_run(int socket, const struct helper_conf *c);

#endif
