/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chance_int.h - what happens to the gate and its twin, by chance; private to prop_gate.c
 */
#ifndef TESTS_CHANCE_INT_H
#define TESTS_CHANCE_INT_H

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "random.h"
#include "twin_rule_int.h"

struct mirror;

struct run {
	uint64_t     seed;
	uint64_t     random;
	uint64_t     done; /* operations */
	int64_t      now;
	uint32_t     next_seq;
	unsigned     universe; /* how many addresses there are */
	bool         overflows;
	bool         may_sweep_parts;
	int64_t      window_max; /* of any policy in this round */
	uint64_t     restarts;
	struct gate *gate;
	struct twin  twin;
	struct mirror *mirror; /* what the gate stored */
};

static inline uint64_t draw(struct run *r)
{
	return next(&r->random);
}

static inline unsigned below(struct run *r, unsigned limit)
{
	return (unsigned)(draw(r) % limit);
}

static inline bool fail(const struct run *r, const char *what)
{
	printf("seed %" PRIu64 ", operation %" PRIu64 ", t=%" PRId64 "ms: %s\n", r->seed,
	       r->done, r->now, what);
	return false;
}

/* --- what happens ---------------------------------------------------------- */

static inline struct addr some_odd_addr(struct run *r)
{
	static const char *const odd[] = {
		"10.0.0.1", "10.0.0.2", "192.168.7.7", "100.64.0.1", "169.254.1.1",
		"127.0.0.1", "224.0.0.1", "0.0.0.1", "240.0.0.1", "::1", "fe80::1",
		"fd00::1", "fd00::2", "ff02::1", "::", "::ffff:198.51.100.1",
		"192.0.2.3", "192.0.2.4", "2001:db8::3", "2001:db8::4",
	};
	struct addr a = { 0 };

	addr_parse(odd[below(r, sizeof(odd) / sizeof(odd[0]))], &a);
	return a;
}

static inline struct addr some_addr(struct run *r)
{
	const struct twin *t = &r->twin;
	unsigned i = below(r, r->universe);
	uint8_t byte[16] = { 198, 18 };

	if (below(r, 20) == 0)
		return some_odd_addr(r);
	if (below(r, 3) == 0 && t->count > 0) /* somebody known, often the newest */
		return t->entry[below(r, 2) == 0 ? t->count - 1 : below(r, t->count)].key;
	if (i % 5 != 0) {
		byte[2] = (uint8_t)(i >> 8);
		byte[3] = (uint8_t)i;
		return addr_from_bytes(ADDR_IP4, byte);
	}
	memcpy(byte, (const uint8_t[]){ 0x20, 0x01, 0x0d, 0xb9 }, 4);
	byte[6] = (uint8_t)(i >> 8);
	byte[7] = (uint8_t)i;
	byte[15] = (uint8_t)below(r, 2);
	return addr_from_bytes(ADDR_IP6, byte);
}

static inline void set_own_addrs(struct policy *p)
{
	p->fakes = p->reals = 2;
	addr_parse("192.0.2.3", &p->fake[0]);
	addr_parse("2001:db8::3", &p->fake[1]);
	addr_parse("192.0.2.4", &p->real[0]);
	addr_parse("2001:db8::4", &p->real[1]);
}

/* All but the first have a name that may be gone, back or elsewhere after a reload. */
static inline void add_some_queues(struct run *r, struct policy *p)
{
	static const char *const names[] = { "slow", "box", "list", "a", "default-2" };
	static const int64_t spans[] = { 0, 1000, 60000, 600000, 14400000, 3110400000 };
	unsigned first = below(r, 5);

	p->queues = 1 + (below(r, 2) == 0 ? 0 : below(r, 5));
	for (unsigned i = 0; i < p->queues; i++) {
		struct queue *q = &p->queue[i];

		*q = p->queue[0];
		if (i > 0)
			snprintf(q->name, sizeof(q->name), "%s", names[(first + i) % 5]);
		q->start = (enum start)below(r, 3);
		q->pause_ms = below(r, 2) == 0 ? 0 : spans[below(r, 4)];
		q->window_ms = spans[r->overflows ? 4 + below(r, 2) : 1 + below(r, 5)];
		q->connections = (uint16_t)(below(r, 2) == 0 ? 0 : 1 + below(r, 4));
		q->refresh = below(r, 3) != 0;
		q->deny = (enum verdict)(VERDICT_DROP + below(r, 3));
	}
}

