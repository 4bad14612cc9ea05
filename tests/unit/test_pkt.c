/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_pkt.c - which packets are connection attempts, and what they say
 *
 * Each test builds a good packet and spoils one thing.
 */
#include "wire/pkt.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "frame.h"
#include "unit.h"

START_TEST(a_plain_syn_gives_addresses_ports_and_sequence_number)
{
	struct frame f4 = syn4(), f6 = syn6();

	expect_syn(&f4, 0);
	expect_syn(&f6, 0);
}
END_TEST

START_TEST(ipv4_options_are_skipped)
{
	for (unsigned options = 4; options <= 40; options += 4) {
		struct frame f = { .len = 0 };

		append_ip4(&f, options, 6);
		append_tcp(&f, SYN, 0);
		close4(&f);
		expect_syn(&f, 0);
	}
}
END_TEST

static const struct {
	uint8_t type, length_field;
	size_t  bytes;
} extensions[] = {
	{ 0, 0, 8 },   { 0, 3, 32 },  { 43, 2, 24 },  { 60, 0, 8 },  { 60, 7, 64 },
	{ 51, 0, 8 },  { 51, 4, 24 }, { 135, 1, 16 }, { 139, 4, 40 }, { 140, 0, 8 },
	{ 44, 0, 8 },  { 44, 255, 8 }, /* the fragment header has no length field */
};

START_TEST(ipv6_extension_headers_are_walked)
{
	struct frame f = extended(extensions[_i].type, extensions[_i].bytes,
				  extensions[_i].length_field);

	expect_syn(&f, 0);
}
END_TEST

START_TEST(ipv6_extension_headers_may_come_in_a_chain)
{
	const uint8_t hop[8] = { 43 }, routing[24] = { 51, 2 }, auth[24] = { 60, 4 };
	const uint8_t destination[16] = { 6, 1 };
	struct frame f = { .len = 0 };

	append_ip6(&f, 0);
	append(&f, hop, sizeof(hop));
	append(&f, routing, sizeof(routing));
	append(&f, auth, sizeof(auth));
	append(&f, destination, sizeof(destination));
	append_tcp(&f, SYN, 0);
	close6(&f);
	expect_syn(&f, 0);
}
END_TEST

static const struct {
	unsigned       flags;
	enum pkt_shape want;
} flags[] = {
	{ SYN, PKT_SYN },
	{ SYN | PSH | URG, PKT_SYN },
	{ SYN | ECE | CWR, PKT_SYN }, /* RFC 3168 */
	{ SYN | 0x0f00, PKT_SYN },    /* reserved, and accurate ECN */
	{ SYN | ACK, PKT_NOT_A_SYN },
	{ ACK, PKT_NOT_A_SYN },
	{ 0, PKT_NOT_A_SYN },
	{ RST, PKT_NOT_A_SYN },
	{ FIN | ACK, PKT_NOT_A_SYN },
	{ FIN | PSH | URG, PKT_NOT_A_SYN },
	{ SYN | FIN, PKT_MALFORMED },
	{ SYN | RST, PKT_MALFORMED },
	{ SYN | FIN | ACK, PKT_MALFORMED },
	{ 0xff, PKT_MALFORMED },
};

START_TEST(flags_decide_what_is_an_attempt)
{
	struct frame f = syn4();

	set_be16(&f, 20 + 12, 0xa000 | flags[_i].flags);
	ck_assert_int_eq(shape_of(&f), flags[_i].want);
}
END_TEST

START_TEST(a_tcp_packet_tells_its_flags_and_what_it_acknowledges)
{
	for (unsigned bits = 0; bits < 256; bits++) {
		struct frame f4 = syn4(), f6 = syn6();
		struct writer ack = writer_over(f4.bytes + 20 + 8, 4);
		enum pkt_shape shape;
		struct pkt p;

		write_be32(&ack, 0xfedcba98);
		set_be16(&f4, 20 + 12, 0xa000 | bits);
		set_be16(&f6, 40 + 12, 0xa000 | bits);
		shape = parse_copy(&f4, f4.len, &p);
		ck_assert_uint_eq(p.is_tcp, shape != PKT_MALFORMED);
		ck_assert_uint_eq(p.flags, p.is_tcp ? bits : 0);
		ck_assert_uint_eq(p.ack, 0xfedcba98);
		ck_assert_int_eq(parse_copy(&f6, f6.len, &p), shape);
		ck_assert_uint_eq(p.flags, p.is_tcp ? bits : 0);
		ck_assert_uint_eq(p.ack, 0);
	}
}
END_TEST

