/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tcpgen.h - build the packets we answer with
 *
 * Pure. The answer is never longer than the SYN it answers.
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

#endif
