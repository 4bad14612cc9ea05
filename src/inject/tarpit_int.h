/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tarpit_int.h - hold a connection and remember nothing
 *
 * Everything an answer needs lies in the packet in hand and in the sequence number
 * that the peer acknowledges: ours, and a cookie. Pure; `now` is a parameter.
 *
 *	bits 31-24  the slot of time in which the SYN came (TARPIT_SLOTS to `max_ms`), its
 *	            lowest byte
 *	bits 23-4   SipHash over addresses, ports, slot, with the secret
 *	bits 3-0    the lowest bits of the SYN's own sequence number, veiled by the hash
 *
 * The last four tell how far the peer has come since its SYN: see tarpit_find().
 */
#ifndef INJECT_TARPIT_INT_H
#define INJECT_TARPIT_INT_H

#include <stddef.h>
#include <stdint.h>

#include "base/tick.h"
#include "wire/pkt.h"
#include "wire/tcpgen.h"

enum {
	TARPIT_SLOTS = 64,
	TARPIT_WINDOW = 4, /* bytes; no SMTP command is that short, so none is sent */
};

/*
 * The secret stays as long as the tarpit, so that connections are held through days; the
 * slot in the hash makes cookies grow old instead. Who knew it could have an empty ACK
 * for each packet he sends, and nothing else. Numbers are compared whole, by one
 * difference, so time says nothing of them.
 */
struct tarpit {
	int64_t max_ms;
	uint8_t secret[16];
};

enum tarpit_find {
	TARPIT_STRAY, /* acknowledges no cookie of ours, or one of very long ago */
	TARPIT_HELD,
	TARPIT_OVER, /* was held for max_ms */
};

/* The SYN-ACK for `syn`; returns its length. */
size_t tarpit_hold(const struct tarpit *t, const struct pkt *syn, struct mono now,
		   uint8_t out[TCPGEN_MAX]);

/*
 * Whose packet is it? *ack is what to acknowledge: always the first byte behind the
 * peer's SYN, so that it is neither old to the peer (Linux would not take that for an
 * answer to its probe) nor ahead of it (some stacks answer that, and so on for ever).
 */
enum tarpit_find tarpit_find(const struct tarpit *t, const struct pkt *pkt,
			     struct mono now, uint32_t *ack);

#endif
