/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * priv_int.h - the steps of priv_settle(), and what they share
 */
#ifndef PRIV_PRIV_INT_H
#define PRIV_PRIV_INT_H

#include "priv/priv.h"

struct settling {
	const struct priv_plan *plan;
	struct priv_outcome    *out;
	struct log             *log;
};

/* Says why a step failed where no errno would, and returns -ENOTRECOVERABLE. */
int settle_failed(struct settling *s, const char *why);

/* user.c: groups and user, when the plan has one. */
int user_leave_groups(struct settling *s);
int user_become(struct settling *s);
int user_prove(struct settling *s);

/* caps.c: capabilities, and the ways back to them. Without CAP_SETPCAP the first two do
 * nothing. */
int caps_lock_root(struct settling *s);
int caps_empty_bounding(struct settling *s);
int caps_keep_net_admin(struct settling *s);
int caps_no_new(struct settling *s);
int caps_prove(struct settling *s);

/* files.c: Landlock. */
int files_close(struct settling *s);
int files_prove(struct settling *s);

/* filter.c: seccomp. */
int filter_calls(struct settling *s);
int filter_prove(struct settling *s);

#endif
