/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * confine.c - what the configuration means for the privileges of the daemon
 */
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "daemon/app_int.h"

#define USUAL_USER "mxallowd"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* As far as this system goes: `confined` in the status says how far that is. */
static enum priv_level level_of(enum confine confine)
{
	switch (confine) {
	case CONFINE_FULL: return priv_most();
	case CONFINE_USER: return PRIV_USER;
	case CONFINE_NONE: return PRIV_NONE;
	}
	return priv_most();
}

const char *app_confinement(const struct app *app)
{
	switch (app->privileges.level) {
	case PRIV_NONE: return "none";
	case PRIV_USER: return "user";
	case PRIV_FULL: return "full";
	}
	return "unknown";
}

/* Who started as somebody else than root has no choice, and needs none. */
static int find_user(struct app *app, struct priv_plan *p)
{
	const struct setting_user *said = &app->settings.user;
	struct priv_user user = { said->uid, said->gid };
	const char *name = said->name;

	if (p->level == PRIV_NONE)
		return 0;
	if (name[0] == '\0' && priv_find_user(USUAL_USER, &user))
		name = USUAL_USER;
	if (geteuid() != 0 && said->name[0] != '\0' && said->uid != geteuid()) {
		log_bad(app->log,
			"user = %s: started as user %ld, who cannot become another; "
			"start mxallowd as root or as %s",
			name, (long)geteuid(), name);
		return EX_NOPERM;
	}
	if (name[0] == '\0' || geteuid() != 0 || user.uid == 0)
		return 0;
	snprintf(p->user, sizeof(p->user), "%s", name);
	p->uid = user.uid;
	p->gid = app->settings.group.name[0] != '\0' ? app->settings.group.gid : user.gid;
	(void)priv_add_group(p, user.gid); /* the first of them */
	return 0;
}

/* To make sockets anew at a reload, for whom they were made before. */
static void find_groups(const struct app *app, struct priv_plan *p)
{
	const struct setting_many *many = app->settings.many;

	if (app->settings.group.name[0] != '\0')
		(void)priv_add_group(p, app->settings.group.gid);
	for (unsigned i = 0; many && i < many->votes; i++)
		if (many->vote[i].group.gid != (gid_t)-1)
			(void)priv_add_group(p, many->vote[i].group.gid);
}

int app_plan_privileges(struct app *app, struct plan *plan)
{
	struct priv_plan *p = &app->privileges;
	int status;

	(void)plan;
	p->level = level_of(app->settings.confine);
	p->uid = (uid_t)-1;
	p->gid = (gid_t)-1;
	priv_name_user(geteuid(), p->user);
	status = find_user(app, p);
	find_groups(app, p);
	priv_load_names();
	return status;
}

/* What the C library and its helpers read: where names and addresses are, the time zone
 * of syslog lines, random numbers for SQLite. All that a resolv.conf usually is a link
 * to, for the day it becomes one. */
static const struct {
	const char *path;
	enum priv_access access;
} everywhere[] = {
	{ "/etc", PRIV_READ },
	{ "/usr/share/zoneinfo", PRIV_READ },
	{ "/run/systemd/resolve", PRIV_READ },
	{ "/run/resolvconf", PRIV_READ },
	{ "/run/NetworkManager", PRIV_READ },
	{ "/run/systemd/userdb", PRIV_READ },
	{ "/run/nscd", PRIV_READ },
	{ "/var/lib/sss", PRIV_READ },
	{ "/dev/urandom", PRIV_READ },
	{ "/dev/null", PRIV_WRITE },
};

/* In private trees these may be links to elsewhere. */
static const char *const linked[] = {
	"/etc/resolv.conf", "/etc/hosts",  "/etc/nsswitch.conf",
	"/etc/passwd",	    "/etc/group",  "/etc/localtime",
};

static int allow_usual(struct priv_plan *p)
{
	int err = 0;

	for (size_t i = 0; err == 0 && i < COUNT(everywhere); i++)
		err = priv_allow(p, everywhere[i].path, everywhere[i].access);
	for (size_t i = 0; err == 0 && i < COUNT(linked); i++)
		err = priv_allow_around(p, linked[i], PRIV_READ);
	return err;
}

static int allow_named(const struct app *app, struct priv_plan *p)
{
	const struct setting_many *many = app->settings.many;
	int err = priv_allow_around(p, app->args.config, PRIV_READ);

	if (err == 0)
		err = priv_allow(p, app->settings.run_dir, PRIV_WRITE);
	if (err == 0 && app->settings.state_dir[0] != '\0')
		err = priv_allow(p, app->settings.state_dir, PRIV_WRITE);
	for (unsigned i = 0; err == 0 && many && i < many->lists; i++)
		if (many->list[i].file[0] != '\0')
			err = priv_allow_around(p, many->list[i].file, PRIV_READ);
	for (unsigned i = 0; err == 0 && many && i < many->votes; i++) {
		const struct setting_vote *v = &many->vote[i];

		if (v->listen.kind == ENDPOINT_TCP)
			err = priv_allow_around(p, v->key_file, PRIV_READ);
		else
			err = priv_allow_around(p, v->listen.path, PRIV_WRITE);
	}
	return err;
}

