/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * policy.c - the defaults of the rule and the questions asked of it
 */
#include "core/policy.h"

#include <string.h>

#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)

struct policy policy_default(void)
{
	return (struct policy){
		.smtp_port = 25,
		.fake_action = VERDICT_RESET,
		.when_unsure = VERDICT_ACCEPT,
		.proof = PROOF_NONE,
		.probation_ms = 10 * 60 * 1000,
		.siblings_max = POLICY_SIBLINGS_MAX,
		.prefix4 = 32,
		.prefix6 = 64,
		.entries_max = 1000000,
		.queue = { {
			.name = "default",
			.start = START_KNOCK,
			.window_ms = 36 * DAY_MS,
			.refresh = true,
			.deny = VERDICT_DROP,
		} },
		.queues = 1,
		.penalty = {
			.strikes = 1,
			.within_ms = DAY_MS / 2,
			.time_ms = DAY_MS / 2,
			.action = VERDICT_DROP,
			.escalate = 1,
			.time_max_ms = 30 * DAY_MS,
		},
		.trust = { .votes = 1, .time_ms = 36 * DAY_MS },
	};
}

static bool is_among(const struct addr *list, unsigned count, const struct addr *a)
{
	for (unsigned i = 0; i < count; i++)
		if (addr_is_equal(&list[i], a))
			return true;
	return false;
}

bool policy_is_fake(const struct policy *p, const struct addr *a)
{
	return is_among(p->fake, p->fakes, a);
}

bool policy_is_real(const struct policy *p, const struct addr *a)
{
	return is_among(p->real, p->reals, a);
}

int policy_find_queue(const struct policy *p, const char *name)
{
	for (unsigned i = 0; i < p->queues; i++)
		if (strcmp(p->queue[i].name, name) == 0)
			return (int)i;
	return -1;
}
