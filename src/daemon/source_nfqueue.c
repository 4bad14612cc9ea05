/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source_nfqueue.c - packets that the kernel holds until they are answered
 */
#include "daemon/source_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/app_int.h"
#include "transport/nfqueue.h"

enum { LOOK_SECONDS = 10 };

/* Troubles of the queue that were told already, to tell each once a burst. */
struct queue_told {
	uint64_t overruns;
	uint32_t full;
	uint32_t buffer;
	bool     is_burst;
};

struct source {
	struct nfqueue   *queue; /* owned */
	struct queue_told told;
	uint64_t packets; /* when we looked last */
	unsigned seconds; /* since /proc was looked at */
	uint64_t full;    /* times the kernel was found to hold queue-maxlen packets */
};

int source_prepare(struct app *app, struct plan *plan)
{
	(void)plan;
	app->source = calloc(1, sizeof(*app->source));
	if (app->source)
		return 0;
	log_bad(app->log, "no memory");
	return EX_OSERR;
}

int source_open(struct app *app, struct plan *plan)
{
	struct nfqueue_conf c = { (uint16_t)app->settings.queue_num,
				  app->settings.queue_maxlen, app->settings.mark };
	int err = 0;

	(void)plan;
	switch (nfqueue_open(&app->source->queue, &c, &err)) {
	case NFQUEUE_FINE:
		return 0;
	case NFQUEUE_TAKEN:
		log_bad(app->log,
			"queue %u is taken; is mxallowd running already? Its reader "
			"is column 2 of the line that begins with %u in "
			"/proc/net/netfilter/nfnetlink_queue",
			c.num, c.num);
		return EX_UNAVAILABLE;
	case NFQUEUE_NO_KERNEL:
		log_bad(app->log, "this kernel has no NFQUEUE (%s); try: modprobe "
				  "nfnetlink_queue", strerror(err));
		return EX_UNAVAILABLE;
	case NFQUEUE_FORBIDDEN:
		log_bad(app->log,
			"not allowed to open queue %u: CAP_NET_ADMIN is missing; "
			"start mxallowd as root, or give the container this "
			"capability",
			c.num);
		return EX_NOPERM;
	case NFQUEUE_BROKEN:
		break;
	}
	log_bad(app->log, "cannot open queue %u: %s", c.num, strerror(err));
	return EX_OSERR;
}

bool source_check(const struct settings *s, struct complaint *why)
{
	(void)s;
	(void)why;
	return true;
}

void source_end(struct app *app)
{
	nfqueue_close(app->source->queue);
	app->source->queue = NULL;
}

void source_free(struct app *app)
{
	if (app->source)
		nfqueue_close(app->source->queue);
	free(app->source);
	app->source = NULL;
}

int source_fd(const struct app *app)
{
	return nfqueue_fd(app->source->queue);
}

int source_read(struct app *app, bool *drained)
{
	return nfqueue_read(app->source->queue, app->batch.held, drained);
}

void source_tell_lost(struct app *app, int err)
{
	log_bad(app->log, "queue %d is lost: %s", app->settings.queue_num,
		strerror(-err));
}

void source_answer(struct app *app, const enum answer *answers, unsigned count,
		   struct mono now)
{
	struct nfqueue *q = app->source->queue;

	(void)now;
	for (unsigned i = 0; i < count; i++)
		nfqueue_answer(q, app->batch.held[i].ticket, answers[i]);
	nfqueue_flush(q);
}

/* The kernel asks about each packet: nothing is to be kept as the rule has it. */
void source_heed(struct app *app, const struct addr *who, struct mono now)
{
	(void)app;
	(void)who;
	(void)now;
}

uint32_t source_owed(const struct app *app)
{
	return nfqueue_owed(app->source->queue);
}

uint64_t source_progress(const struct app *app)
{
	struct nfqueue_counts q = nfqueue_count(app->source->queue);

	return q.packets + q.overruns + q.gone + q.odd + q.unsent;
}

/* Fail-open has no counter in the kernel: a full queue shows only while it is full. */
static void look_for_full(struct app *app)
{
	struct source *s = app->source;

	if (nfqueue_kernel(s->queue).waiting >= app->settings.queue_maxlen)
		s->full++;
}

/* A burst of losses is told when it begins, not every second it lasts. What the kernel
 * drops without a word shows in /proc only, which is looked at less often when no packets
 * come. */
