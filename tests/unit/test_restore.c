/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_restore.c - what was stored comes back, beside what is known already
 *
 * Whole tables, by chance, are compared by tests/prop/prop_gate.c.
 */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "core/gate_int.h"

#include "gate_case.h"
#include "mirror.h"
#include "unit.h"

enum { NOON = 12 * HOUR };

static const struct mono noon = { NOON };

/* Of an hour's window that is open at noon. */
static struct change open_entry(struct addr who, uint32_t place)
{
	struct change c = { .kind = CHANGE_ENTRY, .place = place, .source = who };

	c.of.entry = (struct change_entry){ .queue = "default",
					    .via = VIA_KNOCK,
					    .opens = { NOON - HOUR },
					    .closes = { NOON + HOUR } };
	return c;
}

static struct change follower(struct addr who, uint32_t place, struct addr bringer)
{
	struct change c = open_entry(who, place);

	c.of.entry.via = VIA_SIBLING;
	c.of.entry.follows = true;
	c.of.entry.bringer = bringer;
	return c;
}

static struct change penalised(struct addr who, uint32_t place)
{
	struct change c = { .kind = CHANGE_RECORD, .place = place, .source = who };

	c.of.record = (struct change_record){ .penalty = { NOON + HOUR },
					      .forget = { NOON + HOUR },
					      .penalties = 1 };
	return c;
}

static struct gate *loading_gate(const struct policy *p, uint32_t places)
{
	struct gate *g = gate_of(p);

	gate_begin_load(g);
	gate_expect_back(g, places, places);
	return g;
}

static uint32_t place_of(struct gate *g, struct addr who)
{
	struct source s = cutter_source(&g->cutter, &who);
	struct node *n = pool_find(g->entries, &s);

	ck_assert_ptr_nonnull(n);
	return pool_place(g->entries, n);
}

START_TEST(an_unknown_source_meets_when_unsure_until_all_is_loaded)
{
	struct policy p = short_policy();
	struct gate *g;

	p.queue[0].start = START_EITHER;
	g = loading_gate(&p, 10);
	for (int i = 0; i < 2; i++) {
		struct decision d =
			judge(g, attempt_from(stranger(1), "192.0.2.4", 1), NOON);

		ck_assert_int_eq(d.reason, REASON_UNSURE);
		ck_assert_int_eq(d.verdict, p.when_unsure);
		ck_assert_int_eq(explain(g, stranger(1), NOON).decision.reason,
				 REASON_UNSURE);
		p.when_unsure = VERDICT_DROP;
		ck_assert(gate_swap_policy(g, &p, NULL));
	}
	ck_assert_uint_eq(gate_count(g).entries, 0); /* no pause has begun */
	knock(g, stranger(2), NOON);
	ck_assert_int_eq(try_real(g, stranger(2), 1, NOON), REASON_OPEN);
	vote(g, VOTE_BLACK, stranger(3), NOON);
	ck_assert_int_eq(try_real(g, stranger(3), 1, NOON), REASON_PENALTY);
	gate_end_load(g);
	ck_assert_int_eq(try_real(g, stranger(1), 2, NOON), REASON_FIRST_TRY);
	gate_free(g);
}
END_TEST

START_TEST(what_comes_back_unchanged_is_no_change)
{
	struct policy p = short_policy();
	struct gate *g = loading_gate(&p, 10);
	struct change c = open_entry(stranger(1), 7), r = penalised(stranger(2), 3);

	ck_assert(gate_take_back(g, &c, noon));
	ck_assert(gate_take_back(g, &r, noon));
	gate_end_load(g);
	ck_assert_uint_eq(gate_changes(g), 0);
	ck_assert_uint_eq(place_of(g, stranger(1)), 7);
	ck_assert_int_eq(try_real(g, stranger(1), 1, NOON), REASON_OPEN);
	ck_assert_int_eq(try_real(g, stranger(2), 1, NOON), REASON_PENALTY);
	gate_free(g);
}
END_TEST

START_TEST(new_entries_leave_the_places_of_those_to_come)
{
	struct policy p = short_policy();
	struct gate *g = loading_gate(&p, 10);

	knock(g, stranger(1), NOON);
	ck_assert_uint_eq(place_of(g, stranger(1)), 10);
	for (uint32_t i = 0; i < 10; i++) {
		struct change c = open_entry(stranger(100 + i), i);

		ck_assert(gate_take_back(g, &c, noon));
		ck_assert_uint_eq(place_of(g, stranger(100 + i)), i);
	}
	gate_free(g);
}
END_TEST

