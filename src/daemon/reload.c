/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reload.c - ask, read, swap, answer, free
 *
 * work_read(), work_free() and what they call run in the worker; the rest in the main
 * thread.
 */
#include "daemon/reload_int.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/app_int.h"
#include "daemon/clock_int.h"
#include "daemon/notify_int.h"
#include "thread/thread.h"

enum { SLOW_US = 10 * 1000 * 1000 };

/* What the plan needs of the system and has not yet. */
static bool start_parts(struct reload *r)
{
	int err;

	if (r->has_resolver || !plan_needs_names(&r->plan))
		return true;
	err = resolver_start(&r->resolver);
	if (err < 0)
		snprintf(r->why.text, sizeof(r->why.text),
			 "the resolver cannot be started: %s", strerror(-err));
	return err == 0;
}

static void work_read(uv_work_t *work)
{
	struct reload *r = work->data;

	/* what was given up is settled: nobody writes it any more */
	r->is_good = plan_read(&r->plan, &r->args, &r->app->privileges, &r->why) &&
		     start_parts(r);
}

static void work_free(uv_work_t *work)
{
	struct reload *r = work->data;

	thread_name("mxallowd-files");
	plan_free(&r->plan);
	resolver_stop(r->resolver);
	r->resolver = NULL;
}

struct log_conf app_log_conf(const struct settings *s)
{
	return (struct log_conf){
		.to_stdout = s->to_stdout,
		.facility = s->log_facility,
		.level = s->quiet ? LEVEL_ERROR : s->debug ? LEVEL_TRACE : LEVEL_NOTE,
	};
}

/* Whatever may fail; what was done before a failure is undone. */
static bool prepare(struct app *app, struct reload *r)
{
	struct complaint *why = &r->why;

	if (r->plan.settings.to_stdout && !app->settings.to_stdout &&
	    app->detached.is_detached)
		snprintf(why->text, sizeof(why->text),
			 "there is no standard output in the background; take stdout "
			 "out, or restart");
	else if (!gate_fits(app->gate, &r->plan.policy))
		snprintf(why->text, sizeof(why->text),
			 "the table's shape differs: restart");
	else if (WITH_PF && r->plan.settings.observe != app->settings.observe)
		snprintf(why->text, sizeof(why->text),
			 "observe decides whether pfctl is run at all: restart");
	else if (!replies_may_change(app, &r->plan))
		snprintf(why->text, sizeof(why->text),
			 "reset, tarpit and proof need a raw socket, which could not be "
			 "opened at the start: restart with CAP_NET_RAW");
	else if (r->resolver && loop_watch_names(app, r->resolver) < 0)
		snprintf(why->text, sizeof(why->text), "names cannot be waited for");
	else if (app_change_votes(app, &r->plan.settings, &r->plan.votes, why))
		return true;
	else if (r->resolver)
		loop_forget_names(app);
	return false;
}

/* resolv.conf may have changed, whatever the configuration says. */
static void refresh_resolver(struct app *app, struct reload *r)
{
	if (r->resolver)
		app->resolver = r->resolver;
	else if (app->resolver)
		resolver_refresh(app->resolver);
	r->resolver = NULL;
}

/* Nothing here can fail. What was in force goes into the plan, to be freed with it. */
static void swap(struct app *app, struct reload *r)
{
	struct lists *old = gate_take_lists(app->gate);
	struct settings before = app->settings;
	struct log_conf lc;

	replies_change(app, &r->plan);
	(void)gate_swap_policy(app->gate, &r->plan.policy, r->plan.lists);
	r->plan.lists = old;
	app->settings = r->plan.settings;
	r->plan.settings = before;
	lc = app_log_conf(&app->settings);
	log_set(app->log, &lc);
	refresh_resolver(app, r);
	source_heed(app, NULL, mono_now());
}

static void tell(struct app *app, const struct reload *r)
{
	if (r->is_good)
		log_note(app->log, "reloaded %s%s",
			 app->settings.file[0] != '\0'
				 ? app->settings.file
				 : "the command line; there is no file",
			 app->settings.observe ? "; observe mode: everything is accepted"
					       : "");
	else
		log_bad(app->log, "reload refused, nothing changed: %s", r->why.text);
}

