/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sockets.c - where votes and the operator's commands come in
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include <sodium.h>

#include "daemon/app_int.h"
#include "daemon/clock_int.h"
#include "daemon/commands_int.h"

static const char *kind_name(enum vote_kind kind)
{
	switch (kind) {
	case VOTE_BLACK:            return "black";
	case VOTE_WHITE:            return "white";
	case VOTE_FORGET:           return "forget";
	case VOTE_FORGET_PENALTIES: return "forget-penalties";
	case VOTE_FORGET_ALL:       return "forget-all";
	}
	return "unknown";
}

const char *vote_outcome_name(enum vote_outcome outcome)
{
	switch (outcome) {
	case VOTE_COUNTED:   return "counted";
	case VOTE_PENALISED: return "penalised";
	case VOTE_TRUSTED:   return "trusted";
	case VOTE_FORGOTTEN: return "forgotten";
	case VOTE_UNKNOWN:   return "unknown";
	case VOTE_LISTED:    return "listed";
	}
	return "unknown";
}

enum vote_outcome app_vote(struct app *app, const struct vote *v, const char *from,
			   const char *text)
{
	struct mono now = mono_now();
	enum vote_outcome outcome = gate_count_vote(app->gate, v, now);
	char who[ADDR_TEXT_MAX];

	app->stats.votes[outcome]++;
	tally_note_vote(app->tally, v, outcome);
	if (v->who.family != ADDR_NONE)
		source_heed(app, &v->who, now);
	else if (v->kind == VOTE_FORGET_ALL)
		source_heed(app, NULL, now);
	if (report_may_vote(&app->report, now))
		app_tell(app, "vote kind=%s%s%s from=%s outcome=%s%s%s",
			 kind_name(v->kind),
			 v->who.family == ADDR_NONE ? "" : " src=",
			 v->who.family == ADDR_NONE ? "" : addr_format(&v->who, who),
			 from, vote_outcome_name(outcome),
			 text[0] == '\0' ? "" : " text=", text);
	return outcome;
}

/* A vote that the operator's lists overrule is a good vote all the same. */
static const char *on_vote(void *arg, const struct proto_vote *said, const char *from)
{
	struct vote v = { .kind = source_vote_kind(said->kind), .who = said->who };

	(void)app_vote(arg, &v, from, said->text);
	return NULL;
}

static enum ballot_kind ballot_kind_of(enum setting_endpoint kind)
{
	switch (kind) {
	case ENDPOINT_NONE:
	case ENDPOINT_UNIX: return BALLOT_UNIX;
	case ENDPOINT_FIFO: return BALLOT_FIFO;
	case ENDPOINT_TCP:  return BALLOT_TCP;
	}
	return BALLOT_UNIX;
}

static void copy_vote(const struct conf_vote *from, uid_t owner, struct ballot_conf *to)
{
	memset(to, 0, sizeof(*to));
	to->kind = ballot_kind_of(from->kind);
	snprintf(to->path, sizeof(to->path), "%s", from->path);
	to->addr = from->addr;
	to->port = from->port;
	to->mode = from->mode;
	to->group = from->gid;
	to->owner = owner;
	memcpy(to->key, from->key, sizeof(to->key));
	to->key_bytes = from->key_bytes;
}

static const char not_ours[] =
	"it is another user's, or to be for a group that mxallowd is not in, as who was "
	"not started as root (SupplementaryGroups in the unit)";

static const char *box_trouble(const struct app *app, const struct conf_vote *v, int err)
{
	const char *obstacle = NULL;

	if (err == -EEXIST)
		return "something else stands there, perhaps from a voter while no "
		       "daemon ran; remove it";
	if (err == -EPERM || err == -EACCES)
		obstacle = app_box_obstacle(app, v);
	if (err == -EPERM && !obstacle)
		return not_ours;
	if (err == -ENOTSUP)
		return "on this system root gives sockets away only in folders into "
		       "which nobody else writes: put it into run-dir";
	if (err == -ENOENT)
		return "No such file or directory; make its folder first";
	return obstacle ? obstacle : strerror(-err);
}

static void complain_box(const struct settings *s, const struct conf_votes *votes,
			 unsigned which, const char *trouble, struct complaint *why)
{
	const struct conf_vote *v = &votes->vote[which];
	char addr[ADDR_TEXT_MAX], at[CONF_PATH_MAX + 64];

	snprintf(at, sizeof(at), "%s", v->path);
	if (v->kind == ENDPOINT_TCP)
		snprintf(at, sizeof(at), "tcp port %u of %s", v->port,
			 addr_format(&v->addr, addr));
	why->kind = COMPLAINT_FILE;
	snprintf(why->text, sizeof(why->text), "%s:%u: cannot take votes at %s: %s",
		 s->file, s->many->vote[which].head.line, at, trouble);
}

bool app_change_votes(struct app *app, const struct settings *s,
		      const struct conf_votes *votes, struct complaint *why)
{
	_Static_assert((int)BALLOT_BOXES_MAX >= (int)CONF_VOTES_MAX, "each has its box");
	struct ballot_conf conf[BALLOT_BOXES_MAX];
	unsigned which = 0;
	int err;

	if (votes->count == 0 && !app->ballot)
		return true;
	for (unsigned i = 0; i < votes->count; i++)
		copy_vote(&votes->vote[i], app->privileges.uid, &conf[i]);
	if (app->ballot)
		err = ballot_change(app->ballot, conf, votes->count, &which);
	else
		err = ballot_open(&app->ballot, &app->loop, conf, votes->count, &which);
	sodium_memzero(conf, sizeof(conf));
	if (err < 0) {
		complain_box(s, votes, which,
			     box_trouble(app, &votes->vote[which], err), why);
		return false;
	}
	ballot_set_handler(app->ballot, on_vote, app);
	return true;
}

/* Trouble is told by those who need the folder. */
void app_make_run_dir(const struct app *app)
{
	if (mkdir(app->settings.run_dir, 0755) == 0)
		(void)chmod(app->settings.run_dir, 0755); /* whatever the umask says */
}

/* The daemon judges packets with or without it: trouble here is told, and that is all. */
int app_open_control(struct app *app)
{
	char path[sizeof(app->settings.run_dir) + sizeof("/control")];
	struct control_conf conf = { path, app->settings.group.gid, app->privileges.uid };
	int err;

	snprintf(path, sizeof(path), "%s/control", app->settings.run_dir);
	err = control_open(&app->control, &app->loop, &conf, &commands_ops, app);
	if (err == -EADDRINUSE)
		log_bad(app->log,
			"no control socket: %s is another daemon's; give this one a "
			"run-dir of its own",
			path);
	else if (err < 0)
		log_bad(app->log, "no control socket: %s: %s", path,
			err == -EPERM ? not_ours : strerror(-err));
	return 0;
}
