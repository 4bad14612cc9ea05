/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * start.c - everything that must happen between the command line and `ready`, in order
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#include <sodium.h>

#include "daemon/app_int.h"
#include "daemon/clock_int.h"
#include "daemon/notify_int.h"
#include "thread/bell.h"

/* More than all clients together, and what the daemon needs itself. */
enum { FILES_MAX = 2048 };

static int make_gate(struct app *app, struct plan *plan)
{
	uint8_t key[GATE_KEY_BYTES];

	randombytes_buf(key, sizeof(key));
	app->tally = tally_new(&plan->policy, key, mono_now());
	app->gate = app->tally ? gate_new(&plan->policy, plan->lists, key) : NULL;
	if (app->gate) {
		plan->lists = NULL;
		return 0;
	}
	log_bad(app->log, "no memory for entries-max = %u, about 50 bytes each",
		app->settings.entries_max);
	return EX_OSERR;
}

static int run_on_cpu(const struct app *app)
{
	int cpu = app->settings.cpu;

	return cpu < 0 ? 0 : cpu_keep_to((unsigned)cpu);
}

static int choose_cpu(struct app *app, struct plan *plan)
{
	int err;

	(void)plan;
	cpu_look(&app->anywhere);
	err = run_on_cpu(app);
	if (err == 0)
		return 0;
	log_bad(app->log, "cpu = %d: %s", app->settings.cpu,
		err == -ENOSYS ? "on this system a program cannot choose"
			       : "there is no such CPU, or we may not use it");
	return EX_UNAVAILABLE;
}

/* A thread inherits where its maker may run: the cpu is for packets alone. */
static void leave_cpu(const struct app *app)
{
	if (app->settings.cpu >= 0)
		cpu_leave(&app->anywhere);
}

static int start_resolver(struct app *app, struct plan *plan)
{
	const struct lists *lists = gate_lists(app->gate);
	int err;

	if (plan->policy.siblings_max == 0 && !(lists && lists_have_names(lists)))
		return 0;
	leave_cpu(app);
	err = resolver_start(&app->resolver);
	(void)run_on_cpu(app);
	if (err == 0)
		err = loop_watch_names(app, app->resolver);
	if (err == 0)
		return 0;
	log_bad(app->log, "cannot start the resolver: %s", strerror(-err));
	return EX_OSERR;
}

static int loop_status(struct app *app, int err)
{
	if (err == 0)
		return 0;
	log_bad(app->log, "cannot start the event loop: %s", uv_strerror(err));
	return EX_OSERR;
}

static int start_loop(struct app *app, struct plan *plan)
{
	(void)plan;
	return loop_status(app, loop_init(app));
}

static int start_queue(struct app *app, struct plan *plan)
{
	(void)plan;
	return loop_status(app, loop_watch_queue(app));
}

static void on_nothing(uv_poll_t *handle, int status, int events)
{
	(void)handle;
	(void)status;
	(void)events;
}

/* Clients cannot use up what they may not exceed. And libuv ends the program when its
 * table of descriptors cannot grow: it grows now. */
static int make_room(struct app *app, struct plan *plan)
{
	struct bell bell;
	struct rlimit files;
	int last, err;

	(void)plan;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < FILES_MAX) {
		files.rlim_cur = files.rlim_max < FILES_MAX ? files.rlim_max : FILES_MAX;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	last = (int)(files.rlim_cur < FILES_MAX ? files.rlim_cur : FILES_MAX) - 1;
	err = bell_open(&bell);
	last = err < 0 ? -1 : fcntl(bell.in, F_DUPFD_CLOEXEC, last);
	if (err == 0)
		err = last < 0 ? -errno
			       : uv_poll_init(&app->loop, &app->on_nothing, last);
	if (err == 0) {
		err = uv_poll_start(&app->on_nothing, UV_READABLE, on_nothing);
		uv_close((uv_handle_t *)&app->on_nothing, NULL);
	}
	if (last >= 0)
		close(last);
	bell_close(&bell);
	return loop_status(app, err);
}

static int start_worker(struct app *app, struct plan *plan)
{
	(void)plan;
	leave_cpu(app);
	reload_start(app);
	(void)run_on_cpu(app);
	return 0;
}

static int reach_manager(struct app *app, struct plan *plan)
{
	int err = notify_open(&app->notify);

	(void)plan;
	if (err < 0)
		log_bad(app->log, "cannot tell the service manager: %s", strerror(-err));
	return 0;
}

/* From now on somebody waits for us to serve the queue. */
static void feed_watchdog(struct app *app)
{
	int64_t interval_us = notify_watchdog_us();

	app->watchdog.is_wanted = app->notify.is_open && interval_us > 0;
	if (interval_us < 0)
		log_bad(app->log, "WATCHDOG_USEC or WATCHDOG_PID is no number: no "
				  "watchdog is fed");
	else if (app->watchdog.is_wanted)
		(void)loop_feed_watchdog(app, interval_us); /* cannot fail */
}

