/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * admissions.c - who is to be in the table of pf
 */
#include "daemon/admissions_int.h"

#include <errno.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/app_int.h"
#include "daemon/clock_int.h"
#include "daemon/source_pf_int.h"

enum {
	TIMEOUT_S = 30,      /* of a pfctl */
	TICK_MS = 250,
	SWEEP_TICKS = 60 * 1000 / TICK_MS, /* to go once through the table */
	SWEEP_LEAST = 64,
	SWEEP_HURRIED = 8192,
	WALK_PLACES = 65536, /* of the gate, in one tick */
	WALK_PIECE = 64,
	FOUND_COSTS = 4,     /* empty places, in time */
};

static struct admissions *of(struct app *app)
{
	return &app->source->admissions;
}

/* What is told of an address on a list is true of that address alone. */
static struct net net_of(const struct addr *who, const struct knowledge *k)
{
	if (k->decision.reason == REASON_LISTED_ALLOW)
		return (struct net){ *who, who->family == ADDR_IP6 ? 128 : 32 };
	return k->source;
}

/* When the rule is unsure it decides for one packet only. */
static bool is_let_in(const struct knowledge *k)
{
	return k->decision.would == VERDICT_ACCEPT && k->decision.reason != REASON_UNSURE;
}

void admissions_heed(struct app *app, const struct addr *who, struct mono now)
{
	struct admit *table = of(app)->table;
	struct knowledge k;
	struct net net;

	gate_explain(app->gate, who, now, &k);
	net = net_of(who, &k);
	if (is_let_in(&k))
		admit_add(table, &net, now);
	else
		admit_remove(table, &net, now);
}

void admissions_heed_all(struct app *app, struct mono now)
{
	struct admissions *a = of(app);

	a->is_keeping = false;
	admit_resync(a->table, now);
	a->sweep = 0;
	a->is_hurried = true;
}

/* The last connection has passed: the next one should not. */
static void heed_spent(struct app *app, const struct addr *who, struct mono now)
{
	struct knowledge k;

	gate_explain(app->gate, who, now, &k);
	if (k.state == STATE_SPENT)
		admit_remove(of(app)->table, &k.source, now);
}

/* It knocked once, or it would not be in the table; and it has just used that. */
static void know_again(struct app *app, const struct addr *who,
		       const struct decision *d, struct mono now)
{
	struct knowledge k = { .state = STATE_OPEN, .has_entry = true, .is_used = true };

	k.source.addr = *who; /* it is cut there */
	k.via = VIA_KNOCK;
	k.queue = d->queue;
	k.closes_ms = gate_policy(app->gate)->queue[d->queue].window_ms;
	(void)gate_restore(app->gate, &k, now);
	admissions_heed(app, who, now);
}

void admissions_judged(struct app *app, const struct held *held,
		       const struct attempt *attempt, const struct decision *d,
		       struct mono now)
{
	const struct policy *p = gate_policy(app->gate);

	switch (d->reason) {
	case REASON_KNOCK:
		if (d->timed && d->opens_ms == 0)
			admissions_heed(app, &attempt->src, now);
		break;
	case REASON_OPEN:
		if (held->fate == HELD_BLOCKED || of(app)->is_keeping) {
			/* also its last connection: it comes when the SYN is repeated */
			struct knowledge k;

			gate_explain(app->gate, &attempt->src, now, &k);
			admit_add(of(app)->table, &k.source, now);
		} else if (p->queue[d->queue].connections > 0) {
			heed_spent(app, &attempt->src, now);
		}
		break;
	case REASON_LISTED_ALLOW:
		if (held->fate == HELD_BLOCKED)
			admissions_heed(app, &attempt->src, now);
		break;
	case REASON_NO_KNOCK:
		if (held->fate == HELD_PASSED && of(app)->is_keeping)
			know_again(app, &attempt->src, d, now);
		else if (held->fate == HELD_PASSED)
			admissions_heed(app, &attempt->src, now);
		break;
	case REASON_PAUSING:
	case REASON_FIRST_TRY: /* it is known when its pause is over */
		if (held->fate == HELD_PASSED && !of(app)->is_keeping)
			admissions_heed(app, &attempt->src, now);
		break;
	case REASON_LISTED_DENY:
	case REASON_PENALTY:
	case REASON_SPENT:
		if (held->fate == HELD_PASSED)
			admissions_heed(app, &attempt->src, now);
		break;
	case REASON_NOT_A_SYN:
	case REASON_MALFORMED:
	case REASON_OTHER_DESTINATION:
	case REASON_UNSURE:
		break;
	}
}

static void tell(struct app *app, enum admit_news news)
{
	const char *table = app->settings.pf_table;

	switch (news) {
	case ADMIT_NO_NEWS:
		break;
	case ADMIT_TROUBLE:
		log_bad(app->log,
			"table %s is not as it should be: %s; tried again, less and less "
			"often", table, admit_why(of(app)->table));
		break;
	case ADMIT_WELL:
		log_note(app->log, "table %s is as it should be again", table);
		break;
	case ADMIT_LOST:
		log_bad(app->log, "table %s cannot be changed any more: %s", table,
			admit_why(of(app)->table));
		app->status = EX_UNAVAILABLE;
		uv_stop(&app->loop);
		break;
	}
}

static void on_helper(uv_poll_t *handle, int status, int events)
{
	(void)status;
	(void)events;
	admissions_go_on(handle->data, mono_now());
}