/* All places are somebody's, and half of these have not come yet. */
START_TEST(a_file_that_fills_the_table_leaves_room_for_new_entries)
{
	struct policy p = short_policy();
	struct gate *g = loading_gate(&p, POLICY_ENTRIES_MIN);
	unsigned back = 0;

	for (uint32_t i = 0; i < 500; i++) {
		struct change c = open_entry(stranger(i), i);

		ck_assert(gate_take_back(g, &c, noon));
	}
	for (unsigned i = 0; i < 300; i++)
		knock(g, stranger(5000 + i), NOON);
	ck_assert_uint_eq(place_of(g, stranger(5000)), POLICY_ENTRIES_MIN - 1);
	for (uint32_t i = 500; i < POLICY_ENTRIES_MIN; i++) {
		struct change c = open_entry(stranger(i), i);

		back += gate_take_back(g, &c, noon);
	}
	gate_end_load(g);
	ck_assert_uint_eq(back, 200); /* nobody is pushed out for the others */
	ck_assert_uint_eq(gate_count(g).entries, POLICY_ENTRIES_MIN);
	ck_assert_uint_eq(gate_count(g).evicted, 0);
	for (unsigned i = 0; i < 300; i++)
		ck_assert(explain(g, stranger(5000 + i), NOON).has_entry);
	/* and from then on as ever */
	for (unsigned i = 0; i < 3 * POLICY_ENTRIES_MIN; i++)
		knock(g, stranger(10000 + i), NOON);
	ck_assert_uint_eq(gate_count(g).entries, POLICY_ENTRIES_MIN);
	gate_free(g);
}
END_TEST

START_TEST(a_flood_while_loading_keeps_out_nobody_who_goes_last)
{
	struct policy p = short_policy();
	struct gate *g = loading_gate(&p, POLICY_ENTRIES_MIN);

	for (unsigned i = 0; i < 2 * POLICY_ENTRIES_MIN; i++)
		knock(g, stranger(5000 + i), NOON);
	for (unsigned i = 0; i < POLICY_ENTRIES_MIN; i++) {
		struct change c = open_entry(stranger(i), i);

		c.of.entry.is_kept = c.of.entry.is_used = i % 2 == 0;
		ck_assert_int_eq(gate_take_back(g, &c, noon), i % 2 == 0);
	}
	ck_assert_uint_eq(gate_count(g).entries, POLICY_ENTRIES_MIN);
	ck_assert_uint_eq(gate_count(g).used, POLICY_ENTRIES_MIN / 2);
	gate_free(g);
}
END_TEST

START_TEST(who_makes_its_bringer_go_has_none)
{
	struct policy p = short_policy();
	struct gate *g = loading_gate(&p, POLICY_ENTRIES_MIN);
	struct change c = open_entry(stranger(0), 0);

	ck_assert(gate_take_back(g, &c, noon));
	for (unsigned i = 1; i < POLICY_ENTRIES_MIN; i++) {
		c = open_entry(stranger(i), i);
		c.of.entry.is_kept = c.of.entry.is_used = true;
		ck_assert(gate_take_back(g, &c, noon));
	}
	c = follower(stranger(5000), 0, stranger(0));
	c.of.entry.follows = false;
	c.of.entry.is_kept = c.of.entry.is_used = true;
	ck_assert(gate_take_back(g, &c, noon));
	ck_assert(!explain(g, stranger(0), NOON).has_entry);
	ck_assert_int_eq(explain(g, stranger(5000), NOON).state, STATE_OPEN);
	ck_assert_int_eq(explain(g, stranger(5000), NOON).bringer.family, ADDR_NONE);
	gate_free(g);
}
END_TEST

