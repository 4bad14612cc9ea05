/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capfile.h - packets from a capture file, with their own clock
 *
 * pcap and pcapng as libpcap reads them: either byte order, any resolution of time. A
 * file is hostile input: what cannot be read ends it, with the reason. Waits for a pipe;
 * one thread.
 */
#ifndef TRANSPORT_CAPFILE_H
#define TRANSPORT_CAPFILE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "wire/link.h"

enum { CAPFILE_WHY_MAX = 320 };

enum capfile_state {
	CAPFILE_FINE,
	CAPFILE_END,
	CAPFILE_ABSENT,  /* cannot be opened */
	CAPFILE_DAMAGED, /* no capture, a cut or spoilt one, or of an unknown link type */
};

struct capture {
	int64_t        ms;     /* since 1970, by the clock of whoever captured */
	uint64_t       number; /* of the packet, from 1 */
	const uint8_t *bytes;  /* borrowed until the next call */
	size_t         len;
};

struct capfile;

/* "-" is standard input. *out is owned by the caller, NULL unless CAPFILE_FINE; `why`
 * (CAPFILE_WHY_MAX bytes) says what is wrong. */
enum capfile_state capfile_open(struct capfile **out, const char *path, char *why);

/* The same for an open stream, which belongs to the capfile from then on, even when it
 * fails. */
enum capfile_state capfile_open_stream(struct capfile **out, FILE *stream, char *why);
void capfile_close(struct capfile *c);

enum link_kind capfile_link(const struct capfile *c);

/* After CAPFILE_DAMAGED, out->number is the packet that could not be read, and nothing
 * more can be. */
enum capfile_state capfile_read(struct capfile *c, struct capture *out, char *why);

#endif
