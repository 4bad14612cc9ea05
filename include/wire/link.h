/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link.h - what stands before the IP packet in a captured frame
 *
 * Pure; reads only inside the given bytes.
 */
#ifndef WIRE_LINK_H
#define WIRE_LINK_H

#include <stddef.h>
#include <stdint.h>

enum link_kind {
	LINK_ETHERNET, /* with any number of VLAN tags */
	LINK_COOKED,   /* Linux, tcpdump -i any */
	LINK_COOKED2,  /* the same, since libpcap 1.10 */
	LINK_RAW,      /* nothing */
	LINK_NULL,     /* an address family, in some byte order (BSD loopback) */
	LINK_NFLOG,    /* iptables -j NFLOG; attributes in this machine's byte order */
	LINK_PFLOG,
};

enum link_found {
	LINK_IP,
	LINK_NO_IP,    /* another protocol, or cut before IP begins */
	LINK_OUTGOING, /* an IP packet that left the host, says the link layer */
};

struct link_packet {
	const uint8_t *bytes; /* borrowed: from the IP header on; NULL for LINK_NO_IP */
	size_t         len;
};

enum link_found link_find_ip(enum link_kind kind, const uint8_t *bytes, size_t len,
			     struct link_packet *out);

#endif
