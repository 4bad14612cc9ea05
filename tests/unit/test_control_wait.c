/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_control_wait.c - an answer that takes a while, and who waits for it
 */
#include "control_case.h"
#include "unit.h"

static struct answerer *start_slow(void)
{
	struct answerer *a = start();

	a->is_slow = true;
	return a;
}

/* Asks, and comes back when it has been heard. */
static int ask_slowly(struct answerer *a, const char *what)
{
	int fd = connect_to(a->c.path);

	say(fd, what);
	for (unsigned i = 0; !a->waiting && i < CASE_TURNS; i++)
		uv_run(&a->c.loop, UV_RUN_NOWAIT);
	ck_assert_ptr_nonnull(a->waiting);
	return fd;
}

START_TEST(who_waits_is_answered_when_there_is_something_to_say)
{
	struct answerer *a = start_slow();
	int fd = ask_slowly(a, "stats\n");

	case_turns(&a->c, 20);
	ck_assert(!has_work(&a->c)); /* the loop does not spin meanwhile */
	ck_assert_uint_eq(a->gone, 0);
	control_row(a->waiting, "at last");
	control_finish(a->waiting);
	ck_assert_str_eq(hear_until(&a->c, fd, "end\n"), "at last\nend\n");
	ask(&a->c, fd, "status\n", "kind=0\nend\n");
	close(fd);
	end(a);
}
END_TEST

START_TEST(what_was_said_behind_it_comes_behind_it)
{
	struct answerer *a = start_slow();
	int fd = ask_slowly(a, "stats\nstatus\n");

	shutdown(fd, SHUT_WR); /* it still reads */
	case_turns(&a->c, 20);
	ck_assert_uint_eq(a->begun, 1);
	control_look_after(a->control, uv_now(&a->c.loop) + CONTROL_PATIENCE_MS);
	control_row(a->waiting, "at last");
	control_finish(a->waiting);
	ck_assert_str_eq(hear_until(&a->c, fd, "kind=0\nend\n"),
			 "at last\nend\nkind=0\nend\n");
	hear_the_end(&a->c, fd);
	close(fd);
	end(a);
}
END_TEST

START_TEST(who_goes_away_while_waiting_is_forgotten)
{
	struct answerer *a = start_slow();
	int fd = ask_slowly(a, "stats\n");

	control_look_after(a->control, uv_now(&a->c.loop));
	ck_assert_ptr_nonnull(a->waiting);
	close(fd);
	case_turns(&a->c, 5);
	control_look_after(a->control, uv_now(&a->c.loop));
	ck_assert_ptr_null(a->waiting);
	ck_assert_uint_eq(a->gone, 1);
	ck_assert_uint_eq(control_count(a->control).slow, 0);
	end(a);
}
END_TEST

START_TEST(who_waits_for_long_makes_room_when_all_places_are_taken)
{
	struct answerer *a = start_slow();
	int fd[CONTROL_CLIENTS_MAX], late;

	for (unsigned i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		a->waiting = NULL;
		fd[i] = ask_slowly(a, "stats\n");
	}
	late = connect_to(a->c.path);
	hear_the_end(&a->c, late);
	ck_assert_str_eq(a->c.text, "error: too many clients at one time\nend\n");
	close(late);
	a->control->clients[3]->stream.progress_ms = 0;
	/* The loop's clock counts from the machine's start. */
	ck_assert_uint_ge(uv_now(&a->c.loop), CONTROL_PATIENCE_MS);
	late = connect_to(a->c.path);
	ask(&a->c, late, "status\n", "kind=0\nend\n");
	hear_the_end(&a->c, fd[3]);
	close(late);
	for (unsigned i = 0; i < CONTROL_CLIENTS_MAX; i++)
		close(fd[i]);
	end(a);
}
END_TEST

START_TEST(closing_the_socket_ends_all_waiting)
{
	struct answerer *a = start_slow();
	int fd = ask_slowly(a, "stats\n");

	control_close(a->control);
	a->control = NULL;
	hear_the_end(&a->c, fd);
	ck_assert_ptr_null(a->waiting);
	close(fd);
	end(a);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_set_timeout(t, 60);
	tcase_add_test(t, who_waits_is_answered_when_there_is_something_to_say);
	tcase_add_test(t, what_was_said_behind_it_comes_behind_it);
	tcase_add_test(t, who_goes_away_while_waiting_is_forgotten);
	tcase_add_test(t, who_waits_for_long_makes_room_when_all_places_are_taken);
	tcase_add_test(t, closing_the_socket_ends_all_waiting);
}

int main(void)
{
	return unit_main("control-wait", add_tests);
}
