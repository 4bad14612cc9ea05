/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * frame.h - build a good packet and spoil one thing
 *
 * Packets are handed over in memory of exactly their size, so that a sanitizer sees a
 * step too far.
 */
#ifndef TESTS_UNIT_FRAME_H
#define TESTS_UNIT_FRAME_H

#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "base/reader.h"
#include "wire/pkt.h"

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16, URG = 32, ECE = 64, CWR = 128 };
enum { DONT_FRAGMENT = 0x4000, MORE = 0x2000 };
enum { IP4_TOTAL_AT = 2, IP4_FRAGMENT_AT = 6, IP6_PAYLOAD_AT = 4, IP6_NEXT_AT = 6 };

struct frame {
	uint8_t bytes[256];
	size_t  len;
};

static inline struct writer behind(struct frame *f)
{
	return writer_over(f->bytes + f->len, sizeof(f->bytes) - f->len);
}

static inline void append(struct frame *f, const uint8_t *bytes, size_t len)
{
	struct writer w = behind(f);

	write_bytes(&w, bytes, len);
	ck_assert(!w.bad);
	f->len += len;
}

static inline void set_be16(struct frame *f, size_t at, size_t value)
{
	struct writer w = writer_over(f->bytes + at, 2);

	write_be16(&w, (uint16_t)value);
}

/* An IPv4 header with `options` bytes of options and no length yet. */
static inline void append_ip4(struct frame *f, unsigned options, uint8_t protocol)
{
	const uint8_t nops[40] = { 1 };
	uint8_t header[20] = { [6] = DONT_FRAGMENT >> 8, [8] = 64,
			       [12] = 198, 51, 100, 2, 192, 0, 2, 4 };

	header[0] = (uint8_t)(0x45 + options / 4);
	header[9] = protocol;
	append(f, header, sizeof(header));
	append(f, nops, options);
}

static inline void append_ip6(struct frame *f, uint8_t next)
{
	uint8_t header[40] = { 0x60, [7] = 64, [8] = 0x20, 0x01, 0x0d, 0xb8, [23] = 2,
			       [24] = 0x20, 0x01, 0x0d, 0xb8, [39] = 4 };

	header[6] = next;
	append(f, header, sizeof(header));
}

/* A TCP header with `options` bytes of options. */
static inline void append_tcp(struct frame *f, unsigned flags, unsigned options)
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

static inline void close4(struct frame *f)
{
	set_be16(f, IP4_TOTAL_AT, f->len);
}

static inline void close6(struct frame *f)
{
	set_be16(f, IP6_PAYLOAD_AT, f->len - 40);
}

static inline struct frame syn4(void)
{
	struct frame f = { .len = 0 };

	append_ip4(&f, 0, 6);
	append_tcp(&f, SYN, 20);
	close4(&f);
	return f;
}

static inline struct frame syn6(void)
{
	struct frame f = { .len = 0 };

	append_ip6(&f, 6);
	append_tcp(&f, SYN, 20);
	close6(&f);
	return f;
}

/* IPv6, one extension header of `bytes` bytes and its length field, then a SYN. */
static inline struct frame extended(uint8_t type, size_t bytes, uint8_t length_field)
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
static inline enum pkt_shape parse_copy(const struct frame *f, size_t len, struct pkt *p)
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

static inline enum pkt_shape shape_of(const struct frame *f)
{
	struct pkt p;

	return parse_copy(f, f->len, &p);
}

static inline void expect_syn(const struct frame *f, unsigned payload)
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

#endif
