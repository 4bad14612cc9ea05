/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_reader.c - reading and writing up to the last byte and no further
 */
#include "base/reader.h"

#include <string.h>

#include <check.h>

#include "unit.h"

static const uint8_t nine[9] = { 1, 2, 3, 0xff, 0xfe, 0xfd, 0xfc, 8, 9 };

START_TEST(numbers_are_read_in_network_order_one_behind_the_other)
{
	struct reader r = reader_over(nine, sizeof(nine));

	ck_assert_uint_eq(read_u8(&r), 1);
	ck_assert_uint_eq(read_be16(&r), 0x0203);
	ck_assert_uint_eq(read_be32(&r), 0xfffefdfcu);
	ck_assert_uint_eq(reader_left(&r), 2);
	read_skip(&r, 1);
	ck_assert_ptr_eq(read_bytes(&r, 1), nine + 8);
	ck_assert_uint_eq(reader_left(&r), 0);
	ck_assert(!r.bad);
}
END_TEST

START_TEST(a_step_beyond_the_end_gives_zero)
{
	struct reader r = reader_over(nine, 0);

	ck_assert_uint_eq(read_u8(&r), 0);
	ck_assert(r.bad);
	r = reader_over(nine, 1);
	ck_assert_uint_eq(read_be16(&r), 0);
	ck_assert(r.bad);
	r = reader_over(nine, 3);
	ck_assert_uint_eq(read_be32(&r), 0);
	ck_assert(r.bad);
	r = reader_over(nine, 3);
	ck_assert_ptr_null(read_bytes(&r, 4));
	ck_assert(r.bad);
	r = reader_over(nine, 3);
	read_skip(&r, SIZE_MAX);
	ck_assert(r.bad);
}
END_TEST

START_TEST(a_failed_reader_stays_failed_though_bytes_are_there)
{
	struct reader r = reader_over(nine, 3);

	ck_assert_uint_eq(read_be32(&r), 0);
	ck_assert_uint_eq(read_u8(&r), 0);
	ck_assert_uint_eq(read_be16(&r), 0);
	ck_assert_ptr_null(read_bytes(&r, 0));
	ck_assert_uint_eq(reader_left(&r), 0);
	ck_assert(r.bad);
}
END_TEST

START_TEST(exactly_the_whole_buffer_can_be_read_and_then_nothing)
{
	struct reader r = reader_over(nine, sizeof(nine));

	ck_assert_ptr_eq(read_bytes(&r, sizeof(nine)), nine);
	ck_assert_ptr_nonnull(read_bytes(&r, 0));
	ck_assert(!r.bad);
	read_skip(&r, 1);
	ck_assert(r.bad);
}
END_TEST

START_TEST(a_reader_over_nothing_has_nothing_and_is_not_bad)
{
	struct reader r = reader_over(NULL, 0);

	ck_assert_uint_eq(reader_left(&r), 0);
	read_skip(&r, 0);
	ck_assert(!r.bad);
	ck_assert_uint_eq(read_u8(&r), 0);
	ck_assert(r.bad);
}
END_TEST

START_TEST(numbers_are_written_in_network_order_one_behind_the_other)
{
	uint8_t out[10];
	struct writer w = writer_over(out, 9);

	memset(out, '#', sizeof(out));
	write_u8(&w, 1);
	write_be16(&w, 0x0203);
	write_be32(&w, 0xfffefdfcu);
	write_bytes(&w, nine + 7, 2);
	ck_assert(!w.bad);
	ck_assert_ptr_eq(w.at, out + 9);
	ck_assert_mem_eq(out, nine, sizeof(nine));
	ck_assert_uint_eq(out[9], '#');
}
END_TEST

START_TEST(a_write_that_does_not_fit_writes_nothing_nor_does_the_next)
{
	uint8_t out[4] = { '#', '#', '#', '#' };
	struct writer w = writer_over(out, 3);

	write_be32(&w, 0x01020304);
	ck_assert(w.bad);
	write_u8(&w, 1);
	write_be16(&w, 1);
	write_bytes(&w, nine, 1);
	ck_assert_mem_eq(out, "####", 4);

	w = writer_over(out, 1);
	write_be16(&w, 1);
	ck_assert(w.bad);
	w = writer_over(out, 0);
	write_u8(&w, 1);
	ck_assert(w.bad);
	ck_assert_mem_eq(out, "####", 4);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, numbers_are_read_in_network_order_one_behind_the_other);
	tcase_add_test(t, a_step_beyond_the_end_gives_zero);
	tcase_add_test(t, a_failed_reader_stays_failed_though_bytes_are_there);
	tcase_add_test(t, exactly_the_whole_buffer_can_be_read_and_then_nothing);
	tcase_add_test(t, a_reader_over_nothing_has_nothing_and_is_not_bad);
	tcase_add_test(t, numbers_are_written_in_network_order_one_behind_the_other);
	tcase_add_test(t, a_write_that_does_not_fit_writes_nothing_nor_does_the_next);
}

int main(void)
{
	return unit_main("reader", add_tests);
}
