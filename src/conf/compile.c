/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compile.c - from what the operator said to what the core runs on
 */
#include "conf/conf.h"

#include <string.h>

#include "conf/options.h"

static struct queue queue_of(const struct settings *s, const struct setting_queue *from)
{
	bool is_usual = from->window_us == CONF_UNSET;
	struct queue q = {
		.start = from->start,
		.pause_ms = from->pause_us / 1000,
		.window_ms = (is_usual ? s->whitelist_us : from->window_us) / 1000,
		.connections = (uint16_t)from->connections,
		.refresh = from->refresh,
		.deny = from->deny,
	};

	memcpy(q.name, from->head.name, sizeof(q.name));
	return q;
}

static struct penalty penalty_of(const struct setting_penalty *from)
{
	int64_t most = from->time_max_us;

	/* conf_check() lets time-max be shorter only where nothing grows. */
	return (struct penalty){
		.strikes = from->strikes,
		.within_ms = from->within_us / 1000,
		.time_ms = from->time_us / 1000,
		.action = from->action,
		.escalate = from->escalate,
		.time_max_ms = (most > from->time_us ? most : from->time_us) / 1000,
	};
}

void conf_compile(const struct settings *s, struct policy *p)
{
	*p = policy_default();

	p->fakes = s->fake.count;
	p->reals = s->real.count;
	memcpy(p->fake, s->fake.addr, sizeof(p->fake));
	memcpy(p->real, s->real.addr, sizeof(p->real));
	p->smtp_port = s->smtp_port;
	p->fake_action = s->fake_action;
	p->when_unsure = s->when_unsure;
	p->observe = s->observe;
	p->proof = s->proof;
	p->probation_ms = s->probation_us / 1000;
	p->siblings_max = s->no_rdns_whitelist ? 0 : s->siblings_max;
	p->prefix4 = s->prefix4;
	p->prefix6 = s->prefix6;
	p->entries_max = s->entries_max;
	p->queues = s->queues;
	for (unsigned i = 0; i < s->queues; i++)
		p->queue[i] = queue_of(s, &s->queue[i]);
	p->penalty = penalty_of(&s->penalty);
	p->trust = (struct trust){ s->trust.votes, s->trust.time_us / 1000 };
}
