/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_control.c - commands and their answers, over real sockets
 */
#include "control_case.h"
#include "unit.h"

START_TEST(a_command_is_answered_with_rows_and_end)
{
	struct answerer *a = start();
	int fd = connect_to(a->c.path);

	ask(&a->c, fd, "status\n", "kind=0\nend\n");
	ask(&a->c, fd, "why 192.0.2.1\n", "kind=2\nend\n");
	ck_assert_uint_eq(a->gone, 2);
	ck_assert_uint_eq(control_count(a->control).clients, 1);
	close(fd);
	end(a);
}
END_TEST

START_TEST(several_commands_in_one_write_are_answered_in_order)
{
	struct answerer *a = start();
	int fd = connect_to(a->c.path);

	a->rows = 3;
	ask(&a->c, fd, "status\r\nlist\n\nstats\n",
	    "kind=0\nend\nrow=0\nrow=1\nrow=2\nend\nkind=6\nend\n");
	close(fd);
	end(a);
}
END_TEST

START_TEST(a_command_in_pieces_is_one_command)
{
	struct answerer *a = start();
	int fd = connect_to(a->c.path);

	say(fd, "sta");
	case_turns(&a->c, 5);
	ck_assert_uint_eq(a->begun, 0);
	ask(&a->c, fd, "tus\n", "kind=0\nend\n");
	close(fd);
	end(a);
}
END_TEST

START_TEST(what_is_no_command_is_told_so_and_the_next_is_obeyed)
{
	struct answerer *a = start();
	int fd = connect_to(a->c.path);
	char line[600];

	ask(&a->c, fd, "dance\n", "error: this is no command: dance\nend\n");
	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	say_bytes(fd, line, sizeof(line));
	ask(&a->c, fd, "", "error: the line is longer than 511 bytes\nend\n");
	ask(&a->c, fd, "status\n", "kind=0\nend\n");
	ck_assert_uint_eq(control_count(a->control).bad, 2);
	close(fd);
	end(a);
}
END_TEST

START_TEST(a_client_that_hangs_up_its_sending_side_gets_its_whole_answer)
{
	struct answerer *a = start();
	int fd = connect_to(a->c.path);

	a->rows = 2000;
	say(fd, "list\n");
	shutdown(fd, SHUT_WR);
	hear_the_end(&a->c, fd);
	ck_assert_uint_gt(a->c.len, 16000);
	ck_assert_str_eq(a->c.text + a->c.len - 13, "row=1999\nend\n");
	close(fd);
	end(a);
}
END_TEST

START_TEST(a_long_list_waits_for_its_reader_within_bounded_memory)
{
	struct answerer *a = start();
	int fd = connect_to(a->c.path), other = connect_to(a->c.path);
	uint64_t rows = 0;
	bool is_over = false;

	a->rows = 200000;
	say(fd, "list\n");
	case_turns(&a->c, 1000);
	ck_assert_uint_lt(*control_scratch(a->control->clients[0]), a->rows);
	/* the others are served meanwhile */
	ask(&a->c, other, "status\n", "kind=0\nend\n");
	a->c.len = 0;
	for (unsigned i = 0; i < CASE_TURNS && !is_over; i++) {
		char *line;

		ck_assert(take(&a->c, fd));
		while ((line = next_line(&a->c)) && !is_over) {
			is_over = strcmp(line, "end") == 0;
			ck_assert(is_over || strtoull(line + 4, NULL, 10) == rows++);
		}
		case_turns(&a->c, 1);
	}
	ck_assert_uint_eq(rows, a->rows);
	ck_assert_uint_le(a->most, CONTROL_PENDING_BYTES + CONTROL_SLICE_BYTES);
	close(fd);
	close(other);
	end(a);
}
END_TEST

START_TEST(one_turn_makes_no_more_than_a_slice)
{
	struct answerer *a = start();
	int fd = connect_to(a->c.path);

	a->rows = 1000000;
	say(fd, "list\n");
	for (unsigned i = 0; i < 20; i++) {
		struct control_client *client = a->control->clients[0];
		uint64_t before = client ? *control_scratch(client) : 0, made;

		case_turns(&a->c, 1);
		client = a->control->clients[0];
		made = client ? *control_scratch(client) - before : 0;
		ck_assert_uint_le(made, CONTROL_SLICE_BYTES / strlen("row=0\n") + 1);
	}
	close(fd);
	end(a);
}
END_TEST

