/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_log.c - lines arrive, and a stuck reader holds up nobody
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "log/log.h"

#include "unit.h"

/* Each test runs in a process of its own (check forks), so standard output is ours. */
static int capture_stdout(void)
{
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	ck_assert_int_ge(dup2(ends[1], STDOUT_FILENO), 0);
	close(ends[1]);
	return ends[0];
}

static struct log *start(enum log_level level)
{
	struct log_conf c = { .to_stdout = true, .facility = LOG_MAIL, .level = level };
	struct log *l = log_new("test");

	ck_assert_ptr_nonnull(l);
	log_set(l, &c);
	ck_assert_int_eq(log_start(l), 0);
	return l;
}

/* All that was written, once the log is gone and standard output closed. */
static size_t read_all(int fd, char *out, size_t size)
{
	size_t used = 0;
	ssize_t n;

	close(STDOUT_FILENO);
	while (used < size - 1 && (n = read(fd, out + used, size - 1 - used)) > 0)
		used += (size_t)n;
	out[used] = '\0';
	return used;
}

START_TEST(lines_arrive_in_order_and_whole)
{
	int fd = capture_stdout();
	struct log *l = start(LEVEL_NOTE);
	char text[256];

	log_note(l, "first %d", 1);
	log_bad(l, "second");
	log_note(l, "third");
	log_free(l);
	read_all(fd, text, sizeof(text));
	ck_assert_str_eq(text, "first 1\nsecond\nthird\n");
}
END_TEST

START_TEST(quiet_leaves_errors_only)
{
	int fd = capture_stdout();
	struct log *l = start(LEVEL_ERROR);
	char text[256];

	log_note(l, "note");
	log_talk(l, "talk");
	log_bad(l, "bad");
	log_free(l);
	read_all(fd, text, sizeof(text));
	ck_assert_str_eq(text, "bad\n");
}
END_TEST

START_TEST(a_long_line_is_cut)
{
	int fd = capture_stdout();
	struct log *l = start(LEVEL_NOTE);
	char text[2 * LOG_LINE_MAX];

	log_note(l, "%0*d", 3 * LOG_LINE_MAX, 0);
	log_free(l);
	ck_assert_uint_eq(read_all(fd, text, sizeof(text)), LOG_LINE_MAX);
}
END_TEST

START_TEST(a_reader_that_never_reads_holds_up_nobody)
{
	struct log *l;

	/* Not closed: the writer stays stuck, and what it holds is not taken for lost. */
	(void)capture_stdout();
	l = start(LEVEL_NOTE);
	/* far more than pipe and ring hold: a log that waited would never come back */
	for (unsigned i = 0; i < 20000; i++) {
		log_note(l, "line %u of a flood that nobody reads", i);
		log_flush(l);
	}
	ck_assert_uint_gt(log_lost(l), 0);
	log_free(l); /* gives up after its second of patience */
}
END_TEST

START_TEST(lost_lines_are_told_when_there_is_room_again)
{
	int fd = capture_stdout();
	struct log *l = start(LEVEL_NOTE);
	static char text[4 * 1024 * 1024];
	size_t used = 0;

	for (unsigned i = 0; log_lost(l) == 0 && i < 1000000; i++) {
		log_note(l, "line %u", i);
		log_flush(l);
	}
	/* the pipe is read again, and the next flush finds room */
	for (unsigned i = 0; i < 100000 && !strstr(text, "log lines lost"); i++) {
		ssize_t n = read(fd, text + used, sizeof(text) - 1 - used);

		ck_assert_int_gt(n, 0);
		used += (size_t)n;
		log_note(l, "again");
		log_flush(l);
	}
	ck_assert_ptr_nonnull(strstr(text, "log lines lost: "));
	log_free(l);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_set_timeout(t, 60);
	tcase_add_test(t, lines_arrive_in_order_and_whole);
	tcase_add_test(t, quiet_leaves_errors_only);
	tcase_add_test(t, a_long_line_is_cut);
	tcase_add_test(t, a_reader_that_never_reads_holds_up_nobody);
	tcase_add_test(t, lost_lines_are_told_when_there_is_room_again);
}

int main(void)
{
	return unit_main("log", add_tests);
}
