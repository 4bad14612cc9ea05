/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pkt.h - what one packet says about a connection attempt
 *
 * Pure; reads only inside the given bytes; keeps no pointer into them.
 */
#ifndef WIRE_PKT_H
#define WIRE_PKT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

enum pkt_shape {
	PKT_SYN,       /* TCP, SYN set, ACK RST FIN clear, header complete */
	PKT_NOT_A_SYN, /* something else: other protocol, other flags, a later fragment */
	PKT_MALFORMED, /* claims to be TCP over IP and contradicts itself, or comes from
			* an address nobody can have */
	PKT_CUT,       /* our copy ends before the TCP header does */
};

enum {
	PKT_FIN = 0x01,
	PKT_SYNC = 0x02, /* SYN */
	PKT_RST = 0x04,
	PKT_PSH = 0x08,
	PKT_ACK = 0x10,
};

struct pkt {
	struct addr src;
	struct addr dst;
	uint32_t    seq;     /* host order, like the ports */
	uint16_t    sport;
	uint16_t    dport;
	uint32_t    ack;     /* host order; valid when the ACK flag is set */
	uint8_t     flags;   /* the TCP header's; 0 unless is_tcp */
	bool        is_tcp;  /* the whole TCP header was read: ports and the rest count */
	uint16_t    payload; /* bytes behind the TCP header, as declared (RFC 7413) */
};

/*
 * Reads an IPv4 or IPv6 packet that starts at its IP header. `len` bytes are at hand; the
 * packet itself may be longer (the transport copies only its beginning). Addresses
 * are filled in as soon as they are known, the rest when is_tcp says so: for every
 * PKT_SYN, and for a PKT_NOT_A_SYN that is TCP and no later fragment.
 */
enum pkt_shape pkt_parse(const uint8_t *bytes, size_t len, struct pkt *out);

#endif