START_TEST(who_never_reads_is_closed_after_a_minute_without_progress)
{
	struct answerer *a = start();
	int fd = connect_to(a->c.path);
	uint64_t now;

	a->rows = 1000000;
	say(fd, "list\n");
	case_turns(&a->c, 1000);
	now = uv_now(&a->c.loop);
	control_look_after(a->control, now + CONTROL_PATIENCE_MS / 2);
	ck_assert_ptr_nonnull(a->control->clients[0]);
	control_look_after(a->control, now + CONTROL_PATIENCE_MS + 1);
	ck_assert_ptr_null(a->control->clients[0]);
	ck_assert_uint_eq(a->gone, 1);
	close(fd);
	end(a);
}
END_TEST

START_TEST(an_idle_client_may_stay)
{
	struct answerer *a = start();
	int fd = connect_to(a->c.path);

	case_turns(&a->c, 3);
	control_look_after(a->control, uv_now(&a->c.loop) + 24 * 3600 * 1000);
	ask(&a->c, fd, "status\n", "kind=0\nend\n");
	close(fd);
	end(a);
}
END_TEST

START_TEST(an_answer_that_does_not_fit_says_what_it_lost_and_ends)
{
	struct answerer *a = start();
	int fd = connect_to(a->c.path);
	unsigned rows = 0, lost = 0;
	bool is_over = false;

	say(fd, "export\n");
	for (unsigned i = 0; i < CASE_TURNS && !is_over; i++) {
		char *line;

		ck_assert(take(&a->c, fd));
		while ((line = next_line(&a->c))) {
			is_over = strcmp(line, "end") == 0;
			if (strncmp(line, "lost ", 5) == 0)
				lost = (unsigned)strtoul(line + 5, NULL, 10);
			else
				rows++;
		}
		case_turns(&a->c, 1);
	}
	ck_assert_uint_gt(rows, 1000);
	ck_assert_uint_eq(rows - 1 + lost, 100000);
	close(fd);
	end(a);
}
END_TEST

START_TEST(watchers_are_told_until_they_say_a_word)
{
	struct answerer *a = start();
	int fd = connect_to(a->c.path), other = connect_to(a->c.path);

	ck_assert(!control_has_watchers(a->control));
	say(fd, "watch\n");
	ask(&a->c, other, "status\n", "kind=0\nend\n");
	ck_assert(control_has_watchers(a->control));
	control_tell_watchers(a->control, "verdict=drop src=192.0.2.1");
	ck_assert_str_eq(hear_until(&a->c, fd, "\n"), "verdict=drop src=192.0.2.1\n");
	ask(&a->c, fd, "status\n", "end\nkind=0\nend\n");
	ck_assert(!control_has_watchers(a->control));
	control_tell_watchers(a->control, "unheard");
	case_turns(&a->c, 3);
	ck_assert_int_lt(read(fd, a->c.text, CASE_TEXT), 0);
	close(fd);
	close(other);
	end(a);
}
END_TEST

START_TEST(a_watcher_that_goes_away_is_forgotten)
{
	struct answerer *a = start();
	int fd = connect_to(a->c.path);

	say(fd, "watch\n");
	case_turns(&a->c, 3);
	ck_assert(control_has_watchers(a->control));
	close(fd);
	case_turns(&a->c, 3);
	ck_assert(!control_has_watchers(a->control));
	end(a);
}
END_TEST

START_TEST(a_slow_watcher_is_told_how_many_lines_it_lost)
{
	struct answerer *a = start();
	int fd = connect_to(a->c.path);
	unsigned told = 0, lost = 0;

	say(fd, "watch\n");
	case_turns(&a->c, 3);
	for (unsigned i = 0; i < 100000; i++) {
		control_tell_watchers(a->control, "event");
		if (i % 100 == 0)
			case_turns(&a->c, 1);
	}
	for (unsigned i = 0; i < CASE_TURNS && told + lost < 100000; i++) {
		char *line;

		ck_assert(take(&a->c, fd));
		while ((line = next_line(&a->c))) {
			if (strncmp(line, "lost ", 5) == 0)
				lost += (unsigned)strtoul(line + 5, NULL, 10);
			else
				told++;
		}
		case_turns(&a->c, 1);
	}
	ck_assert_uint_gt(lost, 0);
	ck_assert_uint_gt(told, 0);
	ck_assert_uint_eq(told + lost, 100000);
	close(fd);
	end(a);
}
END_TEST

