/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * user.c - who we become, and that we stay it
 *
 * By what all systems share: root's setuid() and setgid() change the real, the effective
 * and the saved number (POSIX). Not everywhere can the saved one be read: that it went
 * shows when seteuid() cannot bring it back.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#include "priv/priv_int.h"

enum {
	ENTRY_BYTES = 64 * 1024, /* of a line of passwd; a group may have many members */
	ANOTHER_ID = 65534,
};

bool priv_find_user(const char *name, struct priv_user *out)
{
	char *room = malloc(ENTRY_BYTES);
	struct passwd entry, *found = NULL;

	if (!room)
		return false;
	(void)getpwnam_r(name, &entry, room, ENTRY_BYTES, &found);
	if (found)
		*out = (struct priv_user){ entry.pw_uid, entry.pw_gid };
	free(room);
	return found;
}

void priv_name_user(uid_t uid, char out[PRIV_NAME_MAX])
{
	char *room = malloc(ENTRY_BYTES);
	struct passwd entry, *found = NULL;

	if (room)
		(void)getpwuid_r(uid, &entry, room, ENTRY_BYTES, &found);
	if (found)
		snprintf(out, PRIV_NAME_MAX, "%s", entry.pw_name);
	else
		snprintf(out, PRIV_NAME_MAX, "%ld", (long)uid);
	free(room);
}

void priv_load_names(void)
{
	static const char nobody[] = "no-such-name-in-any-database";
	char *room = malloc(ENTRY_BYTES);
	struct passwd user, *found_user;
	struct group group, *found_group;

	if (!room)
		return;
	(void)getpwnam_r(nobody, &user, room, ENTRY_BYTES, &found_user);
	(void)getgrnam_r(nobody, &group, room, ENTRY_BYTES, &found_group);
	free(room);
}

bool priv_add_group(struct priv_plan *p, gid_t gid)
{
	for (unsigned i = 0; i < p->groups; i++)
		if (p->group[i] == gid)
			return true;
	if (p->groups == PRIV_GROUPS_MAX)
		return false;
	p->group[p->groups++] = gid;
	return true;
}

/* Asks the kernel: it knows of groups we were started with, too. */
bool priv_is_member(const struct priv_plan *p, gid_t gid)
{
	gid_t *group;
	bool is_member = gid == getegid();
	int count;

	if (p->level == PRIV_NONE)
		return true;
	count = getgroups(0, NULL);
	group = count > 0 ? calloc((size_t)count, sizeof(*group)) : NULL;
	if (group)
		count = getgroups(count, group);
	for (int i = 0; group && i < count; i++)
		is_member = is_member || group[i] == gid;
	free(group);
	return is_member;
}

/* On some systems the first of them is the effective group. */
static int set_groups(const struct priv_plan *p, gid_t gid)
{
	gid_t group[PRIV_GROUPS_MAX + 1] = { gid };
	unsigned count = 1;

	for (unsigned i = 0; i < p->groups; i++)
		if (p->group[i] != gid)
			group[count++] = p->group[i];
	return setgroups(count, group);
}

/* Who stays root keeps his group, and what groups a name space allows: in one without
 * other users there is nothing to leave. */
int user_leave_groups(struct settling *s)
{
	const struct priv_plan *p = s->plan;

	if (p->uid == (uid_t)-1) {
		if (geteuid() == 0)
			(void)set_groups(p, getegid());
		return 0;
	}
	return set_groups(p, p->gid) < 0 || setgid(p->gid) < 0 ? -errno : 0;
}

int user_become(struct settling *s)
{
	const struct priv_plan *p = s->plan;

	if (p->uid == (uid_t)-1)
		return 0;
	return setuid(p->uid) < 0 ? -errno : 0;
}

/* Some systems count the effective group among the others, and some do not. */
static bool has_only_groups_of(const struct priv_plan *p)
{
	gid_t group[PRIV_GROUPS_MAX + 1];
	int count = getgroups(PRIV_GROUPS_MAX + 1, group);

	for (int i = 0; i < count; i++) {
		bool is_known = group[i] == p->gid;

		for (unsigned j = 0; j < p->groups; j++)
			is_known = is_known || group[i] == p->group[j];
		if (!is_known)
			return false;
	}
	for (unsigned j = 0; j < p->groups; j++)
		if (!priv_is_member(p, p->group[j]))
			return false;
	return count >= 0;
}

static bool is_whom_we_planned(const struct priv_plan *p)
{
	return getuid() == p->uid && geteuid() == p->uid && getgid() == p->gid &&
	       getegid() == p->gid && has_only_groups_of(p);
}

int user_prove(struct settling *s)
{
	uid_t uid = geteuid() == 0 ? ANOTHER_ID : 0;
	gid_t gid = getegid() == 0 ? ANOTHER_ID : 0;
	gid_t more[1] = { ANOTHER_ID };

	if (seteuid(uid) == 0 || setuid(uid) == 0)
		return settle_failed(s, "another user can be become");
	if (setegid(gid) == 0 || setgid(gid) == 0)
		return settle_failed(s, "another group can be taken");
	if (setgroups(1, more) == 0)
		return settle_failed(s, "groups can be joined");
	if (s->plan->uid != (uid_t)-1 && !is_whom_we_planned(s->plan))
		return settle_failed(s, "user and groups are not those of the plan");
	return 0;
}
