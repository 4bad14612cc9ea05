/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * turn.c - from packet to verdict
 *
 * Verdicts first: everything else that a packet causes (RST, log line, question to DNS)
 * happens after the answers to its whole batch have been sent.
 */
#include <sysexits.h>

#include "daemon/app_int.h"
#include "daemon/clock_int.h"

_Static_assert((int)HELD_BATCH <= (int)GATE_BATCH_MAX, "a read is judged at once");

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

void turn_read_attempt(const uint8_t *bytes, size_t len, struct pkt *pkt,
		       struct attempt *a)
{
	a->shape = shape_of(pkt_parse(bytes, len, pkt));
	a->src = pkt->src;
	a->dst = pkt->dst;
	a->seq = pkt->seq;
	a->sport = pkt->sport;
	a->dport = pkt->dport;
}

/* We marked it: no rule in front of ours took it (mxallowd.conf(5), reset-with). */
static bool has_come_back(struct app *app, const struct held *held)
{
	if (held->mark != app->settings.mark)
		return false;
	if (!app->has_told_mark)
		log_bad(app->log,
			"reset-with = mark, but no firewall rule refuses what is marked "
			"0x%x: "
			"such packets are dropped; `mxallowctl rules` prints the rule",
			app->settings.mark);
	app->has_told_mark = true;
	return true;
}

static enum answer answer_for(struct app *app, const struct held *held,
			      const struct decision *d)
{
	switch (d->verdict) {
	case VERDICT_ACCEPT:
		return ANSWER_ACCEPT;
	case VERDICT_RESET:
		if (app->settings.reset_with_mark && !has_come_back(app, held))
			return ANSWER_REFUSE;
		return ANSWER_DROP;
	case VERDICT_DROP:
	case VERDICT_TARPIT:
		return ANSWER_DROP;
	}
	return ANSWER_ACCEPT;
}

static void judge_batch(struct app *app, unsigned count, struct mono now)
{
	struct batch *b = &app->batch;
	struct gate_batch judged = { b->attempt, b->decision, count };
	enum answer answer[HELD_BATCH];

	for (unsigned i = 0; i < count; i++)
		turn_read_attempt(b->held[i].bytes, b->held[i].len, &b->pkt[i],
				  &b->attempt[i]);
	b->fx.count = b->fx.lost = 0;
	gate_judge_batch(app->gate, &judged, now, &b->fx);
	replies_find(app, count, now);
	for (unsigned i = 0; i < count; i++) {
		enum answer a = answer_for(app, &b->held[i], &b->decision[i]);

		answer[i] = b->is_held[i] || b->is_proof[i] ? ANSWER_DROP : a;
	}
	source_answer(app, answer, count, now);
}

static void tell_decision(struct app *app, unsigned i, bool is_heard, struct mono now)
{
	const struct decision *d = &app->batch.decision[i];
	const struct attempt *a = &app->batch.attempt[i];
	char line[GATE_LINE_MAX];

	if (d->repeat && log_has(app->log, LEVEL_TRACE))
		log_trace(app->log, "again %s",
			  gate_line(app->gate, a, d, line, sizeof(line)));
	else if (!d->repeat && is_heard && report_may(&app->report, d, now))
		app_tell(app, "%s", gate_line(app->gate, a, d, line, sizeof(line)));
}

static void prove(struct app *app, const struct addr *who, struct mono now)
{
	struct effects fx = { .count = 0 };
	struct decision d;
	enum proven proven = gate_prove(app->gate, who, now, &d, &fx);
	char line[GATE_LINE_MAX];

	app->stats.proofs[proven]++;
	if (proven == PROVEN_NOW && app_is_heard(app) &&
	    report_may_proof(&app->report, now))
		app_tell(app, "%s",
			 gate_proven_line(app->gate, who, &d, line, sizeof(line)));
	app_apply(app, &fx, NULL, now);
}

static void follow_up(struct app *app, unsigned count, struct mono now)
{
	struct gate_batch judged = { app->batch.attempt, app->batch.decision, count };
	bool is_heard = app_is_heard(app);

	replies_send(app, count, now);
	for (unsigned i = 0; i < count; i++) {
		if (app->batch.is_proof[i])
			prove(app, &app->batch.pkt[i].src, now);
		if (app->batch.is_held[i] || app->batch.is_proof[i])
			continue;
		stats_count(&app->stats, &app->batch.decision[i]);
		tell_decision(app, i, is_heard, now);
	}
	tally_note_batch(app->tally, &judged, gate_policy(app->gate), now);
	app_apply(app, &app->batch.fx, NULL, now);
}

/* Once: at the end what is left is read again, and a loop that is told to stop then would
 * not close its handles. */
static void lose(struct app *app, int err)
{
	if (app->status != 0)
		return;
	source_tell_lost(app, err);
	app->status = EX_UNAVAILABLE;
	uv_stop(&app->loop);
}

unsigned turn_packets(struct app *app, bool *drained)
{
	unsigned total = 0;

	*drained = false;
	for (unsigned i = 0; i < BATCHES_PER_TURN && !*drained; i++) {
		int count = source_read(app, drained);
		struct mono now = mono_now();

		if (count < 0) {
			lose(app, count);
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