START_TEST(an_import_gets_its_lines_and_then_its_answer)
{
	struct answerer *a = start();
	int fd = connect_to(a->c.path);

	say(fd, "import\none 1\n\n");
	case_turns(&a->c, 5);
	ck_assert_uint_eq(a->gone, 0);
	ask(&a->c, fd, "status\nend\nstatus\n", "imported\nend\nkind=0\nend\n");
	ck_assert_str_eq(a->imported, "<one 1><><status>");
	close(fd);
	end(a);
}
END_TEST

START_TEST(lines_of_an_import_that_is_not_wanted_are_passed_over)
{
	struct answerer *a = start();
	int fd = connect_to(a->c.path);

	a->wants_import = false;
	ask(&a->c, fd, "import\none\nstatus\nend\n", "end\n");
	ck_assert_str_eq(a->imported, "");
	ck_assert_uint_eq(a->begun, 1);
	close(fd);
	end(a);
}
END_TEST

START_TEST(an_import_line_with_a_nul_or_too_long_is_refused)
{
	struct answerer *a = start();
	int fd = connect_to(a->c.path);
	char line[600];

	say(fd, "import\n");
	say_bytes(fd, "a\0b\n", 4);
	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	say_bytes(fd, line, sizeof(line));
	ask(&a->c, fd, "good\nend\n",
	    "error: a control byte in the line\n"
	    "error: the line is longer than 511 bytes\n"
	    "imported\nend\n");
	ck_assert_str_eq(a->imported, "<good>");
	close(fd);
	end(a);
}
END_TEST

START_TEST(an_import_cut_off_is_told_to_whoever_began_it)
{
	struct answerer *a = start();
	int fd = connect_to(a->c.path);

	say(fd, "import\none\ntw");
	case_turns(&a->c, 3);
	close(fd);
	case_turns(&a->c, 5);
	ck_assert_uint_eq(a->gone, 1);
	ck_assert_str_eq(a->imported, "<one>");
	end(a);
}
END_TEST

START_TEST(who_closes_without_reading_is_obeyed_all_the_same)
{
	struct answerer *a = start();
	int fd = connect_to(a->c.path);

	say(fd, "status\n");
	close(fd);
	case_turns(&a->c, 5);
	ck_assert_uint_eq(a->begun, 1);
	ck_assert_ptr_null(a->control->clients[0]);
	end(a);
}
END_TEST

START_TEST(who_closes_in_the_middle_of_a_list_is_let_go)
{
	struct answerer *a = start();
	int fd = connect_to(a->c.path);

	a->rows = 1000000;
	say(fd, "list\n");
	case_turns(&a->c, 100);
	close(fd);
	case_turns(&a->c, 10);
	ck_assert_uint_eq(a->gone, 1);
	ck_assert_ptr_null(a->control->clients[0]);
	end(a);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_set_timeout(t, 60);
	tcase_add_test(t, a_command_is_answered_with_rows_and_end);
	tcase_add_test(t, several_commands_in_one_write_are_answered_in_order);
	tcase_add_test(t, a_command_in_pieces_is_one_command);
	tcase_add_test(t, what_is_no_command_is_told_so_and_the_next_is_obeyed);
	tcase_add_test(t, a_client_that_hangs_up_its_sending_side_gets_its_whole_answer);
	tcase_add_test(t, a_long_list_waits_for_its_reader_within_bounded_memory);
	tcase_add_test(t, one_turn_makes_no_more_than_a_slice);
	tcase_add_test(t, who_never_reads_is_closed_after_a_minute_without_progress);
	tcase_add_test(t, an_idle_client_may_stay);
	tcase_add_test(t, an_answer_that_does_not_fit_says_what_it_lost_and_ends);
	tcase_add_test(t, watchers_are_told_until_they_say_a_word);
	tcase_add_test(t, a_watcher_that_goes_away_is_forgotten);
	tcase_add_test(t, a_slow_watcher_is_told_how_many_lines_it_lost);
	tcase_add_test(t, an_import_gets_its_lines_and_then_its_answer);
	tcase_add_test(t, lines_of_an_import_that_is_not_wanted_are_passed_over);
	tcase_add_test(t, an_import_line_with_a_nul_or_too_long_is_refused);
	tcase_add_test(t, an_import_cut_off_is_told_to_whoever_began_it);
	tcase_add_test(t, who_closes_without_reading_is_obeyed_all_the_same);
	tcase_add_test(t, who_closes_in_the_middle_of_a_list_is_let_go);
}

int main(void)
{
	return unit_main("control", add_tests);
}
