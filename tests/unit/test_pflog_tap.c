/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_pflog_tap.c - captures of pf's log, as five systems write them
 */
#include "pflog_case.h"
#include "unit.h"

/* With the default filter of 1.x, which libpcap compiles wrongly for foreign records. */
START_TEST(every_system_and_both_families_are_read)
{
	const struct layout *l = &layouts[_i];
	struct frame four = syn4(), six = syn6();
	struct tape t;

	tape_begin(&t, LINK_PFLOG);
	put_record(t.file, l, BLOCK, IN, &four);
	put_record(t.file, l, PASS, IN, &six);
	put_record(t.file, l, BLOCK, IN, &six);
	tape_open(&t, "port 25");
	ck_assert_int_eq(tape_read(&t), 3);
	expect(&t.batch[0], &four, false);
	expect(&t.batch[1], &six, true);
	expect(&t.batch[2], &six, false);
	ck_assert_int_eq(tape_read(&t), -EPIPE);
	ck_assert_int_eq(tape_read(&t), -EPIPE);
	ck_assert_uint_eq(pflog_count(t.tap).packets, 3);
	tape_end(&t);
}
END_TEST

START_TEST(the_filter_looks_at_the_packet_of_either_family)
{
	static const struct {
		const char *filter;
		int four, six;
	} cases[] = {
		{ "", 1, 1 },
		{ "  ", 1, 1 },
		{ "port 25", 1, 1 },
		{ "dst port 25 and tcp", 1, 1 },
		{ "port 26", 0, 0 },
		{ "ip6", 0, 1 },
		{ "ip", 1, 0 },
		{ "src host 2001:db8::2", 0, 1 },
		{ "not src host 2001:db8::2", 1, 0 },
		{ "src net 198.51.100.0/24", 1, 0 },
		{ "len > 60 and port 25", 0, 1 },
	};
	struct frame four = syn4(), six = syn6();
	struct tape t;

	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int want = cases[i].four + cases[i].six;

		tape_begin(&t, LINK_PFLOG);
		put_record(t.file, &layouts[_i], BLOCK, IN, &four);
		put_record(t.file, &layouts[_i], BLOCK, IN, &six);
		tape_open(&t, cases[i].filter);
		ck_assert_msg(tape_read(&t) == (want ? want : -EPIPE), "%s",
			      cases[i].filter);
		if (want == 1)
			expect(&t.batch[0], cases[i].four ? &four : &six, false);
		ck_assert_uint_eq(pflog_count(t.tap).filtered, 2 - (unsigned)want);
		tape_end(&t);
	}
}
END_TEST

START_TEST(what_goes_out_is_left_out)
{
	struct frame four = syn4();
	struct tape t;

	tape_begin(&t, LINK_PFLOG);
	put_record(t.file, &layouts[_i], PASS, OUT, &four);
	put_record(t.file, &layouts[_i], PASS, IN, &four);
	tape_open(&t, "port 25");
	ck_assert_int_eq(tape_read(&t), 1);
	expect(&t.batch[0], &four, true);
	ck_assert_uint_eq(pflog_count(t.tap).outgoing, 1);
	tape_end(&t);
}
END_TEST

START_TEST(records_without_a_verdict_and_odd_ones_are_counted)
{
	struct frame four = syn4();
	uint8_t odd[100] = { 100, 99, BLOCK, 0, [60] = IN };
	struct tape t;

	tape_begin(&t, LINK_PFLOG);
	put_record(t.file, &layouts[0], 12, IN, &four);	  /* OpenBSD's match */
	put_record(t.file, &layouts[0], BLOCK, 0, &four); /* either direction */
	put_bytes(t.file, odd, sizeof(odd));		  /* no IP */
	odd[1] = 2;
	put_bytes(t.file, odd, 60); /* cut within its header */
	put_bytes(t.file, odd, 0);
	put_bytes(t.file, odd, sizeof(odd)); /* whole, and nothing behind it */
	put_record(t.file, &layouts[0], BLOCK, IN, &four);
	tape_open(&t, "");
	ck_assert_int_eq(tape_read(&t), 2);
	ck_assert_uint_eq(t.batch[0].len, 0);
	expect(&t.batch[1], &four, false);
	ck_assert_uint_eq(pflog_count(t.tap).odd, 5);
	tape_end(&t);
}
END_TEST

