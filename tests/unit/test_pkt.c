/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_pkt.c - which packets are connection attempts, and what they say
 *
 * Each test builds a good packet and spoils one thing. Packets are handed over in
 * memory of exactly their size, so that a sanitizer sees a step too far.
 */
#include "wire/pkt.h"

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/reader.h"

#include "unit.h"

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16, URG = 32, ECE = 64, CWR = 128 };
enum { DONT_FRAGMENT = 0x4000, MORE = 0x2000 };
enum { IP4_TOTAL_AT = 2, IP4_FRAGMENT_AT = 6, IP6_PAYLOAD_AT = 4, IP6_NEXT_AT = 6 };

struct frame {
	uint8_t bytes[256];
	size_t  len;
};

static struct writer behind(struct frame *f)
{
	return writer_over(f->bytes + f->len, sizeof(f->bytes) - f->len);
}

static void append(struct frame *f, const uint8_t *bytes, size_t len)
{
	struct writer w = behind(f);

	write_bytes(&w, bytes, len);
	ck_assert(!w.bad);
	f->len += len;
}

static void set_be16(struct frame *f, size_t at, size_t value)
{
	struct writer w = writer_over(f->bytes + at, 2);

	write_be16(&w, (uint16_t)value);
}

/* An IPv4 header with `options` bytes of options and no length yet. */
static void append_ip4(struct frame *f, unsigned options, uint8_t protocol)
{
	const uint8_t nops[40] = { 1 };
	uint8_t header[20] = { [6] = DONT_FRAGMENT >> 8, [8] = 64,
			       [12] = 198, 51, 100, 2, 192, 0, 2, 4 };

	header[0] = (uint8_t)(0x45 + options / 4);
	header[9] = protocol;
	append(f, header, sizeof(header));
	append(f, nops, options);
}

static void append_ip6(struct frame *f, uint8_t next)
{
	uint8_t header[40] = { 0x60, [7] = 64, [8] = 0x20, 0x01, 0x0d, 0xb8, [23] = 2,
			       [24] = 0x20, 0x01, 0x0d, 0xb8, [39] = 4 };

	header[6] = next;
	append(f, header, sizeof(header));
}

/* A TCP header with `options` bytes of options. */
static void append_tcp(struct frame *f, unsigned flags, unsigned options)
{
	const uint8_t nops[40] = { 1 };
	struct writer w = behind(f);

	write_be16(&w, 54321);
	write_be16(&w, 25);
	write_be32(&w, 0xfffffffe);
	write_be32(&w, 0);
	write_be16(&w, (uint16_t)((20 + options) / 4 << 12 | flags));
	write_be16(&w, 64240);
	write_be32(&w, 0);
	ck_assert(!w.bad);
	f->len += 20;
	append(f, nops, options);
}

static void close4(struct frame *f)
{
	set_be16(f, IP4_TOTAL_AT, f->len);
}

static void close6(struct frame *f)
{
	set_be16(f, IP6_PAYLOAD_AT, f->len - 40);
}

static struct frame syn4(void)
{
	struct frame f = { .len = 0 };

	append_ip4(&f, 0, 6);
	append_tcp(&f, SYN, 20);
	close4(&f);
	return f;
}

static struct frame syn6(void)
{
	struct frame f = { .len = 0 };

	append_ip6(&f, 6);
	append_tcp(&f, SYN, 20);
	close6(&f);
	return f;
}

/* IPv6, one extension header of `bytes` bytes and its length field, then a SYN. */
static struct frame extended(uint8_t type, size_t bytes, uint8_t length_field)
{
	struct frame f = { .len = 0 };
	uint8_t extension[64] = { 6 };

	extension[1] = length_field;
	append_ip6(&f, type);
	append(&f, extension, bytes);
	append_tcp(&f, SYN, 0);
	close6(&f);
	return f;
}

/* Parses the first `len` bytes of the frame. */
static enum pkt_shape parse_copy(const struct frame *f, size_t len, struct pkt *p)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);
	enum pkt_shape shape;

	ck_assert_ptr_nonnull(exact);
	memcpy(exact, f->bytes, len);
	memset(p, 0xa5, sizeof(*p));
	shape = pkt_parse(exact, len, p);
	free(exact);
	return shape;
}

static enum pkt_shape shape_of(const struct frame *f)
{
	struct pkt p;

	return parse_copy(f, f->len, &p);
}

static void expect_syn(const struct frame *f, unsigned payload)
{
	struct addr src, dst;
	bool is_ip4 = f->bytes[0] >> 4 == 4;
	struct pkt p;

	ck_assert(addr_parse(is_ip4 ? "198.51.100.2" : "2001:db8::2", &src));
	ck_assert(addr_parse(is_ip4 ? "192.0.2.4" : "2001:db8::4", &dst));
	ck_assert_int_eq(parse_copy(f, f->len, &p), PKT_SYN);
	ck_assert(addr_is_equal(&p.src, &src));
	ck_assert(addr_is_equal(&p.dst, &dst));
	ck_assert_uint_eq(p.sport, 54321);
	ck_assert_uint_eq(p.dport, 25);
	ck_assert_uint_eq(p.seq, 0xfffffffe);
	ck_assert_uint_eq(p.payload, payload);
}

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

START_TEST(a_later_fragment_is_no_attempt)
{
	struct frame f4 = syn4(), f6 = extended(44, 8, 0);

	set_be16(&f4, IP4_FRAGMENT_AT, 1);
	ck_assert_int_eq(shape_of(&f4), PKT_NOT_A_SYN);
	set_be16(&f4, IP4_FRAGMENT_AT, MORE | 0x1000);
	ck_assert_int_eq(shape_of(&f4), PKT_NOT_A_SYN);
	set_be16(&f6, 42, 1 << 3);
	ck_assert_int_eq(shape_of(&f6), PKT_NOT_A_SYN);
	set_be16(&f6, 42, 0x8001);
	ck_assert_int_eq(shape_of(&f6), PKT_NOT_A_SYN);
}
END_TEST

START_TEST(a_first_fragment_with_the_whole_header_is_an_attempt)
{
	struct frame f4 = syn4(), f6 = extended(44, 8, 0);

	set_be16(&f4, IP4_FRAGMENT_AT, MORE);
	expect_syn(&f4, 0);
	set_be16(&f6, 42, 1);
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
	set_be16(&f6, 42, 1);
	f6.len = 40 + 8 + 16;
	close6(&f6);
	ck_assert_int_eq(shape_of(&f6), PKT_MALFORMED);
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
	tcase_add_test(t, data_in_a_syn_is_counted);
	tcase_add_test(t, data_behind_our_copy_is_counted_as_declared);
	tcase_add_test(t, bytes_behind_the_packet_are_no_data);
	tcase_add_test(t, a_jumbo_packet_is_as_long_as_what_we_have);
	tcase_add_test(t, data_of_a_jumbo_packet_is_counted_no_further_than_16_bits);
	tcase_add_test(t, other_protocols_are_no_attempt);
	tcase_add_test(t, a_later_fragment_is_no_attempt);
	tcase_add_test(t, a_first_fragment_with_the_whole_header_is_an_attempt);
	tcase_add_test(t, a_first_fragment_without_the_whole_header_is_malformed);
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
