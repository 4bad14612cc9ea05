/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * admit.c - the mirror: what is wanted, what the table holds, one run after the other
 */
#include "admit/admit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "admit/hand_int.h"
#include "admit/netset_int.h"
#include "admit/request_int.h"

enum { PENDING_MAX = 1024 };

struct admit {
	const struct hand_ops *ops;
	void                  *hand; /* owned */
	struct request_limits  limits;
	struct netset          want;
	struct netset          have;       /* while a run replaces: what it sends */
	bool                   is_known;   /* `have` is what the table holds */
	bool                   is_doubted; /* since the run began: it proves nothing */
	/* The table holds more than we know of. `have` then lacks what we do not know to
	 * be there, and has besides what may be there and must not. */
	bool                   keeps;
	bool                   is_running;
	bool                   is_in_trouble;
	bool                   is_lost;
	bool                   removes_next; /* both are due: take turns */
	struct run             run;
	struct mono            due; /* of the next run, when has_due */
	bool                   has_due;
	int64_t                retry_ms;
	struct admit_counts    counts;
	uint32_t               pending_count;
	struct change          pending[PENDING_MAX]; /* not yet in `want` */
	struct net             batch[ADMIT_BATCH];   /* of the run */
	char                   why[ADMIT_WHY_MAX];
};

static bool set_init(struct netset *s, uint32_t max)
{
	s->net = calloc(max, sizeof(*s->net));
	s->max = max;
	return s->net != NULL;
}

int admit_around(struct admit **out, const struct admit_conf *c,
		 const struct hand_ops *ops, void *hand)
{
	struct admit *a = calloc(1, sizeof(*a));

	if (!a || !set_init(&a->want, c->max) || !set_init(&a->have, c->max)) {
		if (a)
			free(a->want.net);
		free(a);
		return -ENOMEM;
	}
	a->ops = ops;
	a->hand = hand;
	a->limits = (struct request_limits){ c->max, c->bits4, c->bits6 };
	a->retry_ms = ADMIT_RETRY_MS;
	a->has_due = true; /* replace what another run of ours has left behind */
	*out = a;
	return 0;
}

void admit_close(struct admit *a)
{
	if (!a)
		return;
	a->ops->close(a->hand);
	free(a->want.net);
	free(a->have.net);
	free(a);
}

static void drop_many(struct admit *a, struct net *nets, uint32_t count)
{
	netset_drop(&a->want, nets, count);
	if (a->keeps)
		a->counts.full += netset_join(&a->have, nets, count);
}

static void join_many(struct admit *a, struct net *nets, uint32_t count)
{
	uint32_t before = a->want.count;

	a->counts.full += netset_join(&a->want, nets, count);
	if (a->keeps)
		netset_drop(&a->have, nets, a->want.count - before);
}

/* Enters what was said into `want`. Moves much of it, so it is done for many at once. */
static void settle(struct admit *a)
{
	uint32_t count = netset_settle(a->pending, a->pending_count);

	/* Removals first: they make room. */
	for (int kind = CHANGE_REMOVE; kind >= CHANGE_ADD; kind--) {
		struct net nets[PENDING_MAX];
		uint32_t n = 0;

		for (uint32_t i = 0; i < count; i++)
			if (a->pending[i].kind == (enum change_kind)kind)
				nets[n++] = a->pending[i].net;
		if (kind == CHANGE_REMOVE)
			drop_many(a, nets, n);
		else
			join_many(a, nets, n);
	}
	a->pending_count = 0;
}

static void plan_run(struct admit *a, struct mono at)
{
	if (a->has_due)
		return;
	a->has_due = true;
	a->due = at;
}

static void change(struct admit *a, enum change_kind kind, const struct net *net,
		   struct mono now)
{
	/* The helper would end over such a network; here it is only refused. */
	if (!request_may_admit(net, &a->limits)) {
		a->counts.odd++;
		return;
	}
	if (a->pending_count == PENDING_MAX)
		settle(a);
	a->pending[a->pending_count] = (struct change){ *net, kind, a->pending_count };
	a->pending_count++;
	plan_run(a, mono_after(now, ADMIT_GATHER_MS));
}

void admit_add(struct admit *a, const struct net *net, struct mono now)
{
	change(a, CHANGE_ADD, net, now);
}

void admit_remove(struct admit *a, const struct net *net, struct mono now)
{
	change(a, CHANGE_REMOVE, net, now);
}

void admit_keep(struct admit *a)
{
	a->keeps = true;
	a->is_known = true;
	a->have.count = 0;
}

void admit_resync(struct admit *a, struct mono now)
{
	a->keeps = false;
	a->is_known = false;
	a->is_doubted = true;
	plan_run(a, mono_after(now, ADMIT_GATHER_MS));
}