START_TEST(whose_place_is_taken_gets_another_one)
{
	struct policy p = short_policy();
	struct change c = open_entry(stranger(2), 0);
	struct gate *g = gate_of(&p);
	static struct mirror m;

	knock(g, stranger(1), NOON); /* before it was known what is coming */
	mirror_take(&m, g, 10);
	gate_expect_back(g, 5, 5);
	ck_assert(gate_take_back(g, &c, noon));
	ck_assert_uint_ne(place_of(g, stranger(2)), 0);
	m.taken = 0;
	mirror_take(&m, g, 10);
	ck_assert_uint_eq(m.taken, 2); /* both places are to be stored anew */
	ck_assert_uint_eq(mirror_count(&m, CHANGE_ENTRY), 2);
	c = open_entry(stranger(3), POLICY_ENTRIES_MIN + 5); /* of a larger table */
	ck_assert(gate_take_back(g, &c, noon));
	ck_assert_uint_lt(place_of(g, stranger(3)), POLICY_ENTRIES_MIN);
	gate_free(g);
}
END_TEST

START_TEST(a_place_given_back_meanwhile_is_not_given_twice)
{
	struct policy p = short_policy();
	struct gate *g = loading_gate(&p, POLICY_ENTRIES_MIN);
	struct change c = open_entry(stranger(1), POLICY_ENTRIES_MIN - 1);

	knock(g, stranger(2), NOON); /* at the last place */
	vote(g, VOTE_FORGET, stranger(2), NOON);
	ck_assert(gate_take_back(g, &c, noon));
	for (unsigned i = 0; i < POLICY_ENTRIES_MIN - 1; i++)
		knock(g, stranger(100 + i), NOON);
	ck_assert_uint_eq(gate_count(g).entries, POLICY_ENTRIES_MIN);
	ck_assert_uint_eq(gate_count(g).evicted, 0);
	for (unsigned i = 0; i < POLICY_ENTRIES_MIN - 1; i++)
		ck_assert(explain(g, stranger(100 + i), NOON).has_entry);
	ck_assert(explain(g, stranger(1), NOON).has_entry);
	gate_free(g);
}
END_TEST

START_TEST(the_longer_window_of_two_counts)
{
	struct policy p = short_policy();
	struct gate *g = loading_gate(&p, 10);
	struct change c = open_entry(stranger(1), 0);
	struct knowledge k;

	c.of.entry.closes.ms = NOON + 5 * HOUR;
	c.of.entry.is_used = c.of.entry.is_proven = true;
	knock(g, stranger(1), NOON);
	knock(g, stranger(2), NOON);
	gate_take_back(g, &c, noon);
	k = explain(g, stranger(1), NOON);
	ck_assert_int_eq(k.closes_ms, 5 * HOUR);
	ck_assert(k.is_used && k.is_proven);
	c = open_entry(stranger(2), 1);
	c.of.entry.closes.ms = NOON + 1;
	gate_take_back(g, &c, noon);
	ck_assert_int_eq(explain(g, stranger(2), NOON).closes_ms, HOUR);
	gate_free(g);
}
END_TEST

START_TEST(a_pause_that_began_meanwhile_goes_on)
{
	struct policy p = short_policy();
	struct gate *g;
	struct change c = open_entry(stranger(1), 0);
	struct knowledge k;

	p.queue[0].pause_ms = 10 * MINUTE;
	g = loading_gate(&p, 10);
	knock(g, stranger(1), NOON);
	gate_take_back(g, &c, noon);
	k = explain(g, stranger(1), NOON);
	ck_assert_int_eq(k.state, STATE_PAUSING);
	ck_assert_int_eq(k.opens_ms, 10 * MINUTE);
	gate_free(g);
}
END_TEST

START_TEST(the_worse_record_of_two_counts)
{
	struct policy p = short_policy();
	struct change c = penalised(stranger(1), 0);
	struct knowledge k;
	struct gate *g;

	p.penalty.strikes = 3;
	p.penalty.escalate = 2;
	p.penalty.time_max_ms = 40 * HOUR;
	g = loading_gate(&p, 10);
	vote(g, VOTE_BLACK, stranger(1), NOON);
	gate_take_back(g, &c, noon);
	k = explain(g, stranger(1), NOON);
	ck_assert_int_eq(k.penalty_ms, HOUR);
	ck_assert_uint_eq(k.penalties, 1);

	vote(g, VOTE_BLACK, stranger(2), NOON);
	c = penalised(stranger(2), 1);
	c.of.record.penalty.ms = 0;
	c.of.record.strikes = 1;
	c.of.record.strike[0].ms = NOON - MINUTE;
	gate_take_back(g, &c, noon);
	ck_assert_uint_eq(explain(g, stranger(2), NOON).strikes, 2);
	ck_assert_int_eq(vote(g, VOTE_BLACK, stranger(2), NOON + 1), VOTE_PENALISED);
	gate_free(g);
}
END_TEST