void source_watch(struct app *app)
{
	struct source *s = app->source;
	struct queue_told *told = &s->told;
	struct nfqueue_counts q = nfqueue_count(s->queue);
	struct nfqueue_kernel k = { .full = told->full, .buffer = told->buffer };
	bool is_trouble;

	if (q.packets != s->packets || q.overruns != told->overruns || told->is_burst ||
	    ++s->seconds >= LOOK_SECONDS) {
		s->seconds = 0;
		k = nfqueue_kernel(s->queue);
		look_for_full(app);
	}
	s->packets = q.packets;
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

void source_tell_stall(struct app *app, uint64_t gap_ms)
{
	look_for_full(app);
	log_bad(app->log,
		"stood still for %llu.%llu s: stopped, or without a CPU or memory; %u "
		"packets wait, and what did not fit into queue-maxlen = %u was let in",
		(unsigned long long)gap_ms / 1000,
		(unsigned long long)gap_ms % 1000 / 100,
		nfqueue_kernel(app->source->queue).waiting, app->settings.queue_maxlen);
}

void source_warn(struct app *app)
{
	const struct settings *s = &app->settings;
	uint32_t room = nfqueue_room(app->source->queue);

	if (room < s->queue_maxlen)
		log_note(app->log,
			 "the socket buffer holds %u SYNs, queue-maxlen is %u: under "
			 "flood the difference is lost; raise net.core.rmem_max to %llu",
			 room, s->queue_maxlen,
			 (unsigned long long)s->queue_maxlen * NFQUEUE_BYTES_PER_SYN / 2);
	if (!nfqueue_is_fail_open(app->source->queue))
		log_note(app->log,
			 "this kernel has no fail-open: a full queue drops packets");
}

const char *source_name(const struct app *app, char *out)
{
	snprintf(out, SOURCE_NAME_MAX, "queue %d", app->settings.queue_num);
	return out;
}

const char *source_pair(const struct app *app, char *out)
{
	snprintf(out, SOURCE_NAME_MAX, "queue-num=%d", app->settings.queue_num);
	return out;
}

void source_row(const struct app *app, struct control_client *c)
{
	struct nfqueue *queue = app->source->queue;
	struct nfqueue_counts q = nfqueue_count(queue);
	struct nfqueue_kernel k = nfqueue_kernel(queue);

	control_row(c,
		    "queue num=%d packets=%llu owed=%u overruns=%llu kernel-full=%u "
		    "kernel-buffer=%u gone=%llu unsent=%llu odd=%llu",
		    app->settings.queue_num, (unsigned long long)q.packets,
		    nfqueue_owed(queue), (unsigned long long)q.overruns, k.full,
		    k.buffer, (unsigned long long)q.gone, (unsigned long long)q.unsent,
		    (unsigned long long)q.odd);
}

unsigned source_counters(const struct app *app, struct counter *out)
{
	struct nfqueue *queue = app->source->queue;
	struct nfqueue_counts q = nfqueue_count(queue);
	struct nfqueue_kernel k = nfqueue_kernel(queue);
	const struct counter all[] = {
		{ .name = "queue_packets", .help = "packets read from the queue",
		  .value = q.packets },
		{ .name = "queue_owed", .help = "packets read and not yet answered",
		  .value = nfqueue_owed(queue), .is_gauge = true },
		{ .name = "queue_overruns", .value = q.overruns,
		  .help = "times the kernel could not hand us packets" },
		{ .name = "queue_gone", .help = "answers to packets that were gone",
		  .value = q.gone },
		{ .name = "queue_odd", .help = "netlink messages that made no sense",
		  .value = q.odd },
		{ .name = "queue_unsent", .help = "answers that the kernel refused",
		  .value = q.unsent },
		{ .name = "queue_kernel_full", .value = k.full,
		  .help = "packets the kernel dropped: queue full" },
		{ .name = "queue_kernel_buffer", .value = k.buffer,
		  .help = "packets the kernel dropped: our buffer full" },
		{ .name = "queue_waiting", .help = "packets the kernel holds for us",
		  .value = k.waiting, .is_gauge = true },
		{ .name = "queue_full", .value = app->source->full,
		  .help = "times it held as many as it may: others were let in" },
		{ .name = "queue_stalls", .value = app->watch.stalls,
		  .help = "times we stood still for two seconds or more" },
	};

	_Static_assert(sizeof(all) / sizeof(all[0]) <= SOURCE_COUNTERS_MAX, "they fit");
	memcpy(out, all, sizeof(all));
	return sizeof(all) / sizeof(all[0]);
}
