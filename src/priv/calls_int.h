/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * calls_int.h - the system calls of a settled daemon
 *
 * Names as in syscalls(2), of all architectures and of C libraries to come: a name that
 * is not known here is skipped. Lists end with NULL.
 */
#ifndef PRIV_CALLS_INT_H
#define PRIV_CALLS_INT_H

/* Who needs them. */
struct calls {
	const char        *who;
	const char *const *name;
};

/* Allowed whatever their arguments; ended by a row without a name. */
extern const struct calls calls_allowed[];

/* New forms whose arguments no filter can see: the C library takes the old one when the
 * kernel seems not to know them. */
extern const char *const calls_unknown[];

/* Nobody gets here by mistake: whoever does is not this program any more. */
extern const char *const calls_deadly[];

#endif
