/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * turn.c - from packet to verdict
 *
 * Verdicts first: everything else that a packet causes (RST, log line, question to DNS)
 * happens after the answers to its whole batch have been sent.
 */
#include <string.h>
#include <sysexits.h>

#include "daemon/app_int.h"
#include "daemon/clock_int.h"

_Static_assert((int)NFQUEUE_BATCH <= (int)GATE_BATCH_MAX, "a read is judged at once");

enum {
	BATCHES_PER_TURN = 16,  /* then timers, signals and names have their turn */
	LAST_BATCHES = 4096,    /* at the end; more than the kernel holds for one queue */
};

static enum attempt_shape shape_of(enum pkt_shape shape)
{
	switch (shape) {
	case PKT_SYN:       return ATTEMPT_SYN;
	case PKT_NOT_A_SYN: return ATTEMPT_NOT_A_SYN;
	case PKT_MALFORMED: return ATTEMPT_MALFORMED;
	case PKT_CUT:       return ATTEMPT_UNREADABLE;
	}
	return ATTEMPT_UNREADABLE;
}

static void read_attempt(const struct held *held, struct pkt *pkt, struct attempt *a)
{
	a->shape = shape_of(pkt_parse(held->bytes, held->len, pkt));
	a->src = pkt->src;
	a->dst = pkt->dst;
	a->seq = pkt->seq;
	a->sport = pkt->sport;
	a->dport = pkt->dport;
}

static void judge_batch(struct app *app, unsigned count, struct mono now)
{
	struct batch *b = &app->batch;
	struct gate_batch judged = { b->attempt, b->decision, count };

	for (unsigned i = 0; i < count; i++)
		read_attempt(&b->held[i], &b->pkt[i], &b->attempt[i]);
	b->fx.count = b->fx.lost = 0;
	gate_judge_batch(app->gate, &judged, now, &b->fx);
	for (unsigned i = 0; i < count; i++)
		nfqueue_answer(app->queue, b->held[i].ticket,
			       b->decision[i].verdict == VERDICT_ACCEPT ? ANSWER_ACCEPT
									: ANSWER_DROP);
	nfqueue_flush(app->queue);
}

static void follow_up(struct app *app, unsigned count, struct mono now)
{
	const struct batch *b = &app->batch;
	char line[GATE_LINE_MAX];

	for (unsigned i = 0; i < count; i++) {
		const struct decision *d = &b->decision[i];

		stats_count(&app->stats, d);
		if (d->verdict == VERDICT_RESET && app->injector)
			inject_refuse(app->injector, gate_policy(app->gate), &b->pkt[i],
				      b->held[i].ifindex, now);
		if (d->repeat && log_has(app->log, LEVEL_TRACE))
			log_trace(app->log, "again %s",
				  gate_line(app->gate, &b->attempt[i], d, line, sizeof(line)));
		else if (!d->repeat && log_has(app->log, LEVEL_NOTE) &&
			 report_may(&app->report, d, now))
			log_note(app->log, "%s",
				 gate_line(app->gate, &b->attempt[i], d, line, sizeof(line)));
	}
	app_apply(app, &b->fx, NULL, now);
}

unsigned turn_packets(struct app *app, bool *drained)
{
	unsigned total = 0;

	*drained = false;
	for (unsigned i = 0; i < BATCHES_PER_TURN && !*drained; i++) {
		int count = nfqueue_read(app->queue, app->batch.held, drained);
		struct mono now = mono_now();

		if (count < 0) {
			log_bad(app->log, "queue %d is lost: %s", app->settings.queue_num,
				strerror(-count));
			app->status = EX_UNAVAILABLE;
			uv_stop(&app->loop);
			return total;
		}
		judge_batch(app, (unsigned)count, now);
		follow_up(app, (unsigned)count, now);
		total += (unsigned)count;
	}
	return total;
}

void turn_last_packets(struct app *app)
{
	bool drained = false;

	for (unsigned i = 0; i < LAST_BATCHES / BATCHES_PER_TURN && !drained; i++)
		turn_packets(app, &drained);
}
