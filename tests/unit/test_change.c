/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_change.c - what is a change, and what is none
 */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "gate_case.h"
#include "mirror.h"
#include "unit.h"

enum { NOON = 12 * HOUR };

/* What changed since the last call. */
static struct mirror *taken(struct gate *g)
{
	static struct mirror m;

	memset(&m, 0, sizeof(m));
	mirror_take(&m, g, 7);
	ck_assert_uint_eq(gate_changes(g), 0);
	return &m;
}

static void accept(struct gate *g, struct addr who, uint32_t seq, int64_t now_ms)
{
	ck_assert_int_eq(try_real(g, who, seq, now_ms), REASON_OPEN);
}

START_TEST(a_new_entry_is_a_change_with_all_that_is_known)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);
	struct mirror *m;
	struct change *c;

	knock(g, stranger(1), NOON);
	m = taken(g);
	ck_assert_uint_eq(m->taken, 1);
	c = &m->of[CHANGE_ENTRY][0];
	ck_assert(!c->is_gone && addr_is_equal(&c->source, &(struct addr){ 0 }) == 0);
	ck_assert_str_eq(c->of.entry.queue, "default");
	ck_assert_int_eq(c->of.entry.via, VIA_KNOCK);
	ck_assert_int_eq(c->of.entry.opens.ms, NOON);
	ck_assert_int_eq(c->of.entry.closes.ms, NOON + HOUR);
	ck_assert(!c->of.entry.is_used && !c->of.entry.follows);
	gate_free(g);
}
END_TEST

START_TEST(a_refresh_counts_in_another_twentieth_of_the_window)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);
	unsigned changes = 0;

	knock(g, stranger(1), NOON);
	accept(g, stranger(1), 1, NOON);
	(void)taken(g);
	/* a connection a second for an hour, less than a window after the other */
	for (unsigned i = 1; i <= 3600; i++) {
		accept(g, stranger(1), i, NOON + i * (int64_t)SECOND);
		changes += taken(g)->taken;
	}
	ck_assert_uint_eq(changes, 20);
	gate_free(g);
}
END_TEST

START_TEST(first_use_a_connection_and_another_way_in_are_changes)
{
	struct policy p = short_policy();
	struct gate *g;

	p.queue[0].connections = 2;
	p.queue[0].refresh = false;
	g = gate_of(&p);
	knock(g, stranger(1), NOON);
	(void)taken(g);
	accept(g, stranger(1), 1, NOON + 1);
	ck_assert(taken(g)->of[CHANGE_ENTRY][0].of.entry.is_used);
	accept(g, stranger(1), 1, NOON + 2); /* the same one */
	ck_assert_uint_eq(taken(g)->taken, 0);
	accept(g, stranger(1), 2, NOON + 3);
	ck_assert_uint_eq(taken(g)->of[CHANGE_ENTRY][0].of.entry.connections, 2);
	ck_assert_int_eq(try_real(g, stranger(1), 3, NOON + 4), REASON_SPENT);
	ck_assert_uint_eq(taken(g)->taken, 0);
	vote(g, VOTE_WHITE, stranger(2), NOON);
	ck_assert_int_eq(taken(g)->of[CHANGE_ENTRY][1].of.entry.via, VIA_VOTE);
	knock(g, stranger(2), NOON);
	ck_assert_int_eq(taken(g)->of[CHANGE_ENTRY][1].of.entry.via, VIA_KNOCK);
	gate_free(g);
}
END_TEST

START_TEST(a_refused_stranger_is_no_change)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);

	ck_assert_int_eq(try_real(g, stranger(1), 1, NOON), REASON_NO_KNOCK);
	ck_assert_uint_eq(taken(g)->taken, 0);
	gate_free(g);
}
END_TEST

