/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spawn_int.h - one pfctl: no shell, no environment, no descriptors but three pipes' ends
 */
#ifndef ADMIT_SPAWN_INT_H
#define ADMIT_SPAWN_INT_H

#include <stdbool.h>
#include <sys/types.h>

struct spawned {
	pid_t pid; /* 0 = none is running */
	int   in;  /* to its standard input, without waiting; -1 = closed */
	int   out; /* from its output and errors, likewise */
};

/* Signals that the helper ignores and pfctl does not; a zero ends them. */
extern const int spawn_ignored[];

/* `pfctl -q -t TABLE -T COMMAND -f -`, in a process group of its own. 0 or a positive
 * errno; then nothing is open. */
int spawned_start(struct spawned *s, const char *pfctl, const char *table,
		  const char *command);

/* True once, with what waitpid() says of it. */
bool spawned_has_ended(struct spawned *s, int *status);

/* It and what it has started. */
void spawned_kill(const struct spawned *s);

/* Closes what is open and writes -1. */
void spawned_close(int *fd);

#endif