START_TEST(a_read_has_a_budget)
{
	struct frame four = syn4();
	struct tape t;
	int total = 0;

	tape_begin(&t, LINK_PFLOG);
	for (unsigned i = 0; i < 1000; i++)
		put_record(t.file, &layouts[0], PASS, OUT, &four);
	for (unsigned i = 0; i < 150; i++)
		put_record(t.file, &layouts[0], BLOCK, IN, &four);
	tape_open(&t, "");
	for (unsigned i = 0; i < 3; i++) {
		ck_assert_int_eq(tape_read(&t), 0);
		ck_assert(!t.drained);
		ck_assert_uint_eq(pflog_count(t.tap).outgoing, 256 * (i + 1));
	}
	ck_assert_int_eq(tape_read(&t), 24);
	for (unsigned i = 0; i < 2; i++) {
		int got = tape_read(&t);

		ck_assert_int_le(got, PFLOG_BATCH);
		total += got;
	}
	ck_assert_int_eq(total, 126);
	ck_assert(t.drained);
	tape_end(&t);
}
END_TEST

/* The bytes of a batch stand side by side until the next read. */
START_TEST(the_packets_of_a_batch_keep_their_bytes)
{
	struct tape t;

	tape_begin(&t, LINK_PFLOG);
	for (uint8_t i = 0; i < PFLOG_BATCH; i++) {
		struct frame four = syn4();

		four.bytes[15] = i;
		put_record(t.file, &layouts[0], BLOCK, IN, &four);
	}
	tape_open(&t, "port 25");
	ck_assert_int_eq(tape_read(&t), PFLOG_BATCH);
	for (uint8_t i = 0; i < PFLOG_BATCH; i++)
		ck_assert_uint_eq(t.batch[i].bytes[15], i);
	tape_end(&t);
}
END_TEST

START_TEST(a_long_packet_is_cut)
{
	uint8_t bytes[2000] = { 100, 2, BLOCK, 0, [60] = IN, [100] = 0x45 };
	struct tape t;

	tape_begin(&t, LINK_PFLOG);
	put_bytes(t.file, bytes, sizeof(bytes));
	tape_open(&t, "");
	ck_assert_int_eq(tape_read(&t), 1);
	ck_assert_uint_eq(t.batch[0].len, PFLOG_COPY_BYTES);
	tape_end(&t);
}
END_TEST

/* What cannot be read on ends it, after all that could be. */
START_TEST(a_damaged_capture_is_told)
{
	struct frame four = syn4();
	struct tape t;

	tape_begin(&t, LINK_PFLOG);
	put_record(t.file, &layouts[0], BLOCK, IN, &four);
	put32(t.file, 1700000000);
	put32(t.file, 0);
	tape_open(&t, "");
	ck_assert_int_eq(tape_read(&t), 1);
	ck_assert_int_eq(tape_read(&t), -EIO);
	ck_assert_int_eq(tape_read(&t), -EIO);
	ck_assert_msg(strstr(pflog_why(t.tap), "truncated"), "%s", pflog_why(t.tap));
	tape_end(&t);
}
END_TEST

/* A FIFO stands in for an interface: what is there is read, and nothing is waited for. */
START_TEST(nothing_is_waited_for)
{
	struct frame four = syn4();
	struct tape t;
	int keeper;

	tape_begin(&t, LINK_PFLOG);
	fclose(t.file);
	ck_assert_int_eq(unlink(t.path), 0);
	ck_assert_int_eq(mkfifo(t.path, 0600), 0);
	keeper = open(t.path, O_RDWR); /* opening one end alone would wait */
	ck_assert_int_ge(keeper, 0);
	t.file = fdopen(keeper, "r+b");
	ck_assert_ptr_nonnull(t.file);
	(void)setvbuf(t.file, NULL, _IONBF, 0);
	put32(t.file, 0xa1b2c3d4);
	put32(t.file, 4 << 16 | 2);
	put32(t.file, 0);
	put32(t.file, 0);
	put32(t.file, 65535);
	put32(t.file, LINK_PFLOG);
	ck_assert_int_eq(try(&t, t.path, "port 25", (char[PFLOG_WHY_MAX]){ 0 }),
			 PFLOG_FINE);
	ck_assert_int_eq(tape_read(&t), 0);
	ck_assert(t.drained);
	for (unsigned i = 0; i < 3; i++)
		put_record(t.file, &layouts[1], BLOCK, IN, &four);
	ck_assert_int_eq(tape_read(&t), 3);
	ck_assert(t.drained);
	ck_assert_int_eq(tape_read(&t), 0);
	fclose(t.file);
	ck_assert_int_eq(tape_read(&t), -EPIPE);
	tape_end(&t);
}
END_TEST