START_TEST(who_goes_is_gone)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);
	struct mirror *m;

	knock(g, stranger(1), NOON);
	knock(g, stranger(2), NOON);
	vote(g, VOTE_BLACK, stranger(3), NOON);
	(void)taken(g);
	vote(g, VOTE_FORGET, stranger(1), NOON);
	m = taken(g);
	ck_assert_uint_eq(m->taken, 1);
	ck_assert(m->of[CHANGE_ENTRY][0].is_gone);
	gate_expire(g, (struct mono){ NOON + 2 * HOUR }, POLICY_ENTRIES_MIN);
	m = taken(g);
	ck_assert_uint_eq(m->taken, 1);
	ck_assert(m->of[CHANGE_ENTRY][1].is_gone);
	vote(g, VOTE_FORGET_ALL, (struct addr){ 0 }, NOON);
	m = taken(g);
	ck_assert_uint_eq(m->taken, 3); /* two places that once held entries */
	ck_assert(m->of[CHANGE_RECORD][0].is_gone);
	gate_free(g);
}
END_TEST

START_TEST(votes_are_changes)
{
	struct policy p = short_policy();
	struct change_record *r;
	struct gate *g;

	p.penalty.strikes = 2;
	g = gate_of(&p);
	vote(g, VOTE_BLACK, stranger(1), NOON);
	r = &taken(g)->of[CHANGE_RECORD][0].of.record;
	ck_assert_uint_eq(r->strikes, 1);
	ck_assert_int_eq(r->strike[0].ms, NOON);
	vote(g, VOTE_BLACK, stranger(1), NOON + 1);
	r = &taken(g)->of[CHANGE_RECORD][0].of.record;
	ck_assert_uint_eq(r->penalties, 1);
	ck_assert_int_eq(r->penalty.ms, NOON + 1 + p.penalty.time_ms);
	p.trust.votes = 2;
	ck_assert(gate_swap_policy(g, &p, NULL));
	vote(g, VOTE_WHITE, stranger(1), NOON + 2);
	ck_assert_uint_eq(taken(g)->of[CHANGE_RECORD][0].of.record.whites, 1);
	vote(g, VOTE_WHITE, stranger(1), NOON + 3);
	ck_assert(taken(g)->of[CHANGE_RECORD][0].is_gone);
	gate_free(g);
}
END_TEST

START_TEST(a_sibling_is_a_change_that_names_its_bringer)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);
	struct addr sibling = stranger(2), bringer = stranger(1);
	struct effects fx = { .count = 0 };
	struct change_entry *e;

	knock(g, bringer, NOON);
	hear(g, bringer, &sibling, 1, NOON, &fx);
	e = &taken(g)->of[CHANGE_ENTRY][1].of.entry;
	ck_assert(e->follows && addr_is_equal(&e->bringer, &bringer));
	ck_assert_int_eq(e->closes.ms, NOON + HOUR);
	accept(g, sibling, 1, NOON + 1);
	e = &taken(g)->of[CHANGE_ENTRY][1].of.entry;
	ck_assert(!e->follows && e->is_used && addr_is_equal(&e->bringer, &bringer));
	gate_free(g);
}
END_TEST

START_TEST(everything_can_be_made_a_change)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p);

	for (unsigned i = 0; i < 100; i++)
		knock(g, stranger(i), NOON);
	vote(g, VOTE_BLACK, stranger(1), NOON);
	(void)taken(g);
	gate_mark_all(g);
	ck_assert_uint_eq(gate_changes(g), 101);
	ck_assert_uint_eq(taken(g)->taken, 101);
	gate_mark_place(g, CHANGE_ENTRY, 500);
	gate_mark_place(g, CHANGE_ENTRY, UINT32_MAX); /* a file's nonsense */
	gate_mark_place(g, CHANGE_RECORD, POLICY_ENTRIES_MIN);
	ck_assert_uint_eq(taken(g)->taken, 1);
	gate_free(g);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, a_new_entry_is_a_change_with_all_that_is_known);
	tcase_add_test(t, a_refresh_counts_in_another_twentieth_of_the_window);
	tcase_add_test(t, first_use_a_connection_and_another_way_in_are_changes);
	tcase_add_test(t, a_refused_stranger_is_no_change);
	tcase_add_test(t, who_goes_is_gone);
	tcase_add_test(t, votes_are_changes);
	tcase_add_test(t, a_sibling_is_a_change_that_names_its_bringer);
	tcase_add_test(t, everything_can_be_made_a_change);
}

int main(void)
{
	return unit_main("change", add_tests);
}