static uint32_t plan_batch(struct admit *a, enum run_kind kind)
{
	const struct netset *more = kind == RUN_ADD ? &a->want : &a->have;
	const struct netset *less = kind == RUN_ADD ? &a->have : &a->want;

	a->run.kind = kind;
	a->run.nets = a->batch;
	a->run.count = netset_minus(more, less, a->batch, ADMIT_BATCH);
	return a->run.count;
}

/* What is next, false when the table is as it should be. */
static bool plan_next(struct admit *a)
{
	enum run_kind first = a->removes_next ? RUN_DELETE : RUN_ADD;
	enum run_kind second = a->removes_next ? RUN_ADD : RUN_DELETE;

	if (!a->is_known) {
		memcpy(a->have.net, a->want.net, a->want.count * sizeof(*a->want.net));
		a->have.count = a->want.count;
		a->is_doubted = false;
		a->run = (struct run){ RUN_REPLACE, a->have.net, a->have.count };
		return true;
	}
	if (plan_batch(a, first) == 0 && plan_batch(a, second) == 0)
		return false;
	a->removes_next = a->run.kind == RUN_ADD;
	return true;
}

static void start(struct admit *a, struct mono now)
{
	settle(a);
	a->has_due = false;
	a->is_running = plan_next(a);
	if (a->is_running)
		a->ops->start(a->hand, &a->run, now);
}

static enum admit_news finish(struct admit *a, struct mono now)
{
	bool was_trouble = a->is_in_trouble;

	a->is_running = false;
	a->counts.runs++;
	switch (a->run.kind) {
	case RUN_REPLACE:
		a->is_known = !a->is_doubted;
		break;
	case RUN_ADD:
		(void)netset_join(&a->have, a->batch, a->run.count);
		break;
	case RUN_DELETE:
		netset_drop(&a->have, a->batch, a->run.count);
		break;
	}
	a->is_in_trouble = false;
	a->retry_ms = ADMIT_RETRY_MS;
	a->has_due = true;
	a->due = now; /* more may have gathered meanwhile */
	return was_trouble ? ADMIT_WELL : ADMIT_NO_NEWS;
}

static enum admit_news fail(struct admit *a, struct mono now)
{
	bool was_trouble = a->is_in_trouble;

	a->is_running = false;
	a->counts.failed++;
	a->is_known = a->keeps;
	if (a->keeps) /* to be added again, each of them */
		netset_drop(&a->have, a->want.net, a->want.count);
	a->is_in_trouble = true;
	a->has_due = true;
	a->due = mono_after(now, a->retry_ms);
	a->retry_ms *= 2;
	if (a->retry_ms > ADMIT_RETRY_MAX_MS)
		a->retry_ms = ADMIT_RETRY_MAX_MS;
	return was_trouble ? ADMIT_NO_NEWS : ADMIT_TROUBLE;
}

enum admit_news admit_turn(struct admit *a, struct mono now)
{
	enum admit_news news = ADMIT_NO_NEWS;
	enum hand_state state = HAND_LOST;

	if (!a->is_lost)
		state = a->ops->turn(a->hand, now, a->why);
	a->is_lost = state == HAND_LOST;
	if (a->is_lost)
		return ADMIT_LOST;
	if (a->is_running && state == HAND_DONE)
		news = finish(a, now);
	else if (a->is_running && state == HAND_FAILED)
		news = fail(a, now);
	if (!a->is_running && a->has_due && mono_reached(now, a->due))
		start(a, now);
	return news;
}

int admit_fd(const struct admit *a)
{
	return a->ops->fd(a->hand);
}

bool admit_wants_write(const struct admit *a)
{
	return !a->is_lost && a->ops->wants_write(a->hand);
}

int64_t admit_wait_ms(const struct admit *a, struct mono now)
{
	struct mono due = a->is_running ? a->ops->overdue(a->hand) : a->due;

	if (a->is_lost || (!a->is_running && !a->has_due))
		return -1;
	return mono_reached(now, due) ? 0 : due.ms - now.ms;
}

const char *admit_why(const struct admit *a)
{
	return a->why;
}

struct admit_counts admit_count(const struct admit *a)
{
	struct admit_counts counts = a->counts;

	counts.wanted = a->want.count;
	return counts;
}

bool admit_next(const struct admit *a, uint32_t *cursor, struct net *out)
{
	if (*cursor >= a->want.count)
		return false;
	*out = a->want.net[(*cursor)++];
	return true;
}

const char *run_name(enum run_kind kind)
{
	switch (kind) {
	case RUN_ADD:
		return "add";
	case RUN_DELETE:
		return "delete";
	case RUN_REPLACE:
		return "replace";
	}
	return "";
}
