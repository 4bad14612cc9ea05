/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * priv_linux.c - Linux: user, capabilities, Landlock, seccomp
 */
#include <errno.h>
#include <sys/stat.h>

#include "priv/priv_int.h"

enum priv_level priv_most(void)
{
	return PRIV_FULL;
}

/* What follows would hold for the thread that takes the steps only. A folder has a link
 * from each one in it. */
static int be_alone(struct settling *s)
{
	struct stat st;

	if (stat("/proc/self/task", &st) == 0 && st.st_nlink > 3)
		return settle_failed(s, "a thread was made too early");
	return 0;
}

/* A user name space may know of few users; not to know one is EINVAL (setuid(2)). */
static int explain(struct settling *s, int err)
{
	if (err != -EINVAL)
		return err;
	(void)settle_failed(s, "this user name space does not know him; say user = root "
			       "to stay root in it");
	return -EPERM;
}

static int leave_groups(struct settling *s)
{
	return explain(s, user_leave_groups(s));
}

static int become(struct settling *s)
{
	return explain(s, user_become(s));
}

/* The second and third need a capability that the sixth gives up. What a filter would
 * forbid is tried before there is one, so that not the filter alone is proved. */
const struct priv_step priv_steps[] = {
	{ "be alone", PRIV_USER, be_alone, NULL },
	{ "make root a user like others", PRIV_USER, caps_lock_root, "CAP_SETPCAP" },
	{ "empty the bounding set", PRIV_USER, caps_empty_bounding, "CAP_SETPCAP" },
	{ "leave the groups", PRIV_USER, leave_groups, "CAP_SETGID" },
	{ "become the user", PRIV_USER, become, "CAP_SETUID" },
	{ WITH_PF ? "keep no capability" : "keep CAP_NET_ADMIN only", PRIV_USER,
	  caps_drop, "CAP_NET_ADMIN" },
	{ "take no new privileges", PRIV_USER, caps_no_new, NULL },
	{ "prove that no user comes back", PRIV_USER, user_prove, NULL },
	{ "prove that no capability comes back", PRIV_USER, caps_prove, NULL },
	{ "close the files", PRIV_FULL, files_close, NULL },
	{ "prove that files are closed", PRIV_FULL, places_prove, NULL },
	{ "filter calls", PRIV_FULL, filter_calls, NULL },
	{ "prove that calls are filtered", PRIV_FULL, filter_prove, NULL },
	{ NULL, PRIV_NONE, NULL, NULL },
};
