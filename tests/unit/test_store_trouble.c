/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_store_trouble.c - files of no use are set aside, trouble is told and outlived
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

#include "store_case.h"
#include "unit.h"

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	ck_assert_int_eq(fclose(f), 0);
}

/* A file with one entry, written by a store that has ended. */
static struct store_case ended_case(void)
{
	struct store_case c = case_of();

	case_try(&c);
	case_put(&c, case_entry(1));
	case_commit(&c);
	case_end(&c);
	return c;
}

/* Set aside under a name that says why, and an empty file in its place works. */
static void assert_set_aside(struct store_case *c, const char *why)
{
	char begin[64], path[160];

	case_start(c);
	case_try(c);
	snprintf(begin, sizeof(begin), "state.db.%s-20270115-080000", why);
	snprintf(path, sizeof(path), "%s/%s", c->dir, begin);
	ck_assert_int_eq(access(path, F_OK), 0);
	ck_assert_ptr_nonnull(case_news(c, STORE_NOTE));
	ck_assert_ptr_nonnull(strstr(case_news(c, STORE_NOTE)->of.text, begin));
	ck_assert_ptr_nonnull(case_news(c, STORE_LOADED));
	ck_assert_ptr_null(case_news(c, STORE_ROW));
	ck_assert_ptr_null(case_news(c, STORE_TROUBLE));
	case_put(c, case_entry(2));
	case_commit(c);
	ck_assert_int_eq(case_number(c, "SELECT count(*) FROM entry"), 1);
	case_over(c);
}

START_TEST(a_file_that_is_no_database_is_set_aside)
{
	struct store_case c = ended_case();

	write_file(case_file(&c), "this was written by hand, and is longer than the head "
				  "of a database, which has one hundred bytes to begin");
	assert_set_aside(&c, "damaged");
}
END_TEST

START_TEST(a_file_cut_short_is_set_aside)
{
	struct store_case c = ended_case();

	ck_assert_int_eq(truncate(case_file(&c), 5000), 0);
	assert_set_aside(&c, "damaged");
}
END_TEST

START_TEST(a_file_without_our_tables_is_set_aside)
{
	struct store_case c = ended_case();

	case_sql(&c, "DROP TABLE record");
	assert_set_aside(&c, "damaged");
}
END_TEST

START_TEST(a_file_of_another_program_is_set_aside)
{
	struct store_case c = ended_case();

	case_sql(&c, "PRAGMA application_id = 0");
	case_sql(&c, "PRAGMA wal_checkpoint(TRUNCATE)");
	assert_set_aside(&c, "foreign");
}
END_TEST

START_TEST(what_is_no_file_is_set_aside)
{
	struct store_case c = ended_case();

	ck_assert_int_eq(unlink(case_file(&c)), 0);
	ck_assert_int_eq(mkfifo(case_file(&c), 0600), 0);
	assert_set_aside(&c, "foreign");
}
END_TEST

START_TEST(a_file_of_a_newer_version_is_set_aside)
{
	struct store_case c = ended_case();

	case_sql(&c, "PRAGMA user_version = 2");
	assert_set_aside(&c, "newer");
}
END_TEST

START_TEST(a_file_of_other_prefixes_is_set_aside)
{
	struct store_case c = ended_case();

	c.conf.prefix6 = 56;
	assert_set_aside(&c, "prefix");
}
END_TEST

START_TEST(nothing_set_aside_is_overwritten)
{
	struct store_case c = ended_case();
	char text[100] = "";
	FILE *f;

	for (unsigned i = 0; i < 3; i++) {
		char path[150], damage[8];

		snprintf(damage, sizeof(damage), "%u", i);
		write_file(case_file(&c), damage);
		case_start(&c);
		case_try(&c);
		case_end(&c);
		snprintf(path, sizeof(path), "%s/state.db.damaged-20270115-080000%s",
			 c.dir, i == 0 ? "" : i == 1 ? "-2" : "-3");
		f = fopen(path, "r");
		ck_assert_msg(f != NULL, "%s", path);
		ck_assert_ptr_nonnull(fgets(text, sizeof(text), f));
		ck_assert_str_eq(text, damage);
		fclose(f);
	}
	case_remove(&c);
}
END_TEST

START_TEST(a_folder_that_cannot_be_used_is_trouble_until_it_can)
{
	struct store_case c = case_of();

	case_end(&c);
	ck_assert_int_eq(rmdir(c.dir), 0);
	write_file(c.dir, "a file is in its place");
	case_start(&c);
	for (unsigned i = 0; i < 3; i++) {
		case_try(&c);
		ck_assert_uint_eq(case_count(&c, STORE_TROUBLE), i == 0); /* told once */
		ck_assert_ptr_null(case_news(&c, STORE_LOADED));
		case_put(&c, case_entry(1)); /* for nothing, but in nobody's way */
		case_commit(&c);
	}
	ck_assert_uint_eq(store_count(c.store).failed, 3);
	ck_assert_uint_eq(store_count(c.store).written, 0);
	ck_assert_int_eq(unlink(c.dir), 0);
	case_try(&c);
	ck_assert_ptr_nonnull(case_news(&c, STORE_WELL));
	ck_assert_ptr_nonnull(case_news(&c, STORE_LOADED));
	case_over(&c);
}
END_TEST

