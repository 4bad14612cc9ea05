/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prop_admit.c - whatever goes wrong on the way, the table ends up as it was wanted
 *
 * usage: prop_admit [SEED [STEPS]], or $SEED. The hand keeps a table of its own. It is
 * slow, it fails and then holds only a part of what it was told, or more than that;
 * others change the table behind our back, and say so afterwards. When it has calmed
 * down, table and wishes must be the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admit/hand_int.h"

#include "random.h"

enum { ALL = 300, ROUNDS = 60, STEPS = 2000, PATIENCE = 100000 };

struct scripted {
	uint64_t *state;
	struct run run;
	bool is_running;
	bool is_applied; /* the table has it all, and we have not been told yet */
	bool is_calm;	 /* nothing fails any more */
	bool has[ALL];
	unsigned failed;
};

static struct net net_of(unsigned nr)
{
	struct net n = { { ADDR_IP4, { 198, 51, (uint8_t)(nr / 256), (uint8_t)nr } },
			 32 };

	return n;
}

static unsigned nr_of(const struct net *n)
{
	return n->addr.byte[2] * 256u + n->addr.byte[3];
}

static int no_fd(const void *hand)
{
	(void)hand;
	return -1;
}

static bool no_write(const void *hand)
{
	(void)hand;
	return false;
}

static struct mono no_overdue(const void *hand)
{
	(void)hand;
	return (struct mono){ INT64_MAX };
}

static void start(void *hand, const struct run *r, struct mono now)
{
	struct scripted *s = hand;

	(void)now;
	s->run = *r;
	s->is_running = true;
	s->is_applied = false;
}

/* Sets what the run says, for as many of its networks as it comes to. */
static void carry_out(struct scripted *s, uint32_t count)
{
	if (s->run.kind == RUN_REPLACE)
		memset(s->has, 0, sizeof(s->has));
	for (uint32_t i = 0; i < count; i++)
		s->has[nr_of(&s->run.nets[i])] = s->run.kind != RUN_DELETE;
}

static enum hand_state turn(void *hand, struct mono now, char *why)
{
	struct scripted *s = hand;

	(void)now;
	if (s->is_running && !s->is_applied && next(s->state) % 4 == 0) {
		s->is_applied = true;
		carry_out(s, s->run.count);
	}
	if (!s->is_running || next(s->state) % 4 > 0)
		return HAND_BUSY;
	s->is_running = false;
	if (s->is_applied || s->is_calm || next(s->state) % 3 > 0) {
		if (!s->is_applied)
			carry_out(s, s->run.count);
		return HAND_DONE;
	}
	if (s->run.count > 0 && next(s->state) % 2)
		carry_out(s, (uint32_t)(next(s->state) % s->run.count));
	snprintf(why, ADMIT_WHY_MAX, "failed");
	s->failed++;
	return HAND_FAILED;
}

static void keep(void *hand)
{
	(void)hand;
}

static void step(struct admit *a, struct scripted *s, bool *wanted, struct mono *now)
{
	uint64_t dice = next(s->state);
	unsigned nr = (unsigned)(next(s->state) % ALL);
	struct net net = net_of(nr);

	now->ms += (int64_t)(next(s->state) % 40);
	if (dice % 30 == 0) {
		s->has[nr] = !s->has[nr]; /* somebody else */
		admit_resync(a, *now);
	} else if (dice % 5 < 2) {
		admit_add(a, &net, *now);
		wanted[nr] = true;
	} else if (dice % 5 == 2) {
		admit_remove(a, &net, *now);
		wanted[nr] = false;
	} else {
		(void)admit_turn(a, *now);
	}
}

static bool calms_down(struct admit *a, struct scripted *s, struct mono *now)
{
	s->is_calm = true;
	for (unsigned i = 0; i < PATIENCE; i++) {
		(void)admit_turn(a, *now);
		if (admit_wait_ms(a, *now) < 0)
			return true;
		now->ms += 10;
	}
	printf("it does not come to rest\n");
	return false;
}

static bool round_is_right(uint64_t *state, unsigned steps, unsigned *failed)
{
	static const struct hand_ops ops = { no_fd, no_write,	start,
					     turn,  no_overdue, keep };
	struct admit_conf c = { .max = ALL, .bits4 = 32, .bits6 = 64 };
	struct scripted s = { .state = state };
	bool wanted[ALL] = { false }, right;
	struct mono now = { 1000 };
	struct admit *a;

	for (unsigned i = 0; i < ALL; i += 3)
		s.has[i] = true; /* left behind by another run of ours */
	if (admit_around(&a, &c, &ops, &s) < 0)
		return false;
	for (unsigned i = 0; i < steps; i++)
		step(a, &s, wanted, &now);
	right = calms_down(a, &s, &now);
	for (unsigned i = 0; right && i < ALL; i++) {
		right = s.has[i] == wanted[i];
		if (!right)
			printf("network %u: %swanted, %sin the table\n", i,
			       wanted[i] ? "" : "not ", s.has[i] ? "" : "not ");
	}
	*failed += s.failed;
	admit_close(a);
	return right;
}

int main(int argc, char **argv)
{
	uint64_t seed = seed_of(argc, argv);
	unsigned steps = count_of(argc, argv, STEPS);
	uint64_t state = seed;
	unsigned failed = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		if (!round_is_right(&state, steps, &failed)) {
			printf("round %u; again with: prop_admit %llu %u\n", i,
			       (unsigned long long)seed, steps);
			return 1;
		}
	}
	printf("admit: %d rounds of %u steps, %u runs failed, seed %llu\n", ROUNDS, steps,
	       failed, (unsigned long long)seed);
	return failed == 0;
}
