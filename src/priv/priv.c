/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * priv.c - the steps, in order
 */
#include "priv/priv.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "priv/priv_int.h"

/* What follows would hold for the thread that takes the steps only. A folder has a link
 * from each one in it. */
static int be_alone(struct settling *s)
{
	struct stat st;

	if (stat("/proc/self/task", &st) == 0 && st.st_nlink > 3)
		return settle_failed(s, "a thread was made too early");
	return 0;
}

/* The next two need a capability that the sixth gives up. What a filter would forbid is
 * tried before there is one, so that not the filter alone is proved. */
static const struct {
	const char *name;
	enum priv_level level; /* from here on */
	int (*take)(struct settling *s);
	const char *lacks; /* when it is not permitted */
} steps[] = {
	{ "be alone", PRIV_USER, be_alone, NULL },
	{ "make root a user like others", PRIV_USER, caps_lock_root, "CAP_SETPCAP" },
	{ "empty the bounding set", PRIV_USER, caps_empty_bounding, "CAP_SETPCAP" },
	{ "leave the groups", PRIV_USER, user_leave_groups, "CAP_SETGID" },
	{ "become the user", PRIV_USER, user_become, "CAP_SETUID" },
	{ "keep CAP_NET_ADMIN only", PRIV_USER, caps_keep_net_admin, "CAP_NET_ADMIN" },
	{ "take no new privileges", PRIV_USER, caps_no_new, NULL },
	{ "prove that no user comes back", PRIV_USER, user_prove, NULL },
	{ "prove that no capability comes back", PRIV_USER, caps_prove, NULL },
	{ "close the files", PRIV_FULL, files_close, NULL },
	{ "prove that files are closed", PRIV_FULL, files_prove, NULL },
	{ "filter calls", PRIV_FULL, filter_calls, NULL },
	{ "prove that calls are filtered", PRIV_FULL, filter_prove, NULL },
};

int settle_failed(struct settling *s, const char *why)
{
	snprintf(s->out->why, sizeof(s->out->why), "%s", why);
	return -ENOTRECOVERABLE;
}

int priv_settle(const struct priv_plan *p, struct log *log, struct priv_outcome *out)
{
	struct settling s = { p, out, log };

	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		int err;

		if (p->level < steps[i].level)
			continue;
		err = steps[i].take(&s);
		if (err == 0) {
			log_talk(log, "privileges: %s", steps[i].name);
			continue;
		}
		out->step = steps[i].name;
		if (err == -EPERM && out->why[0] == '\0')
			out->lacks = steps[i].lacks;
		return err;
	}
	return 0;
}