/* What lies in it could be anybody's. */
START_TEST(a_folder_that_everybody_may_write_into_is_not_used)
{
	struct store_case c = case_of();

	case_end(&c);
	ck_assert_int_eq(chmod(c.dir, 01777), 0);
	case_start(&c);
	case_try(&c);
	ck_assert_ptr_nonnull(case_news(&c, STORE_TROUBLE));
	ck_assert_ptr_nonnull(strstr(case_news(&c, STORE_TROUBLE)->of.text, "everybody"));
	ck_assert_int_ne(access(case_file(&c), F_OK), 0);
	ck_assert_int_eq(chmod(c.dir, 0700), 0);
	case_try(&c);
	ck_assert_ptr_nonnull(case_news(&c, STORE_WELL));
	case_over(&c);
}
END_TEST

/* Somebody holds the lock; what waits in the ring goes through when it is free. */
START_TEST(a_locked_file_loses_nothing)
{
	struct store_case c = case_of();
	sqlite3 *db;

	case_try(&c);
	ck_assert_int_eq(sqlite3_open(case_file(&c), &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL),
			 SQLITE_OK);
	for (uint32_t i = 0; store_room(c.store) > 1; i++)
		case_put(&c, case_entry(i));
	case_ask_commit(&c);
	poll(NULL, 0, 500);
	ck_assert(!case_is_committed(&c));
	ck_assert_uint_le(store_room(c.store), 1);
	ck_assert_uint_eq(store_count(c.store).failed, 0);
	ck_assert_int_eq(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
	for (int i = 0; !case_is_committed(&c); i++) {
		ck_assert_int_lt(i, PATIENCE);
		poll(NULL, 0, 1);
	}
	ck_assert_int_eq(case_number(&c, "SELECT count(*) FROM entry"), STORE_ROOM - 1);
	case_over(&c);
}
END_TEST

START_TEST(a_file_that_was_removed_is_made_anew)
{
	struct store_case c = case_of();

	case_try(&c);
	case_put(&c, case_entry(1));
	case_commit(&c);
	ck_assert_int_eq(unlink(case_file(&c)), 0);
	case_put(&c, case_entry(2));
	case_commit(&c);
	ck_assert_ptr_nonnull(case_news(&c, STORE_TROUBLE));
	case_try(&c);
	ck_assert_ptr_nonnull(case_news(&c, STORE_WELL));
	ck_assert_ptr_nonnull(case_news(&c, STORE_LOADED));
	case_put(&c, case_entry(3));
	case_commit(&c);
	ck_assert_int_eq(case_number(&c, "SELECT count(*) FROM entry"), 1);
	case_over(&c);
}
END_TEST

/* In the middle of a transaction, when SQLite believes to know what is in it. */
START_TEST(a_file_cut_short_while_writing_is_set_aside)
{
	struct store_case c = case_of();

	case_try(&c);
	for (uint32_t i = 0; i < 900; i++)
		case_put(&c, case_entry(i));
	case_commit(&c);
	case_put(&c, case_entry(1));
	case_commit(&c); /* it knows by now how long the file is */
	case_put(&c, case_entry(2));
	store_wake(c.store);
	for (int i = 0; store_room(c.store) < STORE_ROOM; i++) {
		ck_assert_int_lt(i, PATIENCE);
		poll(NULL, 0, 1);
	}
	ck_assert_int_eq(truncate(case_file(&c), 8192), 0);
	case_commit(&c);
	ck_assert_ptr_nonnull(case_news(&c, STORE_TROUBLE));
	case_try(&c);
	ck_assert_ptr_nonnull(case_news(&c, STORE_WELL));
	ck_assert_str_ne(case_find(&c, "state.db.damaged"), "");
	case_put(&c, case_entry(3));
	case_commit(&c);
	case_restart(&c);
	ck_assert_uint_eq(case_count(&c, STORE_ROW), 1);
	case_over(&c);
}
END_TEST

/* By a transaction so long that the file grows before it fails, and shrinks then. */
START_TEST(a_disk_that_is_full_cuts_no_file_short)
{
	struct rlimit room = { 1 << 20, RLIM_INFINITY };
	struct store_case c;

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &room), 0);
	c = case_of();
	c.conf.entry_places = 60000;
	case_restart(&c);
	for (uint32_t i = 0; i < 45000; i++) {
		struct store_row row = case_entry(i);

		while (store_room(c.store) < 2) {
			store_wake(c.store);
			poll(NULL, 0, 1);
		}
		(void)store_put(c.store, &row);
	}
	case_commit(&c);
	ck_assert_uint_eq(case_count(&c, STORE_TROUBLE), 1);
	ck_assert_ptr_null(strstr(case_news(&c, STORE_TROUBLE)->of.text, "cut short"));
	case_try(&c);
	ck_assert_ptr_null(case_news(&c, STORE_TROUBLE));
	ck_assert_ptr_nonnull(case_news(&c, STORE_WELL));
	case_over(&c);
}
END_TEST

