/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch.c - is the queue served, does the loop come round
 */
#include "daemon/watch_int.h"

#include <poll.h>

#include "daemon/app_int.h"
#include "daemon/notify_int.h"

enum { STUCK_LOOKS = 2 };

void watch_alive(struct app *app, uint64_t now_ms)
{
	struct watch *w = &app->watch;
	uint64_t gap = now_ms - w->alive_ms;

	w->alive_ms = now_ms;
	if (gap < WATCH_STALL_MS)
		return;
	w->stalls++;
	source_tell_stall(app, gap);
}

bool watchdog_may_feed(struct watchdog *w, bool is_readable, uint64_t read)
{
	bool is_stuck = is_readable && w->is_readable && read == w->read;

	w->stuck = is_stuck ? w->stuck + 1 : 0;
	w->is_readable = is_readable;
	w->read = read;
	return w->stuck < STUCK_LOOKS;
}

void watch_feed(struct app *app)
{
	struct watchdog *w = &app->watchdog;
	struct pollfd p = { .fd = source_fd(app), .events = POLLIN };
	bool is_readable = poll(&p, 1, 0) == 1;
	char name[SOURCE_NAME_MAX];

	if (watchdog_may_feed(w, is_readable, source_progress(app))) {
		w->is_told = false;
		w->fed += notify_send(&app->notify, "WATCHDOG=1") == 0;
		return;
	}
	w->starved++;
	if (!w->is_told)
		log_bad(app->log,
			"%s has packets for us and is not read: the watchdog is not fed",
			source_name(app, name));
	w->is_told = true;
}
