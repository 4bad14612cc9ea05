/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * policy.c - the defaults of the rule and the two questions asked of it
 */
#include "core/policy.h"

struct policy policy_default(void)
{
	return (struct policy){
		.smtp_port = 25,
		.fake_action = VERDICT_RESET,
		.when_unsure = VERDICT_ACCEPT,
		.siblings_max = POLICY_SIBLINGS_MAX,
		.prefix4 = 32,
		.prefix6 = 64,
		.entries_max = 1000000,
		.queue = {
			.name = "default",
			.start = START_KNOCK,
			.window_ms = INT64_C(36) * 24 * 60 * 60 * 1000,
			.refresh = true,
			.deny = VERDICT_DROP,
		},
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
