/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tape_int.h - a capture that is still being written, record by record
 *
 * libpcap waits for the rest of a record; whoever writes into a FIFO may stop anywhere,
 * and the daemon must not stop with him. So a record is given when all of it is there.
 * The format is pcap, of either byte order, as `tcpdump -U -w` writes it.
 */
#ifndef TRANSPORT_TAPE_INT_H
#define TRANSPORT_TAPE_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TAPE_COPY_BYTES = 768,  /* of each record; the rest is read past */
	TAPE_BYTES = 1 << 16,
	TAPE_RECORD_MAX = 262144, /* as libpcap has it: more is damage */
};

struct tape {
	int      fd; /* owned once it is open */
	bool     is_big_endian;
	uint32_t link; /* what its records begin with, by the numbers of pcap */
	uint32_t past; /* bytes of the last record that are still to be read past */
	size_t   at, len;
	uint8_t  in[TAPE_BYTES];
};

enum tape_find {
	TAPE_RECORD,
	TAPE_NOTHING,   /* yet */
	TAPE_END,       /* between two records */
	TAPE_TRUNCATED, /* within one */
	TAPE_DAMAGED,   /* a length that cannot be */
	TAPE_BROKEN,    /* errno says why */
};

struct tape_record {
	const uint8_t *bytes; /* borrowed until the next call */
	uint32_t       len;   /* of them */
	uint32_t       whole; /* the packet's length when it was captured */
};

/* Waits for its header, and for somebody who opens a FIFO to write it. 0, a negative
 * errno, or -EILSEQ when it is no such capture. */
int tape_open(struct tape *s, const char *path);
void tape_close(struct tape *s);

/* Never waits. Once it was none of the first two, nothing else comes. */
enum tape_find tape_next(struct tape *s, struct tape_record *out);

#endif
