/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tcpgen.h - build the packets we answer with
 *
 * Pure. An answer has no options and no data, so it is never longer than what it answers.
 */
#ifndef WIRE_TCPGEN_H
#define WIRE_TCPGEN_H

#include <stddef.h>
#include <stdint.h>

#include "wire/pkt.h"

enum { TCPGEN_MAX = 60 }; /* IPv6 header and TCP header without options */

/*
 * The RST that a closed port would send in answer to `syn` (RFC 9293 3.10.7.1), IP header
 * and checksums included. Returns its length: 40 or 60.
 */
size_t tcpgen_reset(const struct pkt *syn, uint8_t out[TCPGEN_MAX]);

/* The SYN-ACK of a server whose sequence number is `seq` and that takes `window` bytes.
 * Data in the SYN is not acknowledged. */
size_t tcpgen_syn_ack(const struct pkt *syn, uint32_t seq, uint16_t window,
		      uint8_t out[TCPGEN_MAX]);

/* A SYN-ACK that acknowledges `ack`, whatever was sent. */
size_t tcpgen_challenge(const struct pkt *syn, uint32_t seq, uint32_t ack,
			uint8_t out[TCPGEN_MAX]);

/* The ACK of a server that has nothing to say, has everything before `ack` and takes no
 * more: its window is shut. */
size_t tcpgen_shut_window(const struct pkt *pkt, uint32_t ack, uint8_t out[TCPGEN_MAX]);

#endif
