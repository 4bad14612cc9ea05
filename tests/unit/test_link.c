/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_link.c - the IP packet is found behind every kind of link header
 *
 * Frames lie in memory of exactly their size, so that a sanitizer sees a step too far.
 */
#include "wire/link.h"

#include <string.h>

#include <check.h>

#include "frame.h"
#include "unit.h"

static const uint8_t zeros[12];

/* Begins a frame with these bytes. */
static struct frame begin_with(const uint8_t *bytes, size_t len)
{
	struct frame f = { .len = 0 };

	append(&f, bytes, len);
	return f;
}

static void append_be16(struct frame *f, unsigned value)
{
	const uint8_t bytes[2] = { (uint8_t)(value >> 8), (uint8_t)value };

	append(f, bytes, sizeof(bytes));
}

/* In the byte order of this machine. */
static void append_own16(struct frame *f, unsigned value)
{
	uint16_t own = (uint16_t)value;

	append(f, (const uint8_t *)&own, sizeof(own));
}

/* The first `len` bytes of the frame; *at is where the packet begins in it. */
static enum link_found find(enum link_kind kind, const struct frame *f, size_t len,
			    size_t *at, size_t *packet_len)
{
	uint8_t *exact = malloc(len > 0 ? len : 1);
	struct link_packet packet;
	enum link_found found;

	ck_assert_ptr_nonnull(exact);
	memcpy(exact, f->bytes, len);
	found = link_find_ip(kind, exact, len, &packet);
	ck_assert(found == LINK_NO_IP || packet.bytes != NULL);
	*at = found == LINK_NO_IP ? 0 : (size_t)(packet.bytes - exact);
	*packet_len = packet.len;
	free(exact);
	return found;
}

/* The frame is a header of `header` bytes and a packet, and no shorter one is. */
static void expect_packet_behind(enum link_kind kind, const struct frame *f,
				 size_t header)
{
	size_t at, len;

	ck_assert_int_eq(find(kind, f, f->len, &at, &len), LINK_IP);
	ck_assert_uint_eq(at, header);
	ck_assert_uint_eq(len, f->len - header);
	for (size_t cut = 0; cut < header; cut++)
		ck_assert_int_eq(find(kind, f, cut, &at, &len), LINK_NO_IP);
}

static void expect_none(enum link_kind kind, const struct frame *f)
{
	size_t at, len;

	ck_assert_int_eq(find(kind, f, f->len, &at, &len), LINK_NO_IP);
}

static void append_syn(struct frame *f)
{
	struct frame syn = syn4();

	append(f, syn.bytes, syn.len);
}

START_TEST(ethernet_carries_both_families)
{
	static const unsigned types[] = { 0x0800, 0x86dd };
	struct frame f = begin_with(zeros, 12);

	append_be16(&f, types[_i]);
	append_syn(&f);
	expect_packet_behind(LINK_ETHERNET, &f, 14);
}
END_TEST

START_TEST(ethernet_may_have_any_number_of_tags)
{
	static const unsigned tags[] = { 0x8100, 0x88a8, 0x9100 };
	struct frame f = begin_with(zeros, 12);

	for (unsigned i = 0; i < (unsigned)_i; i++) {
		append_be16(&f, tags[i % 3]);
		append_be16(&f, 0x0005);
	}
	append_be16(&f, 0x0800);
	append_syn(&f);
	expect_packet_behind(LINK_ETHERNET, &f, 14 + 4 * (size_t)_i);
}
END_TEST

START_TEST(other_protocols_are_no_ip)
{
	static const unsigned types[] = { 0x0806, 0x88cc, 0x0026, 0x9200, 0 };
	struct frame f = begin_with(zeros, 12);

	append_be16(&f, types[_i]);
	append_syn(&f);
	expect_none(LINK_ETHERNET, &f);
}
END_TEST

START_TEST(linux_cooked_says_what_left_the_host)
{
	struct frame f = { .len = 0 };
	size_t at, len;

	append_be16(&f, 0);
	append(&f, zeros, 12);
	append_be16(&f, 0x0800);
	append_syn(&f);
	expect_packet_behind(LINK_COOKED, &f, 16);
	set_be16(&f, 0, 4);
	ck_assert_int_eq(find(LINK_COOKED, &f, f.len, &at, &len), LINK_OUTGOING);
	ck_assert_uint_eq(at, 16);
	set_be16(&f, 14, 0x0806);
	expect_none(LINK_COOKED, &f);
}
END_TEST

START_TEST(so_does_its_second_version)
{
	struct frame f = { .len = 0 };
	size_t at, len;

	append_be16(&f, 0x86dd);
	append(&f, zeros, 12);
	append(&f, zeros, 6);
	append_syn(&f);
	expect_packet_behind(LINK_COOKED2, &f, 20);
	f.bytes[10] = 4;
	ck_assert_int_eq(find(LINK_COOKED2, &f, f.len, &at, &len), LINK_OUTGOING);
	set_be16(&f, 0, 0x0806);
	expect_none(LINK_COOKED2, &f);
}
END_TEST

