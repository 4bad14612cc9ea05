/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ballot_fifo.c - votes by FIFOs: many writers, dying writers, endless lines
 */
#include "ballot_case.h"
#include "unit.h"

static int open_fifo(const struct counter *t)
{
	int fd = open(t->c.path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);

	ck_assert_msg(fd >= 0, "%s", strerror(errno));
	return fd;
}

START_TEST(what_was_written_for_the_recent_list_is_understood)
{
	struct counter *t = start(BALLOT_FIFO);
	char want[128];
	int fd = open_fifo(t);

	say(fd, "+192.0.2.1\n");
	case_turns(&t->c, 2);
	expect_last(t, PROTO_BLACK, "192.0.2.1");
	snprintf(want, sizeof(want), "fifo:%s", t->c.path);
	ck_assert_str_eq(t->from, want);
	say(fd, "-192.0.2.1\nwhite 2001:db8::1 ham\n");
	close(fd);
	case_turns(&t->c, 2);
	expect_last(t, PROTO_WHITE, "2001:db8::1");
	ck_assert_uint_eq(t->votes, 3);
	end(t);
}
END_TEST

START_TEST(writers_come_and_go)
{
	struct counter *t = start(BALLOT_FIFO);

	for (unsigned i = 0; i < 300; i++) {
		int fd = open_fifo(t);

		say(fd, "+192.0.2.1\n");
		close(fd);
		case_turns(&t->c, 1);
	}
	ck_assert_uint_eq(t->votes, 300);
	ck_assert(!has_work(&t->c)); /* no end of file that is seen for ever */
	end(t);
}
END_TEST

START_TEST(a_writer_that_died_in_mid_line_costs_one_line_at_most)
{
	struct counter *t = start(BALLOT_FIFO);
	int fd = open_fifo(t);

	say(fd, "+192.0.2.1");
	close(fd);
	case_turns(&t->c, 2);
	fd = open_fifo(t);
	say(fd, "+192.0.2.2\n+192.0.2.3\n");
	case_turns(&t->c, 2);
	ck_assert_uint_eq(t->votes, 1);
	expect_last(t, PROTO_BLACK, "192.0.2.3");
	ck_assert_uint_eq(ballot_count(t->ballot).bad, 1);
	close(fd);
	end(t);
}
END_TEST

START_TEST(part_of_a_line_is_dropped_when_its_end_does_not_come)
{
	struct counter *t = start(BALLOT_FIFO);
	int fd = open_fifo(t);
	uint64_t now;

	say(fd, "+192.0.2.1");
	case_turns(&t->c, 2);
	now = uv_now(&t->c.loop);
	ballot_look_after(t->ballot, now + BALLOT_PARTIAL_MS - 100);
	say(fd, "7\n");
	case_turns(&t->c, 2);
	expect_last(t, PROTO_BLACK, "192.0.2.17"); /* it was only slow */

	say(fd, "black 192.0.2.1 text that");
	case_turns(&t->c, 2);
	ballot_look_after(t->ballot, uv_now(&t->c.loop) + BALLOT_PARTIAL_MS);
	say(fd, "+192.0.2.2\n");
	case_turns(&t->c, 2);
	expect_last(t, PROTO_BLACK, "192.0.2.2");
	ck_assert_uint_eq(t->votes, 2);
	ck_assert_uint_eq(ballot_count(t->ballot).bad, 1);
	close(fd);
	end(t);
}
END_TEST

START_TEST(an_endless_line_is_dropped_up_to_its_newline)
{
	struct counter *t = start(BALLOT_FIFO);
	int fd = open_fifo(t);

	stuff(fd, "+192.0.2.1");
	for (unsigned i = 0; i < 100; i++) {
		case_turns(&t->c, 1);
		(void)stuff(fd, "+192.0.2.1");
	}
	case_turns(&t->c, 200);
	say(fd, "+192.0.2.2\n+192.0.2.3\n");
	case_turns(&t->c, 2);
	ck_assert_uint_eq(t->votes, 1);
	expect_last(t, PROTO_BLACK, "192.0.2.3");
	ck_assert_uint_eq(ballot_count(t->ballot).bad, 1);
	close(fd);
	end(t);
}
END_TEST

