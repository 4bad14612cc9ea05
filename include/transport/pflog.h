/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pflog.h - packets that pf has judged already, from its log
 *
 * Nothing is held and nothing can be answered: pf blocked or passed the packet when it
 * wrote the record. What went out, what is not about IP, and what the operator's filter
 * leaves out is counted and read past. One thread; never waits, pflog_open() excepted (a
 * filter may hold host names, and a FIFO nothing yet); allocates there only.
 */
#ifndef TRANSPORT_PFLOG_H
#define TRANSPORT_PFLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transport/held.h"

enum {
	PFLOG_BATCH = HELD_BATCH,
	PFLOG_COPY_BYTES = 512, /* of each packet; longer header chains are cut */
	PFLOG_WHY_MAX = 400,
};

struct pflog_conf {
	/* An interface, "pflog0" say; or, when it holds a slash, a capture in pcap
	 * format: a FIFO that is written record by record, or a file. */
	const char *source;
	const char *filter; /* as tcpdump(8) has it; "" lets all packets through */
};

struct pflog_counts {
	uint64_t packets;  /* given to the caller */
	uint64_t filtered; /* left out by the filter */
	uint64_t outgoing; /* left out because the host itself sent them */
	uint64_t odd;      /* records that make no sense, or tell of no verdict */
	uint64_t drops;    /* lost before we read them, as far as the system says */
};

enum pflog_trouble {
	PFLOG_FINE,
	PFLOG_ABSENT,     /* no such interface or file */
	PFLOG_FORBIDDEN,  /* not enough privilege */
	PFLOG_FOREIGN,    /* it is there, and it is no log of pf */
	PFLOG_BAD_FILTER, /* the filter says nothing that libpcap understands */
	PFLOG_BROKEN,     /* anything else */
};

struct pflog_tap;

/* On PFLOG_FINE *out is owned by the caller; else `why` (PFLOG_WHY_MAX bytes) says what
 * is wrong. */
enum pflog_trouble pflog_open(struct pflog_tap **out, const struct pflog_conf *c,
			      char *why);
void pflog_close(struct pflog_tap *t); /* NULL is allowed */

/* What pflog_open() would say of this filter. */
enum pflog_trouble pflog_check_filter(const char *filter, char *why);

int pflog_fd(const struct pflog_tap *t);

/*
 * Reads up to PFLOG_BATCH packets without waiting, and no more than four times as many
 * records, whatever becomes of them. Returns how many packets; *drained says whether
 * nothing was left. Negative errno when no more can come: -EPIPE at the end of a
 * capture, else pflog_why().
 */
int pflog_read(struct pflog_tap *t, struct held batch[PFLOG_BATCH], bool *drained);

const char *pflog_why(const struct pflog_tap *t);

struct pflog_counts pflog_count(const struct pflog_tap *t);

#endif
