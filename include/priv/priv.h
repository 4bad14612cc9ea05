/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * priv.h - give up for good what is no longer needed
 *
 * The caller opens all that needs privileges, fills a plan, and settles: from then on
 * the process is another user, and does without whatever else this system lets it give
 * up. Linux: all capabilities, but for CAP_NET_ADMIN where NFQUEUE is read; all files
 * but those of the plan (Landlock), all calls but those it needs (seccomp). OpenBSD: such
 * files (unveil) and calls (pledge). Elsewhere it is the user alone. Each step has a
 * name, and undoing each is tried. Settle before any thread is made.
 */
#ifndef PRIV_PRIV_H
#define PRIV_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "log/log.h"

enum {
	PRIV_GROUPS_MAX = 32,
	PRIV_NAME_MAX = 33,
	PRIV_WHY_MAX = 160,
};

enum priv_level {
	PRIV_NONE, /* stay as we are */
	PRIV_USER, /* user, groups, capabilities */
	PRIV_FULL, /* files and calls too */
};

enum priv_access {
	PRIV_READ,
	PRIV_WRITE, /* to make and remove files, and to read them */
};

/* A folder and all below it, or one file. */
struct priv_place {
	char            *path; /* owned; without symbolic links */
	enum priv_access access;
};

struct priv_plan {
	enum priv_level level;
	char  user[PRIV_NAME_MAX]; /* whom we become, or are; for people */
	uid_t uid;                 /* (uid_t)-1 = stay who we are */
	gid_t gid;                 /* (gid_t)-1 = keep it */
	gid_t group[PRIV_GROUPS_MAX]; /* besides gid */
	unsigned groups;
	struct priv_place *place;  /* owned */
	unsigned places;
};

/* How it went. */
struct priv_outcome {
	const char *step;     /* that failed; NULL = none */
	const char *lacks;    /* the capability that would have helped; NULL = not that */
	char why[PRIV_WHY_MAX]; /* "" = the errno says it all */
	const char *missing;  /* that the kernel has not, and we did without; or NULL */
};

struct priv_user {
	uid_t uid;
	gid_t gid; /* of the login group */
};

/* What this system can do at most; no plan may ask for more. */
enum priv_level priv_most(void);

/* False when there is no such user. */
bool priv_find_user(const char *name, struct priv_user *out);

/* His name, or the number of who has none. */
void priv_name_user(uid_t uid, char out[PRIV_NAME_MAX]);

/* The C library loads what reads users and groups when it first looks for one that its
 * files do not know; afterwards nothing may be loaded any more. */
void priv_load_names(void);

/* False when there are too many. One that is there already counts once. */
bool priv_add_group(struct priv_plan *p, gid_t gid);

/*
 * Leaves this folder or file within reach. What does not exist cannot be reached, and is
 * no error. -ENOMEM.
 */
int priv_allow(struct priv_plan *p, const char *path, enum priv_access access);

/* The folder a file lies in, and that of the file it links to: editors replace files. */
int priv_allow_around(struct priv_plan *p, const char *file, enum priv_access access);
void priv_free(struct priv_plan *p);

/* What a settled process can still do, as far as the plan goes. `file` may be a link, and
 * need not exist. */
bool priv_reaches(const struct priv_plan *p, const char *file, enum priv_access access);
bool priv_is_member(const struct priv_plan *p, gid_t gid);

/*
 * Makes the folder if need be, and gives it to whom we become with those files in it that
 * begin with `prefix` (NULL = none). A folder that holds anything else but sockets and
 * FIFOs is somebody's, and -ENOTEMPTY; one that is neither root's nor the user's, -EPERM.
 * Does nothing but make it when the plan has no user.
 */
int priv_give(const struct priv_plan *p, const char *folder, mode_t mode,
	      const char *prefix);

/* 0, or the negative errno of the step that failed; then the process must end. */
int priv_settle(const struct priv_plan *p, struct log *log, struct priv_outcome *out);

#endif
