/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reader.c - write bytes without ever leaving the buffer
 *
 * Every write asks for its room in one place, write_bytes(). Reading is in the header.
 */
#include "base/reader.h"

#include <string.h>

struct writer writer_over(uint8_t *bytes, size_t size)
{
	return (struct writer){ bytes, size > 0 ? bytes + size : bytes, false };
}

void write_bytes(struct writer *w, const uint8_t *bytes, size_t len)
{
	if (w->bad || (size_t)(w->end - w->at) < len) {
		w->bad = true;
		return;
	}
	if (len > 0) {
		memcpy(w->at, bytes, len);
		w->at += len;
	}
}

void write_u8(struct writer *w, uint8_t value)
{
	write_bytes(w, &value, 1);
}

void write_be16(struct writer *w, uint16_t value)
{
	const uint8_t b[2] = { (uint8_t)(value >> 8), (uint8_t)value };

	write_bytes(w, b, sizeof(b));
}

void write_be32(struct writer *w, uint32_t value)
{
	const uint8_t b[4] = { (uint8_t)(value >> 24), (uint8_t)(value >> 16),
			       (uint8_t)(value >> 8), (uint8_t)value };

	write_bytes(w, b, sizeof(b));
}