START_TEST(damage_found_while_writing_is_set_aside_too)
{
	struct store_case c = case_of();
	int fd;

	case_try(&c);
	for (uint32_t i = 0; i < 900; i++)
		case_put(&c, case_entry(i));
	case_commit(&c);
	case_sql(&c, "PRAGMA wal_checkpoint(TRUNCATE)");
	fd = open(case_file(&c), O_WRONLY);
	ck_assert_int_ge(fd, 0);
	for (unsigned page = 1; page < 20; page++)
		ck_assert_int_eq(pwrite(fd, "not a page at all", 17, page * 4096), 17);
	close(fd);
	case_sql(&c, "PRAGMA user_version = 1"); /* what it has cached is old */
	c.count = 0;
	for (uint32_t i = 0; i < 900; i += 7)
		case_put(&c, case_entry(i));
	case_commit(&c);
	for (int i = 0; !case_news(&c, STORE_LOADED); i++) {
		ck_assert_int_lt(i, PATIENCE);
		poll(NULL, 0, 1);
		case_hear(&c);
	}
	ck_assert_ptr_nonnull(case_news(&c, STORE_TROUBLE)); /* rows were lost */
	ck_assert_ptr_nonnull(case_news(&c, STORE_WELL));
	ck_assert_str_ne(case_find(&c, "state.db.damaged"), "");
	case_put(&c, case_entry(2));
	case_commit(&c);
	ck_assert_int_eq(case_number(&c, "SELECT count(*) FROM entry WHERE place = 2"),
			 1);
	case_over(&c);
}
END_TEST

/* A root page whose children are all its first one. SQLite reads it like any other. */
static void repeat_page(const struct store_case *c, const char *query)
{
	off_t root = (case_number(c, query) - 1) * 4096;
	int fd = open(case_file(c), O_RDWR);
	unsigned char page[4096];
	unsigned cells;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pread(fd, page, sizeof(page), root), sizeof(page));
	ck_assert_uint_eq(page[0], 5); /* of a table, with children */
	cells = page[3] * 256u + page[4];
	ck_assert_uint_gt(cells, 1);
	for (unsigned i = 1; i < cells; i++)
		memcpy(page + page[12 + 2 * i] * 256u + page[13 + 2 * i],
		       page + page[12] * 256u + page[13], 4);
	ck_assert_int_eq(pwrite(fd, page, sizeof(page), root), sizeof(page));
	close(fd);
}

/* Twenty such pages, one above the other, have more rows than there is memory for. */
START_TEST(a_page_in_many_places_is_damage)
{
	static const char *const queries[] = {
		"SELECT rootpage FROM sqlite_schema WHERE name = 'entry'",
		"SELECT rootpage FROM sqlite_schema WHERE name = 'record'",
	};
	struct store_case c = case_of();

	case_try(&c);
	for (uint32_t i = 0; i < 500; i++) {
		case_put(&c, case_entry(i));
		case_put(&c, case_record(i));
	}
	case_commit(&c);
	case_end(&c);
	repeat_page(&c, queries[_i]);
	assert_set_aside(&c, "damaged");
}
END_TEST

