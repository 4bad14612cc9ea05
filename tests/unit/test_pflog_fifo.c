/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_pflog_fifo.c - a capture whose writer stops anywhere, or lies
 */
#include "pflog_case.h"
#include "unit.h"

/* Whoever writes may stop within a record; the next byte may be long in coming. */
START_TEST(half_a_record_is_waited_for_by_nobody)
{
	struct frame four = syn4();
	uint8_t bytes[256];
	struct tape t;
	size_t size;
	int pipe_end;

	tape_begin(&t, LINK_PFLOG);
	put_record(t.file, &layouts[0], BLOCK, IN, &four);
	fclose(t.file);
	t.file = fopen(t.path, "rb");
	ck_assert_ptr_nonnull(t.file);
	size = fread(bytes, 1, sizeof(bytes), t.file);
	fclose(t.file);
	ck_assert_int_eq(unlink(t.path), 0);
	ck_assert_int_eq(mkfifo(t.path, 0600), 0);
	pipe_end = open(t.path, O_RDWR);
	ck_assert_int_eq(write(pipe_end, bytes, 24), 24);
	ck_assert_int_eq(try(&t, t.path, "port 25", (char[PFLOG_WHY_MAX]){ 0 }),
			 PFLOG_FINE);
	for (size_t i = 24; i < size; i++) {
		ck_assert_int_eq(tape_read(&t), 0);
		ck_assert(t.drained);
		ck_assert_int_eq(write(pipe_end, bytes + i, 1), 1);
	}
	ck_assert_int_eq(tape_read(&t), 1);
	expect(&t.batch[0], &four, false);
	ck_assert_int_eq(write(pipe_end, bytes + 24, 60), 60);
	ck_assert_int_eq(tape_read(&t), 0);
	close(pipe_end);
	ck_assert_int_eq(tape_read(&t), -EIO);
	ck_assert_msg(strstr(pflog_why(t.tap), "truncated"), "%s", pflog_why(t.tap));
	tape_end(&t);
}
END_TEST

/* Lengths of records far beyond what is kept of them, and beyond all sense. */
START_TEST(a_length_that_lies_ends_it_or_is_read_past)
{
	static uint8_t large[262144] = { 100, 2, BLOCK, 0, [60] = IN, [100] = 0x45 };
	struct frame four = syn4();
	struct tape t;

	tape_begin(&t, LINK_PFLOG);
	put_bytes(t.file, large, sizeof(large));
	put_record(t.file, &layouts[0], BLOCK, IN, &four);
	for (unsigned i = 0; i < 2; i++)
		put32(t.file, 1700000000);
	put32(t.file, 262145);
	put32(t.file, 262145);
	(void)fwrite(large, 1, sizeof(large), t.file);
	tape_open(&t, "");
	ck_assert_int_eq(tape_read(&t), 2);
	expect(&t.batch[1], &four, false);
	ck_assert_int_eq(tape_read(&t), -EIO);
	ck_assert_msg(strstr(pflog_why(t.tap), "too long"), "%s", pflog_why(t.tap));
	tape_end(&t);
}
END_TEST

/* tcpdump of the other byte order, and one that counts nanoseconds. */
START_TEST(every_kind_of_pcap_is_read)
{
	static const uint8_t heads[][24] = {
		{ 0xa1, 0xb2, 0xc3, 0xd4, 0, 2, 0, 4, [22] = 0, 117 },
		{ 0xa1, 0xb2, 0x3c, 0x4d, 0, 2, 0, 4, [20] = 0x14, 0, 0, 117 },
		{ 0x4d, 0x3c, 0xb2, 0xa1, 2, 0, 4, 0, [20] = 117 },
		{ 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, [20] = 117 },
	};
	struct frame four = syn4();
	uint8_t record[16 + 100] = { [16] = 100, 2, BLOCK, [16 + 60] = IN };
	struct tape t;

	tape_begin(&t, LINK_PFLOG);
	rewind(t.file);
	(void)fwrite(heads[_i], 1, 24, t.file);
	record[_i < 2 ? 11 : 8] = record[_i < 2 ? 15 : 12] = (uint8_t)(100 + four.len);
	(void)fwrite(record, 1, sizeof(record), t.file);
	(void)fwrite(four.bytes, 1, four.len, t.file);
	tape_open(&t, "port 25");
	ck_assert_int_eq(tape_read(&t), 1);
	expect(&t.batch[0], &four, false);
	ck_assert_int_eq(tape_read(&t), -EPIPE);
	tape_end(&t);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, half_a_record_is_waited_for_by_nobody);
	tcase_add_test(t, a_length_that_lies_ends_it_or_is_read_past);
	tcase_add_loop_test(t, every_kind_of_pcap_is_read, 0, 4);
}

int main(void)
{
	return unit_main("pflog_fifo", add_tests);
}