static void on_due(uv_timer_t *handle)
{
	admissions_go_on(handle->data, mono_now());
}

/* Before all is read that was known of old, or that cannot be read, the table stays as it
 * is: it is replaced by what we know. */
static bool may_turn(const struct app *app)
{
	return !app->source->admissions.is_walking;
}

void admissions_go_on(struct app *app, struct mono now)
{
	struct admissions *a = of(app);
	enum admit_news news;
	int64_t wait;
	int events = UV_READABLE;

	if (!may_turn(app))
		return;
	news = admit_turn(a->table, now);
	tell(app, news);
	wait = news == ADMIT_LOST ? -1 : admit_wait_ms(a->table, now);
	if (wait >= 0)
		(void)uv_timer_start(&a->on_due, on_due, (uint64_t)wait, 0);
	if (admit_wants_write(a->table))
		events |= UV_WRITABLE;
	if (news == ADMIT_LOST)
		(void)uv_poll_stop(&a->on_helper);
	else if (admit_fd(a->table) >= 0)
		(void)uv_poll_start(&a->on_helper, events, on_helper);
}

static bool is_state_read(const struct app *app)
{
	return app->keeper.lacks || (app->keeper.health != KEEPER_OPENING &&
				     app->keeper.health != KEEPER_LOADING);
}

static void end_walk(struct app *app, struct admissions *a, struct mono now)
{
	if (app->keeper.lacks == a->is_keeping)
		return;
	if (!app->keeper.lacks) { /* it could be read after all */
		admissions_heed_all(app, now);
		return;
	}
	a->is_keeping = true;
	admit_keep(a->table);
	log_bad(app->log,
		"table %s keeps what it holds, since the state is not known: whom pf "
		"lets in from it is known again; a reload replaces the table by who is "
		"known",
		app->settings.pf_table);
}

/* Who is let in by what was known before we started. */
static void walk(struct app *app, struct admissions *a, struct mono now)
{
	int left = WALK_PLACES;
	struct knowledge k;
	bool found;

	if (a->is_keeping && !app->keeper.lacks && !a->is_walking) {
		a->is_walking = true; /* what was known of old came late */
		a->walk = 0;
	}
	if (!a->is_walking || !is_state_read(app))
		return;
	/* Each call looks at a piece, and stops at what it finds. */
	while (a->is_walking && left > 0) {
		a->is_walking = gate_walk(app->gate, &a->walk, WALK_PIECE, now, &k,
					  &found);
		if (found && is_let_in(&k))
			admit_add(a->table, &k.source, now);
		left -= found ? FOUND_COSTS : WALK_PIECE;
	}
	if (!a->is_walking)
		end_walk(app, a, now);
}

/* Who is in the table and would not be let in now. Whoever has used up its connections
 * may be about to repeat the SYN of the last one: its next one takes it out. */
static void sweep(struct app *app, struct admissions *a, struct mono now)
{
	uint32_t left = admit_count(a->table).wanted / SWEEP_TICKS + SWEEP_LEAST;
	struct net net;

	if (a->is_hurried)
		left += SWEEP_HURRIED;
	for (; left > 0; left--) {
		struct knowledge k;

		if (!admit_next(a->table, &a->sweep, &net)) {
			a->sweep = 0;
			a->is_hurried = false;
			return;
		}
		gate_explain(app->gate, &net.addr, now, &k);
		if (!is_let_in(&k) && k.state != STATE_SPENT)
			admit_remove(a->table, &net, now);
	}
}

static void on_tick(uv_timer_t *handle)
{
	struct app *app = handle->data;
	struct mono now = mono_now();

	walk(app, of(app), now);
	if (may_turn(app))
		sweep(app, of(app), now);
	admissions_go_on(app, now);
	log_flush(app->log);
}

static int tell_failure(struct app *app, int err)
{
	const struct settings *s = &app->settings;

	if (err == -ENOENT || err == -EACCES || err == -ENOTDIR) {
		log_bad(app->log, "pfctl = %s: %s", s->pfctl, strerror(-err));
		return EX_UNAVAILABLE;
	}
	log_bad(app->log, "cannot start the process that changes table %s: %s",
		s->pf_table, strerror(-err));
	return EX_OSERR;
}

int admissions_open(struct app *app, struct admissions *a)
{
	const struct settings *s = &app->settings;
	struct admit_conf c = { s->pfctl,
				s->pf_table,
				TIMEOUT_S,
				s->entries_max,
				(uint8_t)s->prefix4,
				(uint8_t)s->prefix6 };
	int err = s->observe ? admit_open_null(&a->table, &c, app->log)
			     : admit_open_pf(&a->table, &c);

	return err == 0 ? 0 : tell_failure(app, err);
}

int admissions_start(struct app *app, struct admissions *a)
{
	int err = 0;

	a->is_walking = true;
	a->on_helper.data = a->on_due.data = a->on_tick.data = app;
	uv_timer_init(&app->loop, &a->on_due); /* cannot fail */
	uv_timer_init(&app->loop, &a->on_tick);
	if (admit_fd(a->table) >= 0)
		err = uv_poll_init(&app->loop, &a->on_helper, admit_fd(a->table));
	return err < 0 ? err : uv_timer_start(&a->on_tick, on_tick, 0, TICK_MS);
}

void admissions_close(struct admissions *a)
{
	admit_close(a->table);
	a->table = NULL;
}
