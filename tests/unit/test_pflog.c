/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_pflog.c - records of five systems, told apart by their length byte
 */
#include "wire/pflog.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "pflog_layout.h"
#include "unit.h"

enum { PAYLOAD = 20 };

/* In memory of exactly its size; owned by the caller. */
static uint8_t *record(const struct layout *l, uint8_t family, uint8_t direction)
{
	uint8_t *bytes = calloc(1, l->payload_at + PAYLOAD);

	ck_assert_ptr_nonnull(bytes);
	memset(bytes, 0x55, l->payload_at);
	bytes[0] = l->length;
	bytes[1] = family;
	bytes[2] = PFLOG_BLOCK;
	bytes[l->direction_at] = direction;
	bytes[l->payload_at] = 0x45;
	return bytes;
}

START_TEST(each_layout_is_read)
{
	const struct layout *l = &layouts[_i];

	for (unsigned six = 0; six < 2; six++) {
		uint8_t *bytes = record(l, six ? l->ip6 : 2, 1);
		struct pflog log;

		ck_assert_msg(pflog_parse(bytes, l->payload_at + PAYLOAD, &log), "%s",
			      l->system);
		ck_assert_int_eq(log.action, PFLOG_BLOCK);
		ck_assert_int_eq(log.direction, PFLOG_IN);
		ck_assert_ptr_eq(log.ip, bytes + l->payload_at);
		ck_assert_uint_eq(log.len, PAYLOAD);
		free(bytes);
	}
}
END_TEST

START_TEST(directions_are_told)
{
	static const enum pflog_direction want[] = { PFLOG_EITHER, PFLOG_IN, PFLOG_OUT,
						     PFLOG_EITHER };
	const struct layout *l = &layouts[_i];

	for (uint8_t d = 0; d < 4; d++) {
		uint8_t *bytes = record(l, 2, d);
		struct pflog log;

		ck_assert(pflog_parse(bytes, l->payload_at + PAYLOAD, &log));
		ck_assert_int_eq(log.direction, want[d]);
		free(bytes);
	}
}
END_TEST

START_TEST(a_record_cut_in_its_header_is_none)
{
	const struct layout *l = &layouts[_i];

	for (size_t len = 0; len < l->payload_at; len++) {
		uint8_t *whole = record(l, 2, 1), *exact = malloc(len > 0 ? len : 1);
		struct pflog log;

		ck_assert_ptr_nonnull(exact);
		memcpy(exact, whole, len);
		ck_assert(!pflog_parse(exact, len, &log));
		free(exact);
		free(whole);
	}
}
END_TEST

START_TEST(other_lengths_and_families_are_none)
{
	uint8_t bytes[256] = { 44, 2 };
	struct pflog log;

	ck_assert(!pflog_parse(bytes, sizeof(bytes), &log));
	bytes[0] = 45;
	ck_assert(pflog_parse(bytes, sizeof(bytes), &log));
	bytes[0] = 255;
	ck_assert(pflog_parse(bytes, sizeof(bytes), &log));
	ck_assert_uint_eq(log.len, 0);
	bytes[1] = 16;
	ck_assert(!pflog_parse(bytes, sizeof(bytes), &log));
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_loop_test(t, each_layout_is_read, 0, LAYOUTS);
	tcase_add_loop_test(t, directions_are_told, 0, LAYOUTS);
	tcase_add_loop_test(t, a_record_cut_in_its_header_is_none, 0, LAYOUTS);
	tcase_add_test(t, other_lengths_and_families_are_none);
}

int main(void)
{
	return unit_main("pflog", add_tests);
}