static void give(struct app *app, const char *folder, mode_t mode, const char *prefix)
{
	const struct priv_plan *p = &app->privileges;
	int err = priv_give(p, folder, mode, prefix);

	if (err == -ENOTEMPTY || err == -EPERM)
		log_bad(app->log,
			"%s is not given to user %s: it is somebody else's or holds "
			"what is not ours; name a folder of its own, or chown it",
			folder, p->user);
	else if (err < 0)
		log_bad(app->log, "cannot give %s to user %s: %s", folder, p->user,
			strerror(-err));
}

/* The daemon judges packets with or without them: trouble is told, and that is all. */
int app_give_folders(struct app *app, struct plan *plan)
{
	(void)plan;
	give(app, app->settings.run_dir, 0755, NULL);
	if (app->settings.state_dir[0] != '\0')
		give(app, app->settings.state_dir, 0700, "state.db");
	return 0;
}

/* A file that can be read now and not later is better told of today. */
static void tell_unreadable(struct app *app, const char *file)
{
	if (access(file, R_OK) < 0 && errno != ENOENT)
		log_bad(app->log,
			"user %s cannot read %s (%s): a reload will be refused; let "
			"the user's group read it",
			app->privileges.user, file, strerror(errno));
}

static void tell_all_unreadable(struct app *app)
{
	const struct setting_many *many = app->settings.many;

	tell_unreadable(app, app->args.config);
	for (unsigned i = 0; many && i < many->lists; i++)
		if (many->list[i].file[0] != '\0')
			tell_unreadable(app, many->list[i].file);
	for (unsigned i = 0; many && i < many->votes; i++)
		if (many->vote[i].listen.kind == ENDPOINT_TCP)
			tell_unreadable(app, many->vote[i].key_file);
}

static int tell_failure(struct app *app, const struct priv_outcome *o, int err)
{
	const struct priv_plan *p = &app->privileges;
	const char *why = o->why[0] != '\0' ? o->why : strerror(-err);

	if (o->lacks) {
		log_bad(app->log,
			"cannot %s: %s is missing; give it to the container, or start "
			"as user %s%s",
			o->step, o->lacks, p->user,
			WITH_PF ? "" : " with CAP_NET_ADMIN and CAP_NET_RAW");
		return EX_NOPERM;
	}
	log_bad(app->log, "cannot %s (user %s): %s; mxallowd.conf(5) tells of confine",
		o->step, p->user, why);
	return err == -EPERM ? EX_NOPERM : err == -ENOTRECOVERABLE ? EX_OSERR
								   : EX_UNAVAILABLE;
}

int app_give_up(struct app *app, struct plan *plan)
{
	struct priv_plan *p = &app->privileges;
	int err = allow_usual(p);

	(void)plan;
	if (err == 0)
		err = allow_named(app, p);
	if (err < 0) {
		log_bad(app->log, "cannot tell which files are needed: %s",
			strerror(-err));
		return EX_OSERR;
	}
	err = priv_settle(p, app->log, &app->confined);
	if (err < 0)
		return tell_failure(app, &app->confined, err);
	log_talk(app->log, "confined=%s user=%s", app_confinement(app), p->user);
	if (p->level != PRIV_NONE)
		tell_all_unreadable(app);
	return 0;
}

void app_warn_root(struct app *app)
{
	if (app->privileges.level != PRIV_NONE && geteuid() == 0 &&
	    app->settings.user.name[0] == '\0')
		log_bad(app->log,
			"running as root: there is no user " USUAL_USER
			"; make one for it, or say user = root");
}

/* Whether a box can be made, and removed. */
static bool may_make_in_folder_of(const struct priv_plan *p, const char *path)
{
	char copy[CONF_PATH_MAX];

	snprintf(copy, sizeof(copy), "%s", path);
	return priv_reaches(p, path, PRIV_WRITE) &&
	       access(dirname(copy), W_OK | X_OK) == 0;
}

const char *app_box_obstacle(const struct app *app, const struct conf_vote *v)
{
	const struct priv_plan *p = &app->privileges;

	if (!app->is_ready)
		return NULL;
	if (v->kind == ENDPOINT_TCP)
		return "a port below 1024 needs a restart";
	if (!may_make_in_folder_of(p, v->path))
		return "it cannot be made there while mxallowd runs: restart, or put it "
		       "into run-dir";
	if (v->gid != (gid_t)-1 && !priv_is_member(p, v->gid))
		return "its group is none of those that were named when mxallowd "
		       "started: restart";
	return NULL;
}