START_TEST(strikes_of_two_records_are_never_too_many)
{
	struct policy p = short_policy();
	struct change c = penalised(stranger(1), 0);
	struct gate *g;

	p.penalty.strikes = POLICY_STRIKES_MAX;
	g = loading_gate(&p, 10);
	c.of.record.penalty.ms = 0;
	c.of.record.strikes = POLICY_STRIKES_MAX;
	for (unsigned i = 0; i < POLICY_STRIKES_MAX; i++)
		c.of.record.strike[i].ms = NOON - 100 + i;
	for (unsigned i = 0; i < 4; i++)
		vote(g, VOTE_BLACK, stranger(1), NOON);
	gate_take_back(g, &c, noon);
	ck_assert_uint_eq(explain(g, stranger(1), NOON).strikes, POLICY_STRIKES_MAX);
	gate_free(g);
}
END_TEST

START_TEST(a_sibling_comes_back_behind_its_bringer_or_not_at_all)
{
	struct policy p = short_policy();
	struct gate *g = loading_gate(&p, 10);
	struct change bringer = open_entry(stranger(1), 4);
	struct change sibling = follower(stranger(2), 5, stranger(1));
	struct change orphan = follower(stranger(3), 6, stranger(9));
	struct change third = follower(stranger(4), 7, stranger(2));

	ck_assert(gate_take_back(g, &bringer, noon));
	ck_assert(gate_take_back(g, &sibling, noon));
	ck_assert(!gate_take_back(g, &orphan, noon));
	ck_assert(!gate_take_back(g, &third, noon)); /* siblings bring none */
	gate_end_load(g);
	ck_assert_uint_eq(gate_changes(g), 2); /* their rows are to go */
	/* it follows, as before */
	knock(g, stranger(1), NOON + 30 * MINUTE);
	ck_assert_int_eq(explain(g, stranger(2), NOON).closes_ms, HOUR + 30 * MINUTE);
	vote(g, VOTE_FORGET, stranger(1), NOON);
	ck_assert(!explain(g, stranger(2), NOON).has_entry);
	gate_free(g);
}
END_TEST

START_TEST(what_is_over_does_not_come_back)
{
	struct policy p = short_policy();
	struct gate *g = loading_gate(&p, 10);
	struct change e = open_entry(stranger(1), 0), r = penalised(stranger(2), 0);

	e.of.entry.closes = r.of.record.forget = noon;
	ck_assert(!gate_take_back(g, &e, noon));
	ck_assert(!gate_take_back(g, &r, noon));
	ck_assert_uint_eq(gate_count(g).entries + gate_count(g).records, 0);
	ck_assert_uint_eq(gate_changes(g), 2);
	gate_free(g);
}
END_TEST

START_TEST(what_was_forgotten_while_loading_stays_forgotten)
{
	struct policy p = short_policy();
	struct gate *g = loading_gate(&p, 10);
	struct change e = open_entry(stranger(1), 0), r = penalised(stranger(1), 0);
	static struct mirror m;

	m.is_there[CHANGE_ENTRY][0] = m.is_there[CHANGE_ENTRY][3] = true;
	ck_assert(gate_take_back(g, &e, noon));
	vote(g, VOTE_FORGET_PENALTIES, (struct addr){ 0 }, NOON);
	ck_assert(!gate_take_back(g, &r, noon));
	e = open_entry(stranger(2), 1);
	ck_assert(gate_take_back(g, &e, noon));
	vote(g, VOTE_FORGET_ALL, (struct addr){ 0 }, NOON);
	e = open_entry(stranger(3), 2);
	ck_assert(!gate_take_back(g, &e, noon));
	gate_end_load(g);
	ck_assert_uint_eq(gate_count(g).entries, 0);
	mirror_take(&m, g, 10); /* also of what had not come back */
	ck_assert_uint_eq(mirror_count(&m, CHANGE_ENTRY), 0);
	/* the places can be reserved once more, and used */
	gate_expect_back(g, 10, 10);
	ck_assert(gate_take_back(g, &e, noon));
	for (unsigned i = 0; i < POLICY_ENTRIES_MIN - 1; i++)
		knock(g, stranger(100 + i), NOON);
	ck_assert_uint_eq(gate_count(g).evicted, 0);
	ck_assert_uint_eq(gate_count(g).entries, POLICY_ENTRIES_MIN);
	gate_free(g);
}
END_TEST