START_TEST(what_is_no_tcp_or_not_all_there_does_not_pass_for_it)
{
	struct frame f4 = syn4(), f6 = syn6();
	struct pkt p;

	f4.bytes[9] = 17;
	ck_assert_int_eq(parse_copy(&f4, f4.len, &p), PKT_NOT_A_SYN);
	ck_assert(!p.is_tcp && p.flags == 0);
	ck_assert_int_eq(parse_copy(&f6, 40 + 19, &p), PKT_CUT);
	ck_assert(!p.is_tcp && p.flags == 0);
}
END_TEST

START_TEST(data_in_a_syn_is_counted)
{
	struct frame f4 = syn4(), f6 = syn6();

	append(&f4, (const uint8_t *)"EHLO", 4);
	close4(&f4);
	expect_syn(&f4, 4);
	append(&f6, (const uint8_t *)"EHLO\r\n", 6);
	close6(&f6);
	expect_syn(&f6, 6);
}
END_TEST

START_TEST(data_behind_our_copy_is_counted_as_declared)
{
	struct frame f4 = syn4(), f6 = syn6();

	set_be16(&f4, IP4_TOTAL_AT, 1500);
	expect_syn(&f4, 1440);
	set_be16(&f6, IP6_PAYLOAD_AT, 65535);
	expect_syn(&f6, 65495);
}
END_TEST

START_TEST(bytes_behind_the_packet_are_no_data)
{
	struct frame f4 = syn4(), f6 = syn6();
	const uint8_t padding[18] = { 0 };

	append(&f4, padding, sizeof(padding));
	append(&f6, padding, sizeof(padding));
	expect_syn(&f4, 0);
	expect_syn(&f6, 0);
}
END_TEST

START_TEST(a_jumbo_packet_is_as_long_as_what_we_have)
{
	struct frame f = extended(0, 8, 0);

	set_be16(&f, IP6_PAYLOAD_AT, 0);
	expect_syn(&f, 0);
	f.len -= 1;
	ck_assert_int_eq(shape_of(&f), PKT_MALFORMED);
}
END_TEST

START_TEST(data_of_a_jumbo_packet_is_counted_no_further_than_16_bits)
{
	struct frame f = syn6();
	size_t len = 80000;
	uint8_t *jumbo = calloc(1, len);
	struct pkt p;

	ck_assert_ptr_nonnull(jumbo);
	set_be16(&f, IP6_PAYLOAD_AT, 0);
	memcpy(jumbo, f.bytes, f.len);
	ck_assert_int_eq(pkt_parse(jumbo, len, &p), PKT_SYN);
	ck_assert_uint_eq(p.payload, 65535);
	free(jumbo);
}
END_TEST

START_TEST(other_protocols_are_no_attempt)
{
	static const uint8_t others[] = { 1, 4, 17, 41, 50, 58, 59, 132, 255 };

	for (unsigned i = 0; i < sizeof(others); i++) {
		struct frame f4 = syn4(), f6 = syn6();

		f4.bytes[9] = others[i];
		f6.bytes[IP6_NEXT_AT] = others[i];
		ck_assert_int_eq(shape_of(&f4), PKT_NOT_A_SYN);
		ck_assert_int_eq(shape_of(&f6), PKT_NOT_A_SYN);
	}
}
END_TEST

START_TEST(a_copy_that_ends_before_the_tcp_header_does_is_cut)
{
	struct frame f4 = { .len = 0 }, f6 = extended(60, 24, 2);
	struct pkt p;

	append_ip4(&f4, 8, 6);
	append_tcp(&f4, SYN, 20);
	close4(&f4);
	for (size_t len = 0; len < 20 + 8 + 20; len++)
		ck_assert_msg(parse_copy(&f4, len, &p) == PKT_CUT, "%zu", len);
	for (size_t len = 0; len < 40 + 24 + 20; len++)
		ck_assert_msg(parse_copy(&f6, len, &p) == PKT_CUT, "%zu", len);
	/* The options of TCP need not be there. */
	for (size_t len = 20 + 8 + 20; len <= f4.len; len++)
		ck_assert_msg(parse_copy(&f4, len, &p) == PKT_SYN, "%zu", len);
}
END_TEST

