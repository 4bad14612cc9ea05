/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reload.c - a new configuration for a running daemon: all of it, or nothing
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/app_int.h"

struct log_conf app_log_conf(const struct settings *s)
{
	return (struct log_conf){
		.to_stdout = s->to_stdout,
		.facility = s->log_facility,
		.level = s->quiet ? LEVEL_ERROR : s->debug ? LEVEL_TRACE : LEVEL_NOTE,
	};
}

/* The resolver reads resolv.conf when it starts; this makes it read it anew. */
static void restart_resolver(struct app *app, const struct plan *plan)
{
	loop_forget_names(app);
	resolver_retire(app->resolver); /* packets are waiting: do not wait for it */
	app->resolver = NULL;
	if (app_start_resolver(app, plan) != 0)
		log_bad(app->log, "no names are looked up until the next reload");
}

static void close_votes(struct app *app)
{
	ballot_close(app->ballot);
	app->ballot = NULL;
	explicit_bzero(&app->votes, sizeof(app->votes));
}

/* Boxes that did not change and are still there stay open. Else the old ones go first:
 * the new ones may stand at the same places. They come back when the new ones will
 * not open. */
static bool reopen_votes(struct app *app, const struct conf_votes *votes)
{
	struct conf_votes before = app->votes;

	if (memcmp(&before, votes, sizeof(before)) == 0 &&
	    ballot_is_there(app->ballot))
		return true;
	close_votes(app);
	if (app_open_votes(app, votes) == 0)
		return true;
	if (app_open_votes(app, &before) != 0)
		log_bad(app->log, "no votes are taken until the next reload");
	return false;
}

/* Whatever may fail comes first; *plan is used up when this is true. */
static bool adopt(struct app *app, struct plan *plan, struct complaint *why)
{
	struct log_conf lc;

	if (plan->settings.to_stdout && !app->settings.to_stdout &&
	    app->detached.is_detached) {
		snprintf(why->text, sizeof(why->text),
			 "there is no standard output in the background; take stdout "
			 "out, or restart");
		return false;
	}
	if (app_open_injector(app, plan) != 0) {
		snprintf(why->text, sizeof(why->text), "the raw socket cannot be opened");
		return false;
	}
	if (!reopen_votes(app, &plan->votes)) {
		snprintf(why->text, sizeof(why->text),
			 "the socket of a vote section cannot be opened");
		return false;
	}
	if (!gate_swap_policy(app->gate, &plan->policy, plan->lists)) {
		snprintf(why->text, sizeof(why->text),
			 "the table's shape differs: restart");
		return false;
	}
	plan->lists = NULL;
	app->holds = plan_may_meet(plan, VERDICT_TARPIT);
	conf_free(&app->settings);
	app->settings = plan->settings;
	plan->settings.many = NULL;
	lc = app_log_conf(&app->settings);
	log_set(app->log, &lc);
	restart_resolver(app, plan);
	return true;
}

bool app_reload(struct app *app, struct complaint *why)
{
	struct plan *plan = calloc(1, sizeof(*plan));
	bool is_done = false;

	if (!plan)
		snprintf(why->text, sizeof(why->text), "out of memory");
	else if (plan_read(plan, &app->args, why) &&
		 conf_may_change(&app->settings, &plan->settings, why))
		is_done = adopt(app, plan, why);
	if (plan)
		plan_free(plan);
	free(plan);
	if (is_done)
		log_note(app->log, "reloaded %s%s",
			 app->settings.file[0] != '\0'
				 ? app->settings.file
				 : "the command line; there is no file",
			 app->settings.observe ? "; observe mode: everything is accepted"
					       : "");
	else
		log_bad(app->log, "reload refused, nothing changed: %s", why->text);
	return is_done;
}
