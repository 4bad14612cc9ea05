/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compile.c - from what the operator said to what the core runs on
 */
#include "conf/conf.h"

#include <string.h>

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
	p->siblings_max = s->no_rdns_whitelist ? 0 : s->siblings_max;
	p->prefix4 = s->prefix4;
	p->prefix6 = s->prefix6;
	p->entries_max = s->entries_max;
	p->queue.window_ms = s->whitelist_us / 1000;
}