/* Each of them alone is skipped and counted; the good ones around it are not. */
START_TEST(rows_that_make_no_sense_are_skipped)
{
	static const char *const forged[] = {
		"UPDATE entry SET place = -1 WHERE place = 5",
		"UPDATE entry SET source = 'mail.example.org' WHERE place = 5",
		"UPDATE entry SET source = '198.18.0.0/24' WHERE place = 5",
		"UPDATE entry SET source = char(49, 0, 50) WHERE place = 5",
		"UPDATE entry SET source = zeroblob(900000) WHERE place = 5",
		"UPDATE entry SET queue = hex(zeroblob(500)) WHERE place = 5",
		"UPDATE entry SET via = 'magic' WHERE place = 5",
		"UPDATE entry SET closes = 9223372036854775807 WHERE place = 5",
		"UPDATE entry SET closes = 'never' WHERE place = 5",
		"UPDATE entry SET opens = -9223372036854775807 WHERE place = 5",
		"UPDATE entry SET connections = 65536 WHERE place = 5",
		"UPDATE entry SET used = 2 WHERE place = 5",
		"UPDATE entry SET follows = 1 WHERE place = 5",
		"UPDATE record SET strikes = '1 2 x' WHERE place = 5",
		"UPDATE record SET strikes = '1799999999 1800000001' WHERE place = 5",
		"UPDATE record SET penalty = 1e300 WHERE place = 5",
		"UPDATE record SET whites = 256 WHERE place = 5",
		"UPDATE record SET forget = 4000000000 WHERE place = 5",
	};

	for (unsigned i = 0; i < sizeof(forged) / sizeof(forged[0]); i++) {
		struct store_case c = case_of();
		bool beyond = i == 0; /* no place of ours: gone with the first commit */

		case_try(&c);
		for (uint32_t place = 4; place <= 6; place++) {
			case_put(&c, case_entry(place));
			case_put(&c, case_record(place));
		}
		case_commit(&c);
		case_end(&c);
		case_sql(&c, forged[i]);
		case_start(&c);
		case_try(&c);
		ck_assert_msg(case_count(&c, STORE_ROW) == 5, "%s", forged[i]);
		ck_assert_uint_eq(case_count(&c, STORE_USELESS), !beyond);
		ck_assert_uint_eq(store_count(c.store).skipped, 1);
		if (!beyond)
			ck_assert_uint_eq(case_news(&c, STORE_USELESS)->of.row.place, 5);
		case_commit(&c);
		ck_assert_int_eq(case_number(&c, "SELECT count(*) FROM entry "
					     "WHERE place < 0"), 0);
		case_over(&c);
	}
}
END_TEST

/* Nothing that others put into the file is run. */
START_TEST(a_trigger_in_the_file_does_nothing)
{
	struct store_case c = ended_case();

	case_sql(&c, "CREATE TRIGGER t AFTER INSERT ON entry BEGIN "
		 "DELETE FROM entry WHERE place < 10; END");
	case_start(&c);
	case_try(&c);
	ck_assert_uint_eq(case_count(&c, STORE_ROW), 1);
	case_put(&c, case_entry(20));
	case_commit(&c);
	ck_assert_int_eq(case_number(&c, "SELECT count(*) FROM entry"), 2);
	case_over(&c);
}
END_TEST

/* The caller hears of it with the first trouble, and puts all of it again. */
START_TEST(a_shift_that_could_not_be_written_is_made_up_for)
{
	struct store_case c = case_of();
	sqlite3 *db;

	case_try(&c);
	case_put(&c, case_entry(1));
	case_commit(&c);
	ck_assert_int_eq(sqlite3_open(case_file(&c), &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL),
			 SQLITE_OK);
	ck_assert(store_shift(c.store, 50));
	ck_assert(store_shift(c.store, 50));
	case_ask_commit(&c);
	poll(NULL, 0, 300);
	ck_assert_int_eq(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
	for (int i = 0; !case_is_committed(&c); i++) {
		ck_assert_int_lt(i, PATIENCE);
		poll(NULL, 0, 1);
	}
	ck_assert_int_eq(case_number(&c, "SELECT closes FROM entry"), NOW + 3700);
	case_commit(&c);
	ck_assert_int_eq(case_number(&c, "SELECT closes FROM entry"), NOW + 3700);
	case_over(&c);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, a_file_that_is_no_database_is_set_aside);
	tcase_add_test(t, a_file_cut_short_is_set_aside);
	tcase_add_test(t, a_file_without_our_tables_is_set_aside);
	tcase_add_test(t, a_file_of_another_program_is_set_aside);
	tcase_add_test(t, what_is_no_file_is_set_aside);
	tcase_add_test(t, a_file_of_a_newer_version_is_set_aside);
	tcase_add_test(t, a_file_of_other_prefixes_is_set_aside);
	tcase_add_test(t, nothing_set_aside_is_overwritten);
	tcase_add_test(t, a_folder_that_cannot_be_used_is_trouble_until_it_can);
	tcase_add_test(t, a_folder_that_everybody_may_write_into_is_not_used);
	tcase_add_test(t, a_locked_file_loses_nothing);
	tcase_add_test(t, a_file_that_was_removed_is_made_anew);
	tcase_add_test(t, a_file_cut_short_while_writing_is_set_aside);
	tcase_add_test(t, a_disk_that_is_full_cuts_no_file_short);
	tcase_add_test(t, damage_found_while_writing_is_set_aside_too);
	tcase_add_loop_test(t, a_page_in_many_places_is_damage, 0, 2);
	tcase_add_test(t, rows_that_make_no_sense_are_skipped);
	tcase_add_test(t, a_trigger_in_the_file_does_nothing);
	tcase_add_test(t, a_shift_that_could_not_be_written_is_made_up_for);
}

int main(void)
{
	return unit_main("store_trouble", add_tests);
}
