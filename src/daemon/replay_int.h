/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay_int.h - what the rule would have done to a capture
 *
 * The gate itself, fed from a file and by the file's clock: no root, no network, and the
 * same output for the same input, byte for byte.
 */
#ifndef DAEMON_REPLAY_INT_H
#define DAEMON_REPLAY_INT_H

#include "daemon/arguments.h"
#include "daemon/plan_int.h"

/* Prints to standard output, complains to standard error; the exit status. Takes the
 * plan's lists. */
int replay(const struct arguments *args, struct plan *plan);

#endif