START_TEST(linux_cooked_may_be_tagged)
{
	const uint8_t tag[4] = { 0x00, 0x05, 0x08, 0x00 };
	struct frame one = begin_with(zeros, 12), two = { .len = 0 };

	append_be16(&one, 0);
	append_be16(&one, 0x8100);
	append(&one, tag, sizeof(tag));
	append_syn(&one);
	expect_packet_behind(LINK_COOKED, &one, 20);

	append_be16(&two, 0x8100);
	append(&two, zeros, 12);
	append(&two, zeros, 6);
	append(&two, tag, sizeof(tag));
	append_syn(&two);
	expect_packet_behind(LINK_COOKED2, &two, 24);
}
END_TEST

START_TEST(raw_ip_has_nothing_in_front)
{
	struct frame f = syn4();

	expect_packet_behind(LINK_RAW, &f, 0);
}
END_TEST

static const struct {
	uint8_t family[4];
	bool    is_ip;
} families[] = {
	{ { 0, 0, 0, 2 }, true },   { { 2, 0, 0, 0 }, true },  { { 0, 0, 0, 10 }, true },
	{ { 24, 0, 0, 0 }, true },  { { 0, 0, 0, 28 }, true }, { { 30, 0, 0, 0 }, true },
	{ { 0, 0, 0, 16 }, false }, { { 7, 0, 0, 0 }, false }, { { 2, 0, 0, 2 }, false },
};

START_TEST(bsd_loopback_has_a_family_in_some_order)
{
	struct frame f = begin_with(families[_i].family, 4);

	append_syn(&f);
	if (families[_i].is_ip)
		expect_packet_behind(LINK_NULL, &f, 4);
	else
		expect_none(LINK_NULL, &f);
}
END_TEST

/* Header, an attribute of 5 bytes and the padding of 3 that it needs. */
static struct frame begin_nflog(void)
{
	const uint8_t header[4] = { 2, 0, 0, 7 };
	struct frame f = begin_with(header, sizeof(header));

	append_own16(&f, 9);
	append_own16(&f, 10);
	append(&f, zeros, 8);
	return f;
}

START_TEST(nflog_keeps_the_packet_in_an_attribute)
{
	struct frame f = begin_nflog(), syn = syn4();
	size_t at, len;

	append_own16(&f, (unsigned)(4 + syn.len));
	append_own16(&f, 9);
	append(&f, syn.bytes, syn.len);
	expect_packet_behind(LINK_NFLOG, &f, 20);
	append(&f, zeros, 8); /* what is behind it is not of the packet */
	ck_assert_int_eq(find(LINK_NFLOG, &f, f.len, &at, &len), LINK_IP);
	ck_assert_uint_eq(len, syn.len);
	/* and one that was cut is what is left of it */
	ck_assert_int_eq(find(LINK_NFLOG, &f, 50, &at, &len), LINK_IP);
	ck_assert_uint_eq(len, 30);
}
END_TEST

START_TEST(nflog_without_a_packet_is_none)
{
	static const unsigned lengths[] = { 0, 3, 4, 0xffff };
	struct frame f = begin_nflog();

	append_own16(&f, lengths[_i]);
	append_own16(&f, lengths[_i] < 4 ? 9 : 1);
	append(&f, zeros, 12);
	expect_none(LINK_NFLOG, &f);
}
END_TEST

START_TEST(pflog_says_what_left_the_host)
{
	struct frame f = begin_with(zeros, 12);
	size_t at, len;

	for (unsigned i = 0; i < 7; i++)
		append(&f, zeros, i < 6 ? 8 : 4);
	f.bytes[0] = 61;
	f.bytes[1] = 2;
	f.bytes[60] = 1;
	append_syn(&f);
	expect_packet_behind(LINK_PFLOG, &f, 64);
	f.bytes[60] = 2;
	ck_assert_int_eq(find(LINK_PFLOG, &f, f.len, &at, &len), LINK_OUTGOING);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_loop_test(t, ethernet_carries_both_families, 0, 2);
	tcase_add_loop_test(t, ethernet_may_have_any_number_of_tags, 0, 30);
	tcase_add_loop_test(t, other_protocols_are_no_ip, 0, 5);
	tcase_add_test(t, linux_cooked_says_what_left_the_host);
	tcase_add_test(t, so_does_its_second_version);
	tcase_add_test(t, linux_cooked_may_be_tagged);
	tcase_add_test(t, raw_ip_has_nothing_in_front);
	tcase_add_loop_test(t, bsd_loopback_has_a_family_in_some_order, 0,
			    sizeof(families) / sizeof(families[0]));
	tcase_add_test(t, nflog_keeps_the_packet_in_an_attribute);
	tcase_add_loop_test(t, nflog_without_a_packet_is_none, 0, 4);
	tcase_add_test(t, pflog_says_what_left_the_host);
}

int main(void)
{
	return unit_main("link", add_tests);
}
