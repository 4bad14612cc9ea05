/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_store.c - what is put and committed is there in the next life, and can be read by
 * hand
 */
#include "store_case.h"
#include "unit.h"

START_TEST(an_empty_folder_gives_an_empty_file_that_only_we_can_read)
{
	struct store_case c = case_of();
	struct stat st;

	umask(0);
	case_try(&c);
	ck_assert_ptr_nonnull(case_news(&c, STORE_LOADED));
	ck_assert_ptr_null(case_news(&c, STORE_ROW));
	ck_assert_int_eq(case_news(&c, STORE_OPENED)->of.opened.now, NOW);
	case_put(&c, case_entry(1));
	case_commit(&c);
	for (unsigned i = 0; i < 3; i++) {
		static const char *const ends[] = { "", "-wal", "-shm" };
		char path[100];

		snprintf(path, sizeof(path), "%s%s", case_file(&c), ends[i]);
		ck_assert_int_eq(stat(path, &st), 0);
		ck_assert_uint_eq(st.st_mode & 0777, 0600);
	}
	case_over(&c);
}
END_TEST

START_TEST(rows_come_back_as_they_were)
{
	struct store_case c = case_of();
	struct store_row e = case_entry(5), r = case_record(7), s = case_entry(9);
	const struct store_row *back;

	e.of.entry.is_used = true;
	e.of.entry.is_proven = true;
	e.of.entry.is_kept = true;
	e.of.entry.connections = 65535;
	snprintf(e.of.entry.queue, sizeof(e.of.entry.queue), "slow");
	s.source = addr_from_bytes(ADDR_IP6, (const uint8_t[16]){ 0x20, 1, 0xd, 0xb8 });
	s.of.entry.via = VIA_SIBLING;
	s.of.entry.follows = true;
	s.of.entry.bringer = e.source;
	case_try(&c);
	case_put(&c, e);
	case_put(&c, r);
	case_put(&c, s);
	case_commit(&c);
	case_restart(&c);
	ck_assert_uint_eq(case_count(&c, STORE_ROW), 3);
	ck_assert_uint_eq(case_news(&c, STORE_OPENED)->of.opened.entry_places, 10);
	ck_assert_uint_eq(case_news(&c, STORE_OPENED)->of.opened.record_places, 8);
	back = &c.news[1].of.row;
	ck_assert(addr_is_equal(&back->source, &e.source));
	ck_assert_str_eq(back->of.entry.queue, "slow");
	ck_assert(back->of.entry.is_used && back->of.entry.is_proven &&
		  back->of.entry.is_kept);
	ck_assert_uint_eq(back->of.entry.connections, 65535);
	ck_assert_int_eq(back->of.entry.closes, NOW + 3600);
	back = &c.news[2].of.row; /* who follows comes last of the entries */
	ck_assert(back->of.entry.follows);
	ck_assert(addr_is_equal(&back->source, &s.source));
	ck_assert(addr_is_equal(&back->of.entry.bringer, &e.source));
	back = &c.news[3].of.row;
	ck_assert_int_eq(back->kind, CHANGE_RECORD);
	ck_assert_uint_eq(back->place, 7);
	ck_assert_int_eq(back->of.record.penalty, NOW + 60);
	ck_assert_uint_eq(back->of.record.strikes, 2);
	ck_assert_int_eq(back->of.record.strike[1], NOW - 10);
	case_over(&c);
}
END_TEST

START_TEST(a_place_has_one_row_and_can_be_emptied)
{
	struct store_case c = case_of();
	struct store_row gone = { .kind = CHANGE_ENTRY, .place = 2, .is_gone = true };
	struct store_row other = case_entry(8);

	case_try(&c);
	case_put(&c, case_entry(1));
	case_put(&c, case_entry(2));
	other.place = 1;
	case_put(&c, other);
	case_put(&c, gone);
	case_commit(&c);
	case_restart(&c);
	ck_assert_uint_eq(case_count(&c, STORE_ROW), 1);
	ck_assert(addr_is_equal(&case_news(&c, STORE_ROW)->of.row.source, &other.source));
	case_over(&c);
}
END_TEST

START_TEST(what_was_not_committed_is_not_there)
{
	struct store_case c = case_of();

	case_try(&c);
	case_put(&c, case_entry(1));
	case_commit(&c);
	case_put(&c, case_entry(2));
	case_restart(&c);
	ck_assert_uint_eq(case_count(&c, STORE_ROW), 1);
	case_over(&c);
}
END_TEST