static inline struct policy some_policy(struct run *r)
{
	static const int64_t spans[] = { 1000, 60000, 600000, 14400000, 43200000 };
	struct policy p = policy_default();

	set_own_addrs(&p);
	p.fake_action = (enum verdict)below(r, VERDICTS);
	p.when_unsure = (enum verdict)below(r, 2);
	p.observe = below(r, 6) == 0;
	p.siblings_max = below(r, 3) == 0 ? below(r, 5) : POLICY_SIBLINGS_MAX;
	p.entries_max = POLICY_ENTRIES_MIN;
	add_some_queues(r, &p);
	p.proof = below(r, 2) == 0 ? PROOF_NONE : (enum proof)below(r, 3);
	p.probation_ms = spans[1 + below(r, 3)];
	p.penalty.strikes = 1 + below(r, below(r, 4) == 0 ? POLICY_STRIKES_MAX : 3);
	p.penalty.within_ms = spans[below(r, 5)];
	p.penalty.time_ms = spans[below(r, 5)];
	p.penalty.action = (enum verdict)(VERDICT_DROP + below(r, 3));
	p.penalty.escalate = 1 + below(r, 3);
	p.penalty.time_max_ms = p.penalty.time_ms * (1 + below(r, 30));
	p.trust.votes = 1 + below(r, below(r, 4) == 0 ? POLICY_STRIKES_MAX : 3);
	p.trust.time_ms = spans[1 + below(r, 4)];
	return p;
}

static inline void add_some_item(struct run *r, uint16_t list)
{
	static const char *const patterns[] = {
		".example.org", "example.org", ".org", "a.example.org", ".a.example.org",
		"b.example.org", "example.net", ".example.net", ".dsl.example.net",
	};
	const unsigned count = sizeof(patterns) / sizeof(patterns[0]);
	struct twin_item *item = &r->twin.item[r->twin.items++];
	bool is_ip6;

	*item = (struct twin_item){ .list = list };
	if (below(r, 4) == 0) {
		item->pattern = patterns[below(r, count)];
		return;
	}
	item->net.addr = some_addr(r);
	is_ip6 = item->net.addr.family == ADDR_IP6;
	item->net.bits = (uint8_t)(is_ip6 ? 32 + below(r, 97) : 22 + below(r, 11));
	if (below(r, 10) == 0)
		item->net.bits = (uint8_t)below(r, 20);
	item->net.addr = addr_mask(&item->net.addr, item->net.bits);
}

static inline struct lists *lists_of(const struct twin *t)
{
	struct lists *l = lists_new();

	for (unsigned i = 0; l && i < t->lists; i++)
		lists_add(l, &t->list[i]);
	for (unsigned i = 0; l && i < t->items; i++) {
		const struct twin_item *item = &t->item[i];

		if (item->pattern != NULL)
			lists_add_name(l, item->list, item->pattern);
		else
			lists_add_net(l, item->list, &item->net);
	}
	return l;
}

