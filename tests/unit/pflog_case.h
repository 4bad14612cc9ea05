/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pflog_case.h - a capture of pf's log, written record by record, and a tap on it
 */
#ifndef TESTS_UNIT_PFLOG_CASE_H
#define TESTS_UNIT_PFLOG_CASE_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <check.h>

#include "transport/pflog.h"

#include "frame.h"
#include "pflog_layout.h"

enum { LINK_PFLOG = 117, LINK_ETHERNET = 1, PASS = 0, BLOCK = 1, IN = 1, OUT = 2 };

struct tape {
	char path[64];
	FILE *file;
	struct pflog_tap *tap;
	struct held batch[PFLOG_BATCH];
	bool drained;
};

static inline void put32(FILE *f, uint32_t value)
{
	ck_assert_uint_eq(fwrite(&value, 4, 1, f), 1);
}

static inline void tape_begin(struct tape *t, uint32_t link)
{
	snprintf(t->path, sizeof(t->path), "/tmp/mxallowd-pflog.%ld", (long)getpid());
	(void)unlink(t->path);
	t->file = fopen(t->path, "wb");
	ck_assert_ptr_nonnull(t->file);
	put32(t->file, 0xa1b2c3d4);
	put32(t->file, 4 << 16 | 2);
	put32(t->file, 0);
	put32(t->file, 0);
	put32(t->file, 65535);
	put32(t->file, link);
}

static inline void put_bytes(FILE *f, const uint8_t *bytes, size_t len)
{
	put32(f, 1700000000);
	put32(f, 0);
	put32(f, (uint32_t)len);
	put32(f, (uint32_t)len);
	ck_assert_uint_eq(fwrite(bytes, 1, len, f), len);
}

/* The rest of the header is filled with what is not zero. */
static inline void put_record(FILE *f, const struct layout *l, uint8_t action,
			      uint8_t direction, const struct frame *packet)
{
	uint8_t bytes[512];

	memset(bytes, 0x55, sizeof(bytes));
	bytes[0] = l->length;
	bytes[1] = packet->bytes[0] >> 4 == 4 ? 2 : l->ip6;
	bytes[2] = action;
	bytes[l->direction_at] = direction;
	memcpy(bytes + l->payload_at, packet->bytes, packet->len);
	put_bytes(f, bytes, l->payload_at + packet->len);
}

static inline enum pflog_trouble try(struct tape *t, const char *source,
				     const char *filter, char *why)
{
	struct pflog_conf c = { source, filter };

	return pflog_open(&t->tap, &c, why);
}

static inline void tape_open(struct tape *t, const char *filter)
{
	char why[PFLOG_WHY_MAX] = "";

	ck_assert_int_eq(fclose(t->file), 0);
	ck_assert_msg(try(t, t->path, filter, why) == PFLOG_FINE, "%s", why);
}

static inline int tape_read(struct tape *t)
{
	return pflog_read(t->tap, t->batch, &t->drained);
}

static inline void tape_end(struct tape *t)
{
	pflog_close(t->tap);
	ck_assert_int_eq(unlink(t->path), 0);
}

static inline void expect(const struct held *l, const struct frame *f, bool is_passed)
{
	ck_assert_uint_eq(l->len, f->len);
	ck_assert_int_eq(memcmp(l->bytes, f->bytes, f->len), 0);
	ck_assert_int_eq(l->fate, is_passed ? HELD_PASSED : HELD_BLOCKED);
}

#endif
