/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * warn.c - what the operator should know although we can run
 */
#include "daemon/app_int.h"

/* Most senders try again within it. */
enum { PROBATION_LONG_MS = 60 * 60 * 1000 };

static bool has_family(const struct setting_addrs *s, enum addr_family family)
{
	for (unsigned i = 0; i < s->count; i++)
		if (s->addr[i].family == family)
			return true;
	return false;
}

static bool needs_knocks(const struct policy *p)
{
	for (unsigned i = 0; i < p->queues; i++)
		if (p->queue[i].start != START_KNOCK)
			return false;
	return true;
}

static void warn_family(struct app *app, enum addr_family family, const char *name)
{
	if (!needs_knocks(gate_policy(app->gate)))
		return;
	if (has_family(&app->settings.real, family) &&
	    !has_family(&app->settings.fake, family))
		log_bad(app->log,
			"there is a real address of %s but no fake one: whoever comes "
			"over %s can never knock, and is refused",
			name, name);
}

/* A sender that cannot prove itself must find its window at its next try. */
static void warn_probation(struct app *app)
{
	const struct policy *p = gate_policy(app->gate);

	for (unsigned i = 0; p->proof != PROOF_NONE && i < p->queues; i++) {
		const struct queue *q = &p->queue[i];

		if (q->start == START_ATTEMPT || q->pause_ms == 0 ||
		    p->probation_ms >= PROBATION_LONG_MS)
			continue;
		log_bad(app->log,
			"queue %s has a pause, and probation is less than an hour: a "
			"sender that cannot prove its address may try again when its "
			"window has passed, every time",
			q->name);
	}
}

void app_warn(struct app *app)
{
	warn_family(app, ADDR_IP4, "IPv4");
	warn_family(app, ADDR_IP6, "IPv6");
	warn_probation(app);
	app_warn_root(app);
	source_warn(app);
	if (app->settings.observe)
		log_note(app->log, "observe mode: everything is accepted");
}