START_TEST(addresses_are_known_even_when_the_rest_is_cut)
{
	struct frame f4 = syn4(), f6 = syn6();
	struct addr want;
	struct pkt p;

	ck_assert_int_eq(parse_copy(&f4, 20, &p), PKT_CUT);
	ck_assert(addr_parse("198.51.100.2", &want) && addr_is_equal(&p.src, &want));
	ck_assert_int_eq(parse_copy(&f6, 40, &p), PKT_CUT);
	ck_assert(addr_parse("2001:db8::4", &want) && addr_is_equal(&p.dst, &want));
	ck_assert_int_eq(parse_copy(&f4, 19, &p), PKT_CUT);
	ck_assert_uint_eq(p.src.family, ADDR_NONE);
	ck_assert_uint_eq(p.dst.family, ADDR_NONE);
}
END_TEST

START_TEST(a_declared_length_that_ends_before_the_header_is_malformed)
{
	for (size_t total = 0; total < 40; total++) {
		struct frame f = syn4();

		set_be16(&f, IP4_TOTAL_AT, total);
		f.bytes[9] = total < 20 ? 17 : 6;
		ck_assert_msg(shape_of(&f) == PKT_MALFORMED, "%zu", total);
	}
	for (size_t payload = 1; payload < 20; payload++) {
		struct frame f = syn6();

		set_be16(&f, IP6_PAYLOAD_AT, payload);
		ck_assert_msg(shape_of(&f) == PKT_MALFORMED, "%zu", payload);
	}
}
END_TEST

START_TEST(a_header_longer_than_its_packet_is_malformed_cut_or_not)
{
	struct frame f = extended(60, 8, 10); /* says 88 bytes, the packet has 28 */
	struct pkt p;

	ck_assert_int_eq(shape_of(&f), PKT_MALFORMED);
	ck_assert_int_eq(parse_copy(&f, 50, &p), PKT_MALFORMED);
}
END_TEST

START_TEST(a_tcp_header_too_short_or_longer_than_its_packet_is_malformed)
{
	for (unsigned words = 0; words < 16; words++) {
		struct frame f = syn4(); /* 20 bytes of header and 20 of options */

		f.bytes[20 + 12] = (uint8_t)(words << 4);
		ck_assert_msg((shape_of(&f) == PKT_SYN) == (words >= 5 && words <= 10),
			      "%u", words);
		ck_assert(shape_of(&f) == PKT_SYN || shape_of(&f) == PKT_MALFORMED);
	}
}
END_TEST

START_TEST(an_ip_header_too_short_or_of_another_version_is_malformed)
{
	for (unsigned first = 0; first < 256; first++) {
		struct frame f = syn4();

		if (first >> 4 == 6 || (first >> 4 == 4 && (first & 15) >= 5))
			continue;
		f.bytes[0] = (uint8_t)first;
		f.bytes[9] = 17; /* whatever it carries */
		ck_assert_msg(shape_of(&f) == PKT_MALFORMED, "%02x", first);
	}
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, a_plain_syn_gives_addresses_ports_and_sequence_number);
	tcase_add_test(t, ipv4_options_are_skipped);
	tcase_add_loop_test(t, ipv6_extension_headers_are_walked, 0,
			    sizeof(extensions) / sizeof(extensions[0]));
	tcase_add_test(t, ipv6_extension_headers_may_come_in_a_chain);
	tcase_add_loop_test(t, flags_decide_what_is_an_attempt, 0,
			    sizeof(flags) / sizeof(flags[0]));
	tcase_add_test(t, a_tcp_packet_tells_its_flags_and_what_it_acknowledges);
	tcase_add_test(t, what_is_no_tcp_or_not_all_there_does_not_pass_for_it);
	tcase_add_test(t, data_in_a_syn_is_counted);
	tcase_add_test(t, data_behind_our_copy_is_counted_as_declared);
	tcase_add_test(t, bytes_behind_the_packet_are_no_data);
	tcase_add_test(t, a_jumbo_packet_is_as_long_as_what_we_have);
	tcase_add_test(t, data_of_a_jumbo_packet_is_counted_no_further_than_16_bits);
	tcase_add_test(t, other_protocols_are_no_attempt);
	tcase_add_test(t, a_copy_that_ends_before_the_tcp_header_does_is_cut);
	tcase_add_test(t, addresses_are_known_even_when_the_rest_is_cut);
	tcase_add_test(t, a_declared_length_that_ends_before_the_header_is_malformed);
	tcase_add_test(t, a_header_longer_than_its_packet_is_malformed_cut_or_not);
	tcase_add_test(t, a_tcp_header_too_short_or_longer_than_its_packet_is_malformed);
	tcase_add_test(t, an_ip_header_too_short_or_of_another_version_is_malformed);
}

int main(void)
{
	return unit_main("pkt", add_tests);
}
