/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pflog.h - a record of pf's log: what pf did with a packet, and the packet
 *
 * The header's layout differs between systems and releases; its length byte tells them
 * apart. Pure; reads only inside the given bytes.
 */
#ifndef WIRE_PFLOG_H
#define WIRE_PFLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PFLOG_PASS = 0, PFLOG_BLOCK = 1 }; /* actions; others are no verdict */

enum pflog_direction {
	PFLOG_EITHER, /* some other number stands there */
	PFLOG_IN,
	PFLOG_OUT,
};

struct pflog {
	uint8_t              action;
	enum pflog_direction direction;
	const uint8_t       *ip; /* borrowed: the packet, from its IP header on */
	size_t               len;
};

/* False when it is no such record, ends within its header, or is about no IP packet; then
 * *out is unspecified. */
bool pflog_parse(const uint8_t *bytes, size_t len, struct pflog *out);

/* Whether that is AF_INET or AF_INET6 on one of the systems, or on Linux. */
bool pflog_is_ip(uint32_t family);

#endif
