/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_pkt_fragments.c - a SYN in pieces is judged by its first one
 */
#include "wire/pkt.h"

#include <check.h>

#include "frame.h"
#include "unit.h"

enum {
	FRAGMENT_AT = 42
}; /* the offset in an IPv6 fragment header behind the IP header */

START_TEST(a_later_fragment_is_no_attempt)
{
	struct frame f4 = syn4(), f6 = extended(44, 8, 0);

	set_be16(&f4, IP4_FRAGMENT_AT, 1);
	ck_assert_int_eq(shape_of(&f4), PKT_NOT_A_SYN);
	set_be16(&f4, IP4_FRAGMENT_AT, MORE | 0x1000);
	ck_assert_int_eq(shape_of(&f4), PKT_NOT_A_SYN);
	set_be16(&f6, FRAGMENT_AT, 1 << 3);
	ck_assert_int_eq(shape_of(&f6), PKT_NOT_A_SYN);
	set_be16(&f6, FRAGMENT_AT, 0x8001);
	ck_assert_int_eq(shape_of(&f6), PKT_NOT_A_SYN);
}
END_TEST

START_TEST(a_first_fragment_with_the_whole_header_is_an_attempt)
{
	struct frame f4 = syn4(), f6 = extended(44, 8, 0);

	set_be16(&f4, IP4_FRAGMENT_AT, MORE);
	expect_syn(&f4, 0);
	set_be16(&f6, FRAGMENT_AT, 1);
	expect_syn(&f6, 0);
}
END_TEST

START_TEST(a_first_fragment_without_the_whole_header_is_malformed)
{
	struct frame f4 = syn4(), f6 = extended(44, 8, 0);

	set_be16(&f4, IP4_FRAGMENT_AT, MORE);
	f4.len = 20 + 8;
	close4(&f4);
	ck_assert_int_eq(shape_of(&f4), PKT_MALFORMED);
	set_be16(&f6, FRAGMENT_AT, 1);
	f6.len = 40 + 8 + 16;
	close6(&f6);
	ck_assert_int_eq(shape_of(&f6), PKT_MALFORMED);
}
END_TEST

/* `here` bytes of a TCP header of 40 are in this fragment. */
static struct frame split4(size_t here)
{
	struct frame f = syn4();

	set_be16(&f, IP4_FRAGMENT_AT, MORE);
	f.len = 20 + here;
	close4(&f);
	return f;
}

static struct frame split6(size_t here)
{
	const uint8_t fragment[8] = { 6, [3] = 1 };
	struct frame f = { .len = 0 };

	append_ip6(&f, 44);
	append(&f, fragment, sizeof(fragment));
	append_tcp(&f, SYN, 20);
	f.len = 40 + 8 + here;
	close6(&f);
	return f;
}

START_TEST(tcp_options_may_go_on_in_a_later_fragment)
{
	for (size_t here = 20; here <= 40; here++) {
		struct frame f4 = split4(here), f6 = split6(here);

		expect_syn(&f4, 0);
		expect_syn(&f6, 0);
	}
}
END_TEST

START_TEST(tcp_options_that_go_on_nowhere_are_malformed)
{
	struct frame f4 = split4(24), f6 = split6(24);

	set_be16(&f4, IP4_FRAGMENT_AT, DONT_FRAGMENT);
	set_be16(&f6, FRAGMENT_AT, 0);
	ck_assert_int_eq(shape_of(&f4), PKT_MALFORMED);
	ck_assert_int_eq(shape_of(&f6), PKT_MALFORMED);
}
END_TEST

START_TEST(a_first_fragment_that_is_cut_behind_the_ports_is_cut)
{
	struct frame f4 = split4(32), f6 = split6(32);
	struct pkt p;

	ck_assert_int_eq(parse_copy(&f4, 20 + 19, &p), PKT_CUT);
	ck_assert_int_eq(parse_copy(&f6, 40 + 8 + 19, &p), PKT_CUT);
	ck_assert_int_eq(parse_copy(&f4, 20 + 20, &p), PKT_SYN);
	ck_assert_int_eq(parse_copy(&f6, 40 + 8 + 20, &p), PKT_SYN);
}
END_TEST

START_TEST(a_later_fragment_has_no_ports_to_offer)
{
	struct frame f4 = syn4(), f6 = extended(44, 8, 0);
	struct pkt p;

	set_be16(&f4, IP4_FRAGMENT_AT, 1);
	set_be16(&f6, FRAGMENT_AT, 1 << 3);
	ck_assert_int_eq(parse_copy(&f4, f4.len, &p), PKT_NOT_A_SYN);
	ck_assert(!p.is_tcp && p.dport == 0);
	ck_assert_int_eq(parse_copy(&f6, f6.len, &p), PKT_NOT_A_SYN);
	ck_assert(!p.is_tcp && p.dport == 0);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, a_later_fragment_is_no_attempt);
	tcase_add_test(t, a_first_fragment_with_the_whole_header_is_an_attempt);
	tcase_add_test(t, a_first_fragment_without_the_whole_header_is_malformed);
	tcase_add_test(t, tcp_options_may_go_on_in_a_later_fragment);
	tcase_add_test(t, tcp_options_that_go_on_nowhere_are_malformed);
	tcase_add_test(t, a_first_fragment_that_is_cut_behind_the_ports_is_cut);
	tcase_add_test(t, a_later_fragment_has_no_ports_to_offer);
}

int main(void)
{
	return unit_main("pkt_fragments", add_tests);
}