START_TEST(what_is_no_log_of_pf_is_refused)
{
	char why[PFLOG_WHY_MAX] = "";
	struct tape t;

	tape_begin(&t, LINK_ETHERNET);
	fclose(t.file);
	ck_assert_int_eq(try(&t, t.path, "port 25", why), PFLOG_FOREIGN);
	ck_assert_str_eq(why, "this is no log of pf but link type EN10MB (1)");
	ck_assert_ptr_null(t.tap);
	t.file = fopen(t.path, "wb");
	ck_assert_int_ge(fputs("no capture at all, but long enough for a header", t.file),
			 0);
	fclose(t.file);
	ck_assert_int_eq(try(&t, t.path, "port 25", why), PFLOG_FOREIGN);
	ck_assert_msg(strstr(why, "unknown file format"), "%s", why);
	ck_assert_int_eq(try(&t, "/absent/pflog", "port 25", why), PFLOG_ABSENT);
	ck_assert_str_eq(why, "No such file or directory");
	ck_assert_int_eq(unlink(t.path), 0);
}
END_TEST

/* As root it is there and no pflog; else we may not look. Or there is no such thing. */
START_TEST(a_live_interface_is_opened_as_far_as_it_goes)
{
	char why[PFLOG_WHY_MAX] = "";
	struct tape t;
	enum pflog_trouble lo = try(&t, "lo", "port 25", why);

	if (geteuid() == 0 && lo == PFLOG_FOREIGN)
		ck_assert_str_eq(why, "this is no log of pf but link type EN10MB (1)");
	else
		ck_assert_int_eq(lo, PFLOG_FORBIDDEN);
	ck_assert_uint_gt(strlen(why), 0);
	ck_assert_int_ne(try(&t, "pflog99", "port 25", why), PFLOG_FINE);
	ck_assert_ptr_null(t.tap);
}
END_TEST

START_TEST(a_bad_filter_is_told_before_anything_is_opened)
{
	static const char *const bad[] = { "port", "prot 25", "port 25 and",
					   "ether host x" };
	char why[PFLOG_WHY_MAX];
	struct tape t;

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		why[0] = '\0';
		ck_assert_msg(try(&t, "/absent", bad[i], why) == PFLOG_BAD_FILTER, "%s",
			      bad[i]);
		ck_assert_uint_gt(strlen(why), 5);
	}
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_loop_test(t, every_system_and_both_families_are_read, 0, LAYOUTS);
	tcase_add_loop_test(t, the_filter_looks_at_the_packet_of_either_family, 0,
			    LAYOUTS);
	tcase_add_loop_test(t, what_goes_out_is_left_out, 0, LAYOUTS);
	tcase_add_test(t, records_without_a_verdict_and_odd_ones_are_counted);
	tcase_add_test(t, a_read_has_a_budget);
	tcase_add_test(t, the_packets_of_a_batch_keep_their_bytes);
	tcase_add_test(t, a_long_packet_is_cut);
	tcase_add_test(t, a_damaged_capture_is_told);
	tcase_add_test(t, nothing_is_waited_for);
	tcase_add_test(t, what_is_no_log_of_pf_is_refused);
	tcase_add_test(t, a_live_interface_is_opened_as_far_as_it_goes);
	tcase_add_test(t, a_bad_filter_is_told_before_anything_is_opened);
}

int main(void)
{
	return unit_main("pflog_tap", add_tests);
}
