/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * loop.c - libuv: the queue, names, timers, signals
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "daemon/app_int.h"
#include "daemon/clock_int.h"

/* Expired entries count for nothing; sweeping them out only makes room. */
enum {
	SWEEP_MS = 250,
	SWEEPS = 10 * 60 * 1000 / SWEEP_MS, /* to go once around the table */
	PATIENCE_MS = 1000, /* with the worker, at the end */
};

static const int signals[LOOP_SIGNALS] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1 };

static void on_queue(uv_poll_t *handle, int status, int events);

static void on_rest(uv_idle_t *handle)
{
	struct app *app = handle->data;

	on_queue(&app->on_queue, 0, UV_READABLE);
}

/* BPF hands over a whole buffer, and more of it may be left than one turn takes: the
 * descriptor does not tell of that. */
static void watch_rest(struct app *app, bool drained)
{
	if (drained)
		(void)uv_idle_stop(&app->on_rest);
	else
		(void)uv_idle_start(&app->on_rest, on_rest);
}

static void on_queue(uv_poll_t *handle, int status, int events)
{
	struct app *app = handle->data;
	unsigned packets;
	bool drained;

	(void)events;
	/* libuv stops watching at POLLERR, which is what an overrun looks like; the error
	 * shows again, with its name, when we read. */
	if (status < 0)
		(void)uv_poll_start(handle, UV_READABLE, on_queue);
	watch_alive(app, uv_now(handle->loop));
	packets = turn_packets(app, &drained);
	if (WITH_PF)
		watch_rest(app, drained);
	log_flush(app->log);
	if (drained && pace_should_nap(&app->pace, packets, mono_now_us(),
				       app->settings.coalesce_us))
		clock_nap(app->settings.coalesce_us);
}

static void on_names(uv_poll_t *handle, int status, int events)
{
	struct app *app = handle->data;

	(void)status;
	(void)events;
	app_hear_names(app);
	log_flush(app->log);
}

static void on_sweep(uv_timer_t *handle)
{
	struct app *app = handle->data;

	gate_expire(app->gate, mono_now(), app->settings.entries_max / SWEEPS + 1);
}

static void on_second(uv_timer_t *handle)
{
	struct app *app = handle->data;

	watch_alive(app, uv_now(handle->loop));
	source_watch(app);
	reload_watch(app);
	replies_watch(app);
	report_left_out(&app->report, app->log);
	log_flush(app->log);
}

static void on_watchdog(uv_timer_t *handle)
{
	struct app *app = handle->data;

	watch_feed(app);
	log_flush(app->log);
}

static void on_signal(uv_signal_t *handle, int signum)
{
	struct app *app = handle->data;

	if (signum == SIGHUP)
		reload_ask(app, NULL);
	else if (signum == SIGUSR1)
		app_log_statistics(app);
	else
		uv_stop(&app->loop);
	log_flush(app->log);
}

int loop_watch_names(struct app *app, struct resolver *resolver)
{
	int err = uv_poll_init(&app->loop, &app->on_names, resolver_fd(resolver));

	app->on_names.data = app;
	return err < 0 ? err : uv_poll_start(&app->on_names, UV_READABLE, on_names);
}

void loop_forget_names(struct app *app)
{
	uv_close((uv_handle_t *)&app->on_names, NULL);
}

static int start_timer(struct app *app, uv_timer_t *timer, uv_timer_cb fn, uint64_t ms)
{
	timer->data = app;
	uv_timer_init(&app->loop, timer); /* cannot fail */
	return uv_timer_start(timer, fn, ms, ms);
}

int loop_init(struct app *app)
{
	int err = uv_loop_init(&app->loop);

	if (err < 0)
		return err;
	app->has_loop = true;
	err = start_timer(app, &app->on_sweep, on_sweep, SWEEP_MS);
	if (err == 0)
		err = start_timer(app, &app->on_second, on_second, 1000);
	for (unsigned i = 0; err == 0 && i < LOOP_SIGNALS; i++) {
		app->on_signal[i].data = app;
		err = uv_signal_init(&app->loop, &app->on_signal[i]);
		if (err == 0)
			err = uv_signal_start(&app->on_signal[i], on_signal, signals[i]);
	}
	return err;
}

int loop_watch_queue(struct app *app)
{
	int err = uv_poll_init(&app->loop, &app->on_queue, source_fd(app));

	app->on_queue.data = app->on_rest.data = app;
	uv_idle_init(&app->loop, &app->on_rest); /* cannot fail */
	uv_update_time(&app->loop);
	app->watch.alive_ms = uv_now(&app->loop);
	return err < 0 ? err : uv_poll_start(&app->on_queue, UV_READABLE, on_queue);
}

int loop_feed_watchdog(struct app *app, int64_t interval_us)
{
	int64_t half_ms = interval_us / 2000;

	return start_timer(app, &app->on_watchdog, on_watchdog,
			   half_ms > 0 ? (uint64_t)half_ms : 1);
}

void loop_run(struct app *app)
{
	uv_run(&app->loop, UV_RUN_DEFAULT);
}

static void close_handle(uv_handle_t *handle, void *arg)
{
	(void)arg;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

void loop_forget_queue(struct app *app)
{
	close_handle((uv_handle_t *)&app->on_queue, NULL);
	close_handle((uv_handle_t *)&app->on_rest, NULL);
}

static void on_patience(uv_timer_t *handle)
{
	bool *is_over = handle->data;

	*is_over = true;
}

bool loop_fini(struct app *app)
{
	bool is_over = false;
	uv_timer_t patience = { .data = &is_over };

	if (!app->has_loop)
		return true;
	reload_end(app);
	uv_walk(&app->loop, close_handle, NULL);
	uv_timer_init(&app->loop, &patience);
	uv_timer_start(&patience, on_patience, PATIENCE_MS, 0);
	while (reload_is_busy(app) && !is_over)
		uv_run(&app->loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&patience, NULL);
	if (reload_is_busy(app))
		return false;
	/* One that was told to stop while it did not run stops once more, at once. */
	while (uv_run(&app->loop, UV_RUN_DEFAULT) != 0)
		; /* till all are closed */
	(void)uv_loop_close(&app->loop);
	app->has_loop = false;
	return true;
}
