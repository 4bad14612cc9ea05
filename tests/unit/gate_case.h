/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gate_case.h - a gate to try things on: one fake MX, one real one, an hour's window
 */
#ifndef TESTS_UNIT_GATE_CASE_H
#define TESTS_UNIT_GATE_CASE_H

#include <check.h>

#include "core/gate.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

static inline struct addr addr_of(const char *text)
{
	struct addr a;

	ck_assert_msg(addr_parse(text, &a), "%s is no address", text);
	return a;
}

/* The number-th of many strangers, neighbours being of different networks. */
static inline struct addr stranger(unsigned number)
{
	struct addr a = addr_of("198.18.0.0");

	a.byte[1] = (uint8_t)(18 + (number >> 16));
	a.byte[2] = (uint8_t)number;
	a.byte[3] = (uint8_t)(number >> 8);
	return a;
}

static inline struct policy short_policy(void)
{
	struct policy p = policy_default();

	p.fake[p.fakes++] = addr_of("192.0.2.3");
	p.real[p.reals++] = addr_of("192.0.2.4");
	p.entries_max = POLICY_ENTRIES_MIN;
	p.queue[0].window_ms = HOUR;
	return p;
}

static inline struct gate *gate_of(const struct policy *p)
{
	static const uint8_t key[GATE_KEY_BYTES] = "any sixteen byte";
	struct gate *g = gate_new(p, NULL, key);

	ck_assert_ptr_nonnull(g);
	return g;
}

static inline struct attempt attempt_from(struct addr src, const char *dst, uint32_t seq)
{
	return (struct attempt){ .src = src, .dst = addr_of(dst), .seq = seq,
				 .sport = 40000, .dport = 25 };
}

static inline struct decision judge(struct gate *g, struct attempt a, int64_t now_ms)
{
	struct effects fx = { .count = 0 };

	return gate_judge(g, &a, (struct mono){ now_ms }, &fx);
}

static inline void knock(struct gate *g, struct addr src, int64_t now_ms)
{
	struct attempt a = attempt_from(src, "192.0.2.3", (uint32_t)now_ms);

	ck_assert_int_eq(judge(g, a, now_ms).reason, REASON_KNOCK);
}

static inline enum reason try_real(struct gate *g, struct addr src, uint32_t seq,
				   int64_t now_ms)
{
	return judge(g, attempt_from(src, "192.0.2.4", seq), now_ms).reason;
}

/* One name and its addresses, and no more names. */
static inline void hear(struct gate *g, struct addr who, const struct addr *siblings,
			unsigned count, int64_t now_ms, struct effects *fx)
{
	struct heard h = { .who = who, .name = "mail.example.org", .siblings = siblings,
			   .count = count, .is_final = true };

	gate_hear_name(g, &h, (struct mono){ now_ms }, fx);
}

static inline enum vote_outcome vote(struct gate *g, enum vote_kind kind, struct addr who,
				     int64_t now_ms)
{
	const struct vote v = { .kind = kind, .who = who };

	return gate_count_vote(g, &v, (struct mono){ now_ms });
}

static inline struct knowledge explain(const struct gate *g, struct addr who,
				       int64_t now_ms)
{
	struct knowledge k;

	gate_explain(g, &who, (struct mono){ now_ms }, &k);
	return k;
}

#endif
