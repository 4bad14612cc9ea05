/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_pflog.c - any bytes as a capture of pf's log that is being written
 *
 * The first byte says how large the pieces are that it comes in. Aborts when the pieces
 * change what is read, when a packet lies outside its bounds, or when the end has no
 * reason.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "transport/pflog.h"
#include "wire/pkt.h"

#include "fuzz.h"

enum { PIPE_BYTES = 32768 };

struct sum {
	struct pflog_counts counts;
	uint64_t bytes;
	int end;
};

static void must(int holds)
{
	if (!holds)
		abort();
}

/* What is there; 0 = no more at the moment. */
static int read_all(struct pflog_tap *t, struct sum *sum)
{
	struct held batch[PFLOG_BATCH];
	bool drained = false;
	int got = 0;

	while (got >= 0 && !drained) {
		struct pkt p;

		got = pflog_read(t, batch, &drained);
		must(got <= PFLOG_BATCH);
		for (int i = 0; i < got; i++) {
			must(batch[i].len <= PFLOG_COPY_BYTES);
			(void)pkt_parse(batch[i].bytes, batch[i].len, &p);
			for (size_t k = 0; k < batch[i].len; k++)
				sum->bytes += batch[i].bytes[k];
		}
	}
	return got < 0 ? got : 0;
}

static struct sum read_pieces(const uint8_t *bytes, size_t len, size_t piece)
{
	struct sum sum = { .end = 0 };
	struct pflog_conf c = { .filter = "port 25" };
	struct pflog_tap *t;
	char path[32], why[PFLOG_WHY_MAX] = "";
	int ends[2];
	size_t at = len < 24 ? len : 24;

	must(pipe2(ends, O_CLOEXEC) == 0);
	must(write(ends[1], bytes, at) == (ssize_t)at);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	c.source = path;
	if (at < 24)
		close(ends[1]);
	if (pflog_open(&t, &c, why) != PFLOG_FINE) {
		must(strlen(why) > 0);
		close(ends[0]);
		if (at == 24)
			close(ends[1]);
		return sum;
	}
	close(ends[0]);
	while (at < len && sum.end == 0) {
		size_t next = len - at < piece ? len - at : piece;

		must(write(ends[1], bytes + at, next) == (ssize_t)next);
		at += next;
		sum.end = read_all(t, &sum);
	}
	close(ends[1]);
	if (sum.end == 0)
		sum.end = read_all(t, &sum);
	must(sum.end < 0 && strlen(pflog_why(t)) > 0);
	sum.counts = pflog_count(t);
	pflog_close(t);
	return sum;
}

int fuzz_one(const uint8_t *bytes, size_t len)
{
	struct sum whole, pieces;

	if (len == 0 || len > PIPE_BYTES)
		return 0;
	whole = read_pieces(bytes + 1, len - 1, PIPE_BYTES);
	pieces = read_pieces(bytes + 1, len - 1, 1 + (size_t)bytes[0]);
	must(whole.end == pieces.end && whole.bytes == pieces.bytes);
	must(memcmp(&whole.counts, &pieces.counts, sizeof(whole.counts)) == 0);
	return 0;
}
