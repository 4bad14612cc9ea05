/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_entry.c - times in few bits come out as they went in
 */
#include <check.h>

#include "core/entry_int.h"

#include "unit.h"

#define YEAR (INT64_C(365) * 24 * 3600 * 1000)

static struct times kept(int64_t opens, int64_t closes)
{
	struct entry e = { .node = { .flags = NODE_TAKEN | ENTRY_SIBLING } };

	entry_set_times(&e, (struct times){ { opens }, { closes } });
	return entry_times(NULL, &e);
}

START_TEST(times_are_kept_to_the_millisecond)
{
	static const int64_t opens[] = { 0, 1, UINT32_MAX, 20 * YEAR + 7, 60 * YEAR };
	static const int64_t windows[] = { 0, 1, UINT32_MAX, INT64_C(1) << 32,
					   10 * YEAR + 3, 34 * YEAR };

	for (unsigned i = 0; i < sizeof(opens) / sizeof(opens[0]); i++)
		for (unsigned n = 0; n < sizeof(windows) / sizeof(windows[0]); n++) {
			struct times t = kept(opens[i], opens[i] + windows[n]);

			ck_assert_int_eq(t.opens.ms, opens[i]);
			ck_assert_int_eq(t.closes.ms, opens[i] + windows[n]);
		}
}
END_TEST

/* By somebody's hand in the state file. */
START_TEST(what_closes_before_it_opens_never_opens)
{
	struct times t = kept(2000, 1000);

	ck_assert_int_eq(t.closes.ms, 1000);
	ck_assert_int_eq(t.opens.ms, 1000);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, times_are_kept_to_the_millisecond);
	tcase_add_test(t, what_closes_before_it_opens_never_opens);
}

int main(void)
{
	return unit_main("entry", add_tests);
}
