/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * priv_bsd.c - FreeBSD, NetBSD and DragonFly: another user, and no more
 *
 * None of them can close files to a daemon that reads its configuration again: FreeBSD's
 * capability mode ends every look-up of a path. Not yet run on any of them.
 */
#include <unistd.h>

#include "priv/priv_int.h"

enum priv_level priv_most(void)
{
	return PRIV_USER;
}

/* Who stays root can become anybody: there is nothing to prove. */
static int prove(struct settling *s)
{
	bool stays_root = s->plan->uid == (uid_t)-1 && geteuid() == 0;

	return stays_root ? 0 : user_prove(s);
}

const struct priv_step priv_steps[] = {
	{ "leave the groups", PRIV_USER, user_leave_groups, NULL },
	{ "become the user", PRIV_USER, user_become, NULL },
	{ "prove that no user comes back", PRIV_USER, prove, NULL },
	{ NULL, PRIV_NONE, NULL, NULL },
};
