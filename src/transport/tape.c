/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tape.c - records of a capture as they come
 */
#include "transport/tape_int.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/reader.h"

enum {
	FILE_HEADER = 24,
	RECORD_HEADER = 16,
	MAGIC_US = 0xa1b2c3d4,
	MAGIC_NS = 0xa1b23c4d,
	LINK_BITS = 0x03ffffff, /* those above tell of checksums */
};

static uint32_t turned(uint32_t n)
{
	return n >> 24 | (n >> 8 & 0xff00) | (n << 8 & 0xff0000) | n << 24;
}

static uint32_t read_u32(const struct tape *s, struct reader *r)
{
	uint32_t n = read_be32(r);

	return s->is_big_endian ? n : turned(n);
}

static bool is_magic(uint32_t n)
{
	return n == MAGIC_US || n == MAGIC_NS;
}

static bool read_file_header(struct tape *s)
{
	struct reader r = reader_over(s->in, FILE_HEADER);
	uint32_t magic = read_be32(&r);

	s->is_big_endian = is_magic(magic);
	read_skip(&r, 16); /* version, zone, accuracy, length of a record at most */
	s->link = read_u32(s, &r) & LINK_BITS;
	return s->is_big_endian || is_magic(turned(magic));
}

int tape_open(struct tape *s, const char *path)
{
	s->at = s->len = s->past = 0;
	s->fd = open(path, O_RDONLY | O_CLOEXEC);
	while (s->fd >= 0 && s->len < FILE_HEADER) {
		ssize_t got = read(s->fd, s->in + s->len, FILE_HEADER - s->len);

		if (got == 0)
			return -EILSEQ;
		if (got < 0 && errno != EINTR)
			return -errno;
		if (got > 0)
			s->len += (size_t)got;
	}
	if (s->fd < 0)
		return -errno;
	if (!read_file_header(s))
		return -EILSEQ;
	s->len = 0;
	return fcntl(s->fd, F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
}

void tape_close(struct tape *s)
{
	if (s->fd >= 0)
		(void)close(s->fd);
	s->fd = -1;
}

static void read_past(struct tape *s)
{
	size_t here = s->len - s->at < s->past ? s->len - s->at : s->past;

	s->at += here;
	s->past -= (uint32_t)here;
}

/* What is in the buffer already. */
static enum tape_find find(struct tape *s, struct tape_record *out)
{
	struct reader r;
	uint32_t len;

	read_past(s);
	if (s->past > 0 || s->len - s->at < RECORD_HEADER)
		return TAPE_NOTHING;
	r = reader_over(s->in + s->at, RECORD_HEADER);
	read_skip(&r, 8); /* the time */
	len = read_u32(s, &r);
	out->whole = read_u32(s, &r);
	if (len > TAPE_RECORD_MAX)
		return TAPE_DAMAGED;
	out->len = len < TAPE_COPY_BYTES ? len : TAPE_COPY_BYTES;
	if (s->len - s->at - RECORD_HEADER < out->len)
		return TAPE_NOTHING;
	out->bytes = s->in + s->at + RECORD_HEADER;
	s->at += RECORD_HEADER + out->len;
	s->past = len - out->len;
	return TAPE_RECORD;
}

enum tape_find tape_next(struct tape *s, struct tape_record *out)
{
	enum tape_find found;
	ssize_t got;

	while ((found = find(s, out)) == TAPE_NOTHING) {
		memmove(s->in, s->in + s->at, s->len - s->at);
		s->len -= s->at;
		s->at = 0;
		got = read(s->fd, s->in + s->len, sizeof(s->in) - s->len);
		if (got == 0)
			return s->len > 0 || s->past > 0 ? TAPE_TRUNCATED : TAPE_END;
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno == EAGAIN ? TAPE_NOTHING : TAPE_BROKEN;
		s->len += (size_t)got;
	}
	return found;
}