/* Those who asked before this read began. */
static void answer_waiters(struct reload *r)
{
	for (unsigned i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		struct control_client *client = r->waiter[i].client;

		if (!client || r->waiter[i].is_late)
			continue;
		r->waiter[i].client = NULL;
		if (r->is_good)
			control_row(client, "ok");
		else
			control_row(client, "no: %s; nothing changed", r->why.text);
		control_finish(client);
	}
}

static void begin(struct app *app);

static void on_freed(uv_work_t *work, int status)
{
	struct reload *r = work->data;

	(void)status;
	r->stage = RELOAD_IDLE;
	begin(r->app);
}

static void free_old(struct app *app)
{
	struct reload *r = &app->reload;

	r->stage = RELOAD_FREEING;
	(void)uv_queue_work(&app->loop, &r->work, work_free, on_freed);
}

static void on_read(uv_work_t *work, int status)
{
	struct reload *r = work->data;
	struct app *app = r->app;
	int64_t now_us = mono_now_us();

	if (r->is_ending || status < 0) {
		r->is_good = false;
		free_old(app);
		return;
	}
	r->read_us = now_us - r->begun_us;
	r->is_good = r->is_good &&
		     conf_may_change(&app->settings, &r->plan.settings, &r->why) &&
		     prepare(app, r);
	if (r->is_good)
		swap(app, r);
	r->swap_us = mono_now_us() - now_us;
	*(r->is_good ? &r->done : &r->refused) += 1;
	tell(app, r);
	answer_waiters(r);
	if (!r->is_wanted)
		(void)notify_send(&app->notify, "READY=1");
	free_old(app);
	log_flush(app->log);
}

static void begin(struct app *app)
{
	struct reload *r = &app->reload;
	char state[64];

	if (r->stage != RELOAD_IDLE || !r->is_wanted || r->is_ending)
		return;
	r->stage = RELOAD_READING;
	r->is_wanted = false;
	r->is_slow_told = false;
	r->has_resolver = app->resolver != NULL;
	r->begun_us = mono_now_us();
	r->why.text[0] = '\0';
	for (unsigned i = 0; i < CONTROL_CLIENTS_MAX; i++)
		r->waiter[i].is_late = false;
	snprintf(state, sizeof(state), "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
		 r->begun_us);
	(void)notify_send(&app->notify, state);
	(void)uv_queue_work(&app->loop, &r->work, work_read, on_read);
}

void reload_start(struct app *app)
{
	struct reload *r = &app->reload;
	sigset_t all, before;

	r->app = app;
	r->args = app->args;
	r->work.data = r;
	/* One thread is enough, and one is all that can ever hang. Signals are for the
	 * main thread. */
	(void)setenv("UV_THREADPOOL_SIZE", "1", 1);
	sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	free_old(app);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void reload_ask(struct app *app, struct control_client *client)
{
	struct reload *r = &app->reload;

	for (unsigned i = 0; client && i < CONTROL_CLIENTS_MAX; i++) {
		if (r->waiter[i].client)
			continue;
		r->waiter[i].client = client;
		r->waiter[i].is_late = true;
		control_wait(client);
		break;
	}
	r->is_wanted = true;
	begin(app);
}

void reload_forget(struct app *app, const struct control_client *client)
{
	for (unsigned i = 0; i < CONTROL_CLIENTS_MAX; i++)
		if (app->reload.waiter[i].client == client)
			app->reload.waiter[i].client = NULL;
}

void reload_watch(struct app *app)
{
	struct reload *r = &app->reload;

	if (r->stage != RELOAD_READING || r->is_slow_told ||
	    mono_now_us() - r->begun_us < SLOW_US)
		return;
	r->is_slow_told = true;
	log_bad(app->log,
		"reload: configuration or lists have been read for 10 s and are not "
		"there yet; until then all stays as it is");
}

void reload_end(struct app *app)
{
	app->reload.is_ending = true;
	if (app->reload.stage == RELOAD_READING) /* or about to be */
		(void)uv_cancel((uv_req_t *)&app->reload.work);
}

bool reload_is_busy(const struct app *app)
{
	return app->reload.stage != RELOAD_IDLE;
}
