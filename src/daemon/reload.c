/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reload.c - a new configuration for a running daemon: all of it, or nothing
 */
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
static int restart_resolver(struct app *app, const struct settings *s)
{
	loop_forget_names(app);
	resolver_retire(app->resolver); /* packets are waiting: do not wait for it */
	app->resolver = NULL;
	if (app_start_resolver(app, s) != 0)
		return -1;
	if (!app->resolver || loop_watch_names(app) == 0)
		return 0;
	resolver_retire(app->resolver); /* nobody would hear its answers */
	app->resolver = NULL;
	return -1;
}

void app_reload(struct app *app)
{
	struct settings new;
	struct complaint why;
	struct policy policy = policy_default();
	struct log_conf lc;

	if (!arguments_settings(&app->args, &new, &why) ||
	    !conf_may_change(&app->settings, &new, &why)) {
		log_bad(app->log, "reload refused, nothing changed: %s", why.text);
		return;
	}
	if (new.to_stdout && !app->settings.to_stdout && app->detached.is_detached) {
		log_bad(app->log, "reload refused, nothing changed: there is no standard output "
				  "in the background; take stdout out, or restart");
		return;
	}
	if (app_open_injector(app, &new) != 0) {
		log_bad(app->log, "reload refused, nothing changed");
		return;
	}
	conf_compile(&new, &policy);
	if (!gate_swap_policy(app->gate, &policy)) {
		log_bad(app->log, "reload refused, nothing changed: the table's shape differs");
		return;
	}
	app->settings = new;
	lc = app_log_conf(&new);
	log_set(app->log, &lc);
	if (restart_resolver(app, &new) != 0)
		log_bad(app->log, "no names are looked up until the next reload");
	log_note(app->log, "reloaded %s%s",
		 new.file[0] != '\0' ? new.file : "the command line; there is no file",
		 new.observe ? "; observe mode: everything is accepted" : "");
}
