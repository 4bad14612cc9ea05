/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules_int.h - the firewall rules that fit a configuration, as text ready to paste
 *
 * One rule for each fake and each real address, so that nothing else is ever queued. The
 * raw form is printed as commands and the INPUT form as comments, but where a firewall
 * rule has to send the RST for us: REJECT does not exist in raw.
 */
#ifndef DAEMON_RULES_INT_H
#define DAEMON_RULES_INT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/policy.h"

struct rules {
	const struct policy *policy; /* borrowed: addresses and port */
	uint16_t queue_num;
	uint32_t mark;
	bool is_reset_by_mark; /* reset-with = mark */
	bool has_tarpit;       /* something is to be held: see rules_need_tarpit() */
	bool has_proof;        /* proof = cookie */
};

/* Whether a queue, the penalty or one of `lists` (NULL = none) holds connections. */
struct lists;
bool rules_need_tarpit(const struct policy *p, const struct lists *lists);

void rules_iptables(const struct rules *r, FILE *out);
void rules_nft(const struct rules *r, FILE *out);
void rules_pf(const struct rules *r, const char *table, FILE *out);

#endif