/* For the twin here, and for the gate as a copy; NULL for none. The policy is there. */
static inline struct lists *some_lists(struct run *r, const struct policy *p)
{
	struct twin *t = &r->twin;

	t->items = 0;
	t->names = 0;
	t->lists = below(r, 3) == 0 ? 0 : below(r, TWIN_LISTS + 1);
	for (unsigned i = 0; i < t->lists; i++) {
		t->list[i] = (struct list){
			.action = (enum list_action)below(r, 3),
			.deny = (enum verdict)(VERDICT_DROP + below(r, 3)),
			.queue = (uint8_t)below(r, p->queues),
		};
		snprintf(t->list[i].name, sizeof(t->list[i].name), "list-%u", i);
		for (unsigned n = below(r, TWIN_ITEMS / TWIN_LISTS + 1); n > 0; n--)
			add_some_item(r, (uint16_t)i);
	}
	return t->lists == 0 ? NULL : lists_of(t);
}

/* From no time at all to longer than any window; a table that is to overflow needs its
 * entries to live. */
static inline int64_t some_wait(struct run *r)
{
	unsigned kind = below(r, 1000);

	if (r->overflows)
		return kind < 700 ? 0 : below(r, kind < 990 ? 1000 : 100000);
	if (kind < 500)
		return 0;
	if (kind < 800)
		return below(r, 1000);
	if (kind < 960)
		return below(r, 60000);
	if (kind < 998)
		return below(r, 10000000);
	return (int64_t)below(r, 400) * 24 * 60 * 60 * 100;
}

static inline bool is_near(int64_t ms)
{
	return ms > TWIN_PAST_MS - 1500 && ms < TWIN_PAST_MS + 1500;
}

/* The gate measures the three minutes in whole seconds: stay away from their end. */
static inline bool is_near_forgetting(const struct run *r, const struct twin_past *p)
{
	int64_t judged = r->now - p->judged_ms;
	int64_t accepted = r->now - p->accepted_ms;

	return is_near(judged) || is_near(accepted) || is_near(r->now - p->asked_ms);
}

static inline struct attempt fresh_attempt(struct run *r)
{
	const struct policy *own = &r->twin.policy;
	struct attempt a = { .shape = ATTEMPT_SYN, .dport = 25 };
	unsigned kind = below(r, 100);

	a.src = some_addr(r);
	a.dst = kind < 50 ? own->fake[below(r, 2)] : own->real[below(r, 2)];
	a.seq = r->next_seq++;
	a.sport = (uint16_t)below(r, 65536);
	if (kind == 99)
		a.shape = (enum attempt_shape)below(r, 4);
	else if (kind == 98)
		a.dport = 587;
	else if (kind == 97)
		a.dst = some_addr(r);
	return a;
}

static inline struct attempt some_attempt(struct run *r)
{
	const struct twin_past *p = &r->twin.past[below(r, TWIN_PAST)];

	if (below(r, 100) < 15 && p->is_judged && !is_near_forgetting(r, p))
		return p->attempt;
	return fresh_attempt(r);
}

static inline const char *some_name(struct run *r)
{
	static const char *const names[] = {
		"example.org", "a.example.org", "b.example.org", "x.a.example.org",
		"notexample.org", "example.net", "h1.dsl.example.net", "dsl.example.net",
		"mail.example.com",
		"a-name-longer-than-what-is-kept-of-it-to-be-shown.some.a.example.org",
	};
	const unsigned count = sizeof(names) / sizeof(names[0]);

	return below(r, 4) == 0 ? NULL : names[below(r, count)];
}

static inline struct vote some_vote(struct run *r)
{
	struct vote v = { .who = some_addr(r) };
	unsigned kind = below(r, 1000);

	if (kind < 600)
		v.kind = VOTE_BLACK;
	else if (kind < 850)
		v.kind = VOTE_WHITE;
	else if (kind < 990)
		v.kind = VOTE_FORGET;
	else if (kind < 998)
		v.kind = VOTE_FORGET_PENALTIES;
	else
		v.kind = VOTE_FORGET_ALL;
	if (kind < 850 && below(r, 8) == 0)
		v.for_ms = 1000 + below(r, 20000000);
	if (v.kind == VOTE_BLACK && below(r, 4) == 0 && r->twin.records > 0)
		v.who = r->twin.record[below(r, r->twin.records)].key;
	return v;
}

#endif
