/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch.c - is the queue served, is it full, does the loop come round
 */
#include "daemon/watch_int.h"

#include <poll.h>
#include <string.h>

#include "daemon/app_int.h"
#include "daemon/notify_int.h"

enum { LOOK_SECONDS = 10, STUCK_LOOKS = 2 };

/* Fail-open has no counter in the kernel: a full queue shows only while it is full. */
static void look_for_full(struct app *app)
{
	if (nfqueue_kernel(app->queue).waiting >= app->settings.queue_maxlen)
		app->watch.full++;
}

void watch_alive(struct app *app, uint64_t now_ms)
{
	struct watch *w = &app->watch;
	uint64_t gap = now_ms - w->alive_ms;

	w->alive_ms = now_ms;
	if (gap < WATCH_STALL_MS)
		return;
	w->stalls++;
	look_for_full(app);
	log_bad(app->log,
		"stood still for %llu.%llu s: stopped, or without a CPU or memory; %u "
		"packets wait, and what did not fit into queue-maxlen = %u was let in",
		(unsigned long long)gap / 1000, (unsigned long long)gap % 1000 / 100,
		nfqueue_kernel(app->queue).waiting, app->settings.queue_maxlen);
}

/* A burst of losses is told when it begins, not every second it lasts. What the kernel
 * drops without a word shows in /proc only, which is looked at less often when no packets
 * come. */
void watch_queue(struct app *app)
{
	struct watch *w = &app->watch;
	struct queue_told *told = &w->told;
	struct nfqueue_counts q = nfqueue_count(app->queue);
	struct nfqueue_kernel k = { .full = told->full, .buffer = told->buffer };
	bool is_trouble;

	if (q.packets != w->packets || q.overruns != told->overruns || told->is_burst ||
	    ++w->seconds >= LOOK_SECONDS) {
		w->seconds = 0;
		k = nfqueue_kernel(app->queue);
		look_for_full(app);
	}
	w->packets = q.packets;
	is_trouble = q.overruns != told->overruns || k.full != told->full ||
		     k.buffer != told->buffer;
	if (is_trouble && !told->is_burst)
		log_bad(app->log,
			"queue %d overrun: packets come faster than they are read "
			"(overruns=%llu kernel-full=%u kernel-buffer=%u); raise "
			"queue-maxlen and net.core.rmem_max when this goes on",
			app->settings.queue_num, (unsigned long long)q.overruns, k.full,
			k.buffer);
	*told = (struct queue_told){ q.overruns, k.full, k.buffer, is_trouble };
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
	struct nfqueue_counts q = nfqueue_count(app->queue);
	struct pollfd p = { .fd = nfqueue_fd(app->queue), .events = POLLIN };
	bool is_readable = poll(&p, 1, 0) == 1;

	if (watchdog_may_feed(w, is_readable,
			      q.packets + q.overruns + q.gone + q.odd + q.unsent)) {
		w->is_told = false;
		w->fed += notify_send(&app->notify, "WATCHDOG=1") == 0;
		return;
	}
	w->starved++;
	if (!w->is_told)
		log_bad(app->log,
			"queue %d has packets for us and is not read: the watchdog is "
			"not fed",
			app->settings.queue_num);
	w->is_told = true;
}