START_TEST(rows_come_in_the_order_of_their_worth)
{
	static const uint32_t order[] = { 3, 1, 4, 2 };
	struct store_case c = case_of();
	struct store_row row;

	case_try(&c);
	for (uint32_t i = 1; i <= 4; i++) {
		row = case_entry(i);
		row.of.entry.closes += i == 4 ? 100 : i == 3 ? 50 : 0;
		row.of.entry.is_used = i % 2 == 1;
		case_put(&c, row);
	}
	case_commit(&c);
	case_restart(&c);
	for (unsigned i = 0; i < 4; i++)
		ck_assert_uint_eq(c.news[1 + i].of.row.place, order[i]);
	case_over(&c);
}
END_TEST

START_TEST(the_tables_can_be_queried_by_hand_meanwhile)
{
	struct store_case c = case_of();
	struct store_row row = case_entry(1);

	row.source = addr_from_bytes(ADDR_IP6, (const uint8_t[16]){ 0x20, 1, 0xd, 0xb8 });
	case_try(&c);
	case_put(&c, row);
	case_put(&c, case_record(1));
	case_commit(&c);
	ck_assert_int_eq(case_number(&c, "SELECT count(*) FROM entry WHERE source = "
				     "'2001:db8::/64' AND queue = 'default' AND "
				     "via = 'knock' AND datetime(closes, 'unixepoch')"
				     " = '2027-01-15 09:00:00'"), 1);
	ck_assert_int_eq(case_number(&c, "SELECT count(*) FROM record WHERE source = "
				     "'198.18.0.1' AND strikes = "
				     "'1799999980 1799999990'"), 1);
	ck_assert_int_eq(case_number(&c, "PRAGMA user_version"), 1);
	ck_assert_int_eq(case_number(&c, "PRAGMA application_id"), 0x6d78616c);
	case_over(&c);
}
END_TEST

START_TEST(times_are_shifted_together)
{
	struct store_case c = case_of();

	case_try(&c);
	case_put(&c, case_entry(1));
	case_put(&c, case_record(2));
	ck_assert(store_shift(c.store, 1000));
	c.clocks.wall += 1000;
	case_commit(&c);
	ck_assert_int_eq(case_number(&c, "SELECT closes FROM entry"), NOW + 4600);
	ck_assert_int_eq(case_number(&c, "SELECT penalty FROM record"), NOW + 1060);
	ck_assert_int_eq(case_number(&c, "SELECT forget FROM record"), NOW + 1600);
	ck_assert_int_eq(case_number(&c, "SELECT strikes = '1800000980 1800000990' "
				     "FROM record"), 1);
	ck_assert_int_eq(case_number(&c, "SELECT value FROM meta "
				     "WHERE key = 'wall_seconds'"), NOW + 1000);
	/* what is put behind it is of the new scale */
	case_put(&c, case_entry(3));
	case_commit(&c);
	ck_assert_int_eq(case_number(&c, "SELECT closes FROM entry WHERE place = 3"),
			 NOW + 3600);
	case_over(&c);
}
END_TEST

START_TEST(rows_beyond_a_smaller_table_go_when_they_have_another_place)
{
	struct store_case c = case_of();

	case_try(&c);
	case_put(&c, case_entry(1));
	case_put(&c, case_entry(900));
	case_commit(&c);
	c.conf.entry_places = 10;
	case_restart(&c);
	ck_assert_uint_eq(case_count(&c, STORE_ROW), 2);
	ck_assert_int_eq(case_number(&c, "SELECT count(*) FROM entry"), 2);
	case_commit(&c);
	ck_assert_int_eq(case_number(&c, "SELECT count(*) FROM entry"), 1);
	case_over(&c);
}
END_TEST

START_TEST(a_folder_has_one_store)
{
	struct store_case c = case_of(), other = c;

	case_try(&c);
	case_start(&other);
	case_try(&other);
	ck_assert_ptr_nonnull(case_news(&other, STORE_TAKEN));
	ck_assert_ptr_null(case_news(&other, STORE_OPENED));
	case_end(&other);
	case_restart(&c);
	ck_assert_ptr_nonnull(case_news(&c, STORE_LOADED));
	case_over(&c);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, an_empty_folder_gives_an_empty_file_that_only_we_can_read);
	tcase_add_test(t, rows_come_back_as_they_were);
	tcase_add_test(t, a_place_has_one_row_and_can_be_emptied);
	tcase_add_test(t, what_was_not_committed_is_not_there);
	tcase_add_test(t, rows_come_in_the_order_of_their_worth);
	tcase_add_test(t, the_tables_can_be_queried_by_hand_meanwhile);
	tcase_add_test(t, times_are_shifted_together);
	tcase_add_test(t, rows_beyond_a_smaller_table_go_when_they_have_another_place);
	tcase_add_test(t, a_folder_has_one_store);
}

int main(void)
{
	return unit_main("store", add_tests);
}
