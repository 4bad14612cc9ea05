/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * priv_int.h - the steps of priv_settle(), and what they share
 *
 * One of priv_linux.c, priv_openbsd.c and priv_bsd.c says which there are. user.c and
 * places.c are everybody's; caps.c, files.c, filter.c and calls.c are Linux'.
 */
#ifndef PRIV_PRIV_INT_H
#define PRIV_PRIV_INT_H

#include "priv/priv.h"

struct settling {
	const struct priv_plan *plan;
	struct priv_outcome    *out;
	struct log             *log;
};

struct priv_step {
	const char     *name;
	enum priv_level level; /* from here on */
	int (*take)(struct settling *s);
	const char     *lacks; /* when it is not permitted; NULL = no capability */
};

/* In order; ended by a row without a name. */
extern const struct priv_step priv_steps[];

/* Says why a step failed where no errno would, and returns -ENOTRECOVERABLE. */
int settle_failed(struct settling *s, const char *why);

/* user.c: groups and user, when the plan has one. */
int user_leave_groups(struct settling *s);
int user_become(struct settling *s);
int user_prove(struct settling *s);

/* places.c: whether a path without symbolic links lies in a place that allows this; and
 * that nothing outside of them can be read. */
bool places_cover(const struct priv_plan *p, const char *real, enum priv_access access);
int places_prove(struct settling *s);

/* caps.c: capabilities, and the ways back to them. Without CAP_SETPCAP the first two do
 * nothing. */
int caps_lock_root(struct settling *s);
int caps_empty_bounding(struct settling *s);
int caps_drop(struct settling *s);
int caps_no_new(struct settling *s);
int caps_prove(struct settling *s);

/* files.c: Landlock. */
int files_close(struct settling *s);

/* filter.c: seccomp. */
int filter_calls(struct settling *s);
int filter_prove(struct settling *s);

#endif