static int open_votes(struct app *app, struct plan *plan)
{
	struct complaint why;

	app_make_run_dir(app);
	if (app_change_votes(app, &app->settings, &plan->votes, &why))
		return 0;
	log_bad(app->log, "%s", why.text);
	return EX_UNAVAILABLE;
}

/* A file server that hangs does so here and now, while nobody's packets wait for us:
 * behind the queue there are steps that need its folders. */
static int reach_folders(struct app *app, struct plan *plan)
{
	(void)plan;
	(void)access(app->settings.run_dir, F_OK);
	(void)access(app->settings.state_dir, F_OK);
	return 0;
}

static int open_control(struct app *app, struct plan *plan)
{
	(void)plan;
	return app_open_control(app);
}

static int open_state(struct app *app, struct plan *plan)
{
	int status;

	(void)plan;
	leave_cpu(app);
	status = app_open_state(app);
	(void)run_on_cpu(app);
	return status;
}

static int start_log(struct app *app, struct plan *plan)
{
	int err;

	(void)plan;
	leave_cpu(app);
	err = log_start(app->log);
	(void)run_on_cpu(app);
	if (err == 0)
		return 0;
	log_bad(app->log, "cannot start the log: %s", strerror(-err));
	return EX_OSERR;
}

static int write_pid(struct app *app, struct plan *plan)
{
	int err = detach_write_pid(&app->detached);

	(void)plan;
	if (err < 0)
		log_bad(app->log,
			"cannot write %s: %s; running without it as process %ld",
			DETACH_PID_FILE, strerror(-err), (long)getpid());
	return 0;
}

static int become_ready(struct app *app, struct plan *plan)
{
	char pair[SOURCE_NAME_MAX];
	int err;

	(void)plan;
	detach_ready(&app->detached, app->settings.to_stdout);
	app_warn(app);
	log_note(app->log, "ready %s fakes=%u reals=%u entries-max=%u",
		 source_pair(app, pair), app->settings.fake.count,
		 app->settings.real.count, app->settings.entries_max);
	log_flush(app->log);
	app->is_ready = true;
	feed_watchdog(app);
	err = notify_send(&app->notify, "READY=1");
	if (err < 0)
		log_bad(app->log, "cannot tell the service manager: %s", strerror(-err));
	return 0;
}

static const struct {
	const char *name;
	int (*take)(struct app *app, struct plan *plan);
} steps[] = {
	{ "reach the service manager", reach_manager },
	{ "prepare the source of packets", source_prepare },
	{ "plan what to give up", app_plan_privileges },
	{ "choose the cpu", choose_cpu },
	{ "open the raw socket", replies_open },
	{ "make the table", make_gate },
	{ "start the event loop", start_loop },
	{ "make room for descriptors", make_room },
	{ "open the vote boxes", open_votes },
	{ "reach the folders", reach_folders },
	{ "open the queue", source_open }, /* late: from here on packets wait for us */
	{ "watch the queue", start_queue },
	{ "open the control", open_control }, /* of the one that has the queue */
	{ "write the pid file", write_pid },
	{ "give folders to the user", app_give_folders },
	{ "give up privileges", app_give_up }, /* nothing above makes a thread */
	{ "open the state", open_state }, /* also: this one folder has one daemon */
	{ "start the worker", start_worker },
	{ "start the resolver", start_resolver },
	{ "start the log", start_log },
	{ "become ready", become_ready },
};

int app_start(struct app *app, struct plan *plan)
{
	int status = 0;

	(void)signal(SIGPIPE, SIG_IGN); /* a reader of our log may go away */
	app->started = mono_now();
	app->started_wall_s = wall_now_s();
	clock_boot_name(app->boot, sizeof(app->boot));
	report_init(&app->report, app->started);
	app->settings = plan->settings;
	plan->settings.many = NULL;
	for (size_t i = 0; status == 0 && i < sizeof(steps) / sizeof(steps[0]); i++) {
		status = steps[i].take(app, plan);
		if (status != 0)
			log_talk(app->log, "could not %s", steps[i].name);
	}
	return status;
}

/* A started daemon answers what the kernel still holds before it lets the queue go. */
bool app_stop(struct app *app)
{
	bool is_clean;

	if (app->is_ready) {
		(void)notify_send(&app->notify, "STOPPING=1");
		turn_last_packets(app);
	}
	app_end_state(app);
	if (app->is_ready) {
		report_left_out(&app->report, app->log);
		app_log_statistics(app);
		log_note(app->log, "ended owed=%u", source_owed(app));
		loop_forget_queue(app); /* what comes now is the kernel's */
		source_end(app);
	}
	control_close(app->control);
	ballot_close(app->ballot);
	is_clean = loop_fini(app);
	is_clean = app_end_names(app) && is_clean;
	if (!is_clean)
		log_bad(app->log, "a file that is being read hangs; not waiting for it");
	source_free(app);
	replies_close(app);
	store_close(app->keeper.store);
	gate_free(app->gate);
	priv_free(&app->privileges);
	tally_free(app->tally);
	conf_free(&app->settings);
	notify_close(&app->notify);
	detach_end(&app->detached);
	log_free(app->log);
	return is_clean;
}