START_TEST(many_writers_at_one_time_lose_nothing)
{
	struct counter *t = start(BALLOT_FIFO);
	unsigned sent = 0;
	int fd[50];

	for (unsigned i = 0; i < 50; i++)
		fd[i] = open_fifo(t);
	for (unsigned round = 0; round < 100; round++) {
		for (unsigned i = 0; i < 50; i++) {
			char line[64];
			int len = snprintf(line, sizeof(line), "black 198.51.%u.%u x\n",
					   round, i);

			sent += write(fd[i], line, (size_t)len) == len;
		}
		case_turns(&t->c, 2);
	}
	case_turns(&t->c, 200);
	ck_assert_uint_eq(sent, 5000);
	ck_assert_uint_eq(t->votes, sent);
	ck_assert_uint_eq(ballot_count(t->ballot).bad, 0);
	for (unsigned i = 0; i < 50; i++)
		close(fd[i]);
	end(t);
}
END_TEST

START_TEST(a_flood_of_nonsense_does_not_end_the_fifo)
{
	struct counter *t = start(BALLOT_FIFO);
	int fd = open_fifo(t);

	for (unsigned i = 0; i < 50; i++) {
		(void)stuff(fd, "nonsense\n\n");
		case_turns(&t->c, 20);
	}
	case_turns(&t->c, 200);
	say(fd, "+192.0.2.2\n");
	case_turns(&t->c, 2);
	ck_assert_uint_eq(t->votes, 1);
	ck_assert_uint_gt(ballot_count(t->ballot).bad, 10000);
	close(fd);
	end(t);
}
END_TEST

START_TEST(a_fifo_nobody_reads_is_taken_over_and_left_behind)
{
	struct counter *t = prepare();
	struct ballot_conf conf = box_at(t, BALLOT_FIFO);
	int fd;

	ck_assert_int_eq(mkfifo(t->c.path, 0600), 0);
	ck_assert_int_eq(open_one(t, &conf), 0);
	ck_assert_uint_eq(mode_of(t->c.path), 0660);
	fd = open_fifo(t);
	say(fd, "+192.0.2.1\n");
	case_turns(&t->c, 2);
	ck_assert_uint_eq(t->votes, 1);
	close(fd);
	ballot_close(t->ballot);
	t->ballot = NULL;
	ck_assert_int_eq(unlink(t->c.path), 0); /* it was there before us */
	end(t);
}
END_TEST

START_TEST(what_another_daemon_reads_is_left_alone)
{
	static const enum ballot_kind kinds[] = { BALLOT_UNIX, BALLOT_FIFO };
	struct counter *t = start(kinds[_i]);
	struct ballot_conf conf = box_at(t, kinds[_i]);
	struct ballot *second = NULL;
	unsigned which;

	ck_assert_int_eq(ballot_open(&second, &t->c.loop, &conf, 1, &which), -EADDRINUSE);
	ck_assert_ptr_null(second);
	ck_assert_int_eq(access(t->c.path, F_OK), 0);
	end(t);
}
END_TEST

START_TEST(a_fifo_of_another_user_is_refused)
{
	struct counter *t = prepare();
	struct ballot_conf conf = box_at(t, BALLOT_FIFO);

	ck_assert_int_eq(mkfifo(t->c.path, 0666), 0);
	if (chown(t->c.path, 65534, (gid_t)-1) == 0) /* only root can make this case */
		ck_assert_int_eq(open_one(t, &conf), -EPERM);
	ck_assert_int_eq(unlink(t->c.path), 0);
	end(t);
}
END_TEST