START_TEST(a_queue_that_is_no_more_is_default)
{
	struct policy p = short_policy();
	struct gate *g;
	struct change c = open_entry(stranger(1), 0);

	p.queue[p.queues] = p.queue[0];
	memcpy(p.queue[p.queues++].name, "slow", sizeof("slow"));
	g = loading_gate(&p, 10);
	memcpy(c.of.entry.queue, "gone", sizeof("gone"));
	ck_assert(gate_take_back(g, &c, noon));
	ck_assert_uint_eq(explain(g, stranger(1), NOON).queue, 0);
	c = open_entry(stranger(2), 1);
	memcpy(c.of.entry.queue, "slow", sizeof("slow"));
	ck_assert(gate_take_back(g, &c, noon));
	ck_assert_uint_eq(explain(g, stranger(2), NOON).queue, 1);
	gate_free(g);
}
END_TEST

/* Handed over in the order of worth, the least valuable is the first to go again. */
START_TEST(the_order_of_worth_survives)
{
	struct policy p = short_policy();
	struct gate *g = gate_of(&p), *next = gate_of(&p);
	static struct mirror m;

	for (unsigned i = 0; i < POLICY_ENTRIES_MIN; i++)
		knock(g, stranger(i), NOON + i);
	for (unsigned i = 0; i < 10; i++)
		ck_assert_int_eq(try_real(g, stranger(i), 1, NOON + 2000),
				 REASON_OPEN);
	mirror_take(&m, g, 64);
	ck_assert_uint_eq(mirror_give(&m, next, NOON + 3000), 0);
	for (unsigned i = 0; i < 500; i++)
		knock(next, stranger(5000 + i), NOON + 3000);
	for (unsigned i = 0; i < POLICY_ENTRIES_MIN; i++)
		ck_assert_int_eq(explain(next, stranger(i), NOON + 3000).has_entry,
				 i < 10 || i >= 510);
	gate_free(g);
	gate_free(next);
}
END_TEST

START_TEST(a_window_opened_before_our_clock_began_is_open)
{
	struct policy p = short_policy();
	struct gate *g = loading_gate(&p, 10);
	struct change c = open_entry(stranger(1), 0);

	c.of.entry.opens.ms = -1000 * (int64_t)HOUR;
	ck_assert(gate_take_back(g, &c, noon));
	ck_assert_int_eq(explain(g, stranger(1), NOON).state, STATE_OPEN);
	gate_free(g);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, an_unknown_source_meets_when_unsure_until_all_is_loaded);
	tcase_add_test(t, what_comes_back_unchanged_is_no_change);
	tcase_add_test(t, new_entries_leave_the_places_of_those_to_come);
	tcase_add_test(t, a_file_that_fills_the_table_leaves_room_for_new_entries);
	tcase_add_test(t, a_flood_while_loading_keeps_out_nobody_who_goes_last);
	tcase_add_test(t, who_makes_its_bringer_go_has_none);
	tcase_add_test(t, whose_place_is_taken_gets_another_one);
	tcase_add_test(t, a_place_given_back_meanwhile_is_not_given_twice);
	tcase_add_test(t, the_longer_window_of_two_counts);
	tcase_add_test(t, a_pause_that_began_meanwhile_goes_on);
	tcase_add_test(t, the_worse_record_of_two_counts);
	tcase_add_test(t, strikes_of_two_records_are_never_too_many);
	tcase_add_test(t, a_sibling_comes_back_behind_its_bringer_or_not_at_all);
	tcase_add_test(t, what_is_over_does_not_come_back);
	tcase_add_test(t, what_was_forgotten_while_loading_stays_forgotten);
	tcase_add_test(t, a_queue_that_is_no_more_is_default);
	tcase_add_test(t, the_order_of_worth_survives);
	tcase_add_test(t, a_window_opened_before_our_clock_began_is_open);
}

int main(void)
{
	return unit_main("restore", add_tests);
}
