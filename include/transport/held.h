/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * held.h - a packet as a transport reads it
 *
 * NFQUEUE holds each packet until it is answered. pf has judged a packet when its log
 * tells of it, so there is nothing to answer.
 */
#ifndef TRANSPORT_HELD_H
#define TRANSPORT_HELD_H

#include <stddef.h>
#include <stdint.h>

enum { HELD_BATCH = 64 }; /* packets of one read */

enum held_fate {
	HELD_WAITS, /* for our answer */
	HELD_PASSED,
	HELD_BLOCKED,
};

/* Names a packet that waits; given back once, with the answer. */
struct ticket {
	uint32_t id; /* host order */
};

struct held {
	enum held_fate fate;
	struct ticket  ticket;  /* HELD_WAITS */
	const uint8_t *bytes;   /* from the IP header on; borrowed until the next read */
	size_t         len;     /* 0 when the kernel sent no bytes along */
	uint32_t       ifindex; /* it came in by; 0 = unknown */
	uint32_t       mark;    /* the packet's; ours when no rule took what we refused */
};

enum answer {
	ANSWER_ACCEPT,
	ANSWER_DROP,
	ANSWER_REFUSE, /* marked, and once more through the hook, to a REJECT rule */
};

#endif