/* What a killed daemon left behind had been given to its user. */
START_TEST(a_fifo_of_whom_we_become_is_taken_over)
{
	struct counter *t = prepare();
	struct ballot_conf conf = box_at(t, BALLOT_FIFO);
	struct stat st;

	conf.owner = getuid() == 0 ? 65534 : getuid();
	ck_assert_int_eq(mkfifo(t->c.path, 0600), 0);
	ck_assert_int_eq(chown(t->c.path, conf.owner, (gid_t)-1), 0);
	ck_assert_int_eq(open_one(t, &conf), 0);
	ck_assert_int_eq(lstat(t->c.path, &st), 0);
	ck_assert_uint_eq(st.st_uid, conf.owner);
	ballot_close(t->ballot);
	t->ballot = NULL;
	ck_assert_int_eq(unlink(t->c.path), 0);
	end(t);
}
END_TEST

START_TEST(a_fifo_with_a_second_name_is_not_given_away)
{
	struct counter *t = prepare();
	struct ballot_conf conf = box_at(t, BALLOT_FIFO);
	char other[sizeof(t->c.path) + 8];
	struct stat st;

	conf.owner = getuid() == 0 ? 65534 : getuid();
	snprintf(other, sizeof(other), "%s-other", t->c.path);
	ck_assert_int_eq(mkfifo(other, 0600), 0);
	ck_assert_int_eq(link(other, t->c.path), 0);
	ck_assert_int_eq(open_one(t, &conf), 0);
	ck_assert_int_eq(lstat(t->c.path, &st), 0);
	ck_assert_uint_eq(st.st_uid, getuid());
	ck_assert_int_eq(unlink(other), 0);
	ck_assert_int_eq(unlink(t->c.path), 0);
	end(t);
}
END_TEST

START_TEST(closing_with_voters_leaks_nothing)
{
	unsigned before = count_descriptors_of_libuv();
	struct counter *t = prepare();
	struct ballot_conf conf[2] = { box_at(t, BALLOT_UNIX), box_at(t, BALLOT_FIFO) };
	unsigned which;
	int fd[2], fifo;

	snprintf(conf[1].path, sizeof(conf[1].path), "%s-fifo", t->c.path);
	ck_assert_int_eq(ballot_open(&t->ballot, &t->c.loop, conf, 2, &which), 0);
	fd[0] = connect_to(t->c.path);
	fd[1] = connect_to(t->c.path);
	fifo = open(conf[1].path, O_WRONLY | O_NONBLOCK);
	say(fd[0], "+192.0.2");
	say(fd[1], "+192.0.2.1\n");
	say(fifo, "+192");
	case_turns(&t->c, 5);
	end(t);
	close(fd[0]);
	close(fd[1]);
	close(fifo);
	ck_assert_uint_le(count_descriptors(), before);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_set_timeout(t, 60);
	tcase_add_test(t, what_was_written_for_the_recent_list_is_understood);
	tcase_add_test(t, writers_come_and_go);
	tcase_add_test(t, a_writer_that_died_in_mid_line_costs_one_line_at_most);
	tcase_add_test(t, part_of_a_line_is_dropped_when_its_end_does_not_come);
	tcase_add_test(t, an_endless_line_is_dropped_up_to_its_newline);
	tcase_add_test(t, many_writers_at_one_time_lose_nothing);
	tcase_add_test(t, a_flood_of_nonsense_does_not_end_the_fifo);
	tcase_add_test(t, a_fifo_nobody_reads_is_taken_over_and_left_behind);
	tcase_add_loop_test(t, what_another_daemon_reads_is_left_alone, 0, 2);
	tcase_add_test(t, a_fifo_of_another_user_is_refused);
	tcase_add_test(t, a_fifo_of_whom_we_become_is_taken_over);
	tcase_add_test(t, a_fifo_with_a_second_name_is_not_given_away);
	tcase_add_test(t, closing_with_voters_leaks_nothing);
}

int main(void)
{
	return unit_main("ballot_fifo", add_tests);
}
