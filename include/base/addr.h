/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * addr.h - an IPv4 or IPv6 address as a value
 *
 * Pure; no allocation. Text becomes an address once, at the edge of the program,
 * and becomes text again only in messages.
 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum addr_family {
	ADDR_NONE = 0,
	ADDR_IP4 = 4,
	ADDR_IP6 = 6,
};

/* What an address is good for (IANA special-purpose registries, RFC 6890). */
enum addr_scope {
	SCOPE_PUBLIC,
	SCOPE_PRIVATE,   /* RFC 1918, RFC 6598 (100.64/10), RFC 4193 (fc00::/7) */
	SCOPE_LINK,      /* 169.254/16, fe80::/10 */
	SCOPE_LOOPBACK,  /* 127/8, ::1 */
	SCOPE_MULTICAST, /* 224/4, ff00::/8 */
	SCOPE_UNUSABLE,  /* 0/8, 240/4, ::, IPv4 dressed as IPv6: no sender's address */
};

enum { ADDR_TEXT_MAX = 46 }; /* longest text of an address and its NUL */

/* Unused bytes are zero, so two equal addresses are equal byte for byte. */
struct addr {
	uint8_t family;   /* enum addr_family */
	uint8_t byte[16]; /* network order; IPv4 uses the first four */
};

/* A network: an address whose bits behind the first `bits` are clear. */
struct net {
	struct addr addr;
	uint8_t     bits;
};

enum { NET_TEXT_MAX = ADDR_TEXT_MAX + 4 };

/* "192.0.2.0/24", or an address alone (all bits). Bits set behind the prefix are refused:
 * they are a typing error more often than not. False leaves *out alone. */
bool net_parse(const char *text, struct net *out);

/* Writes it as net_parse() reads it, an address alone when it has all bits. Returns `out`
 * (NET_TEXT_MAX bytes). */
const char *net_format(const struct net *n, char *out);

/* Strict: one address, nothing before or behind it, no zone. False leaves *out alone. */
bool addr_parse(const char *text, struct addr *out);

/* `bytes` points at 4 or 16 bytes, as the family says. Like addr_is_equal() it stands in
 * every packet's way, hence inline. */
static inline struct addr addr_from_bytes(enum addr_family family, const uint8_t *bytes)
{
	struct addr a = { .family = (uint8_t)family };

	if (family == ADDR_IP4)
		memcpy(a.byte, bytes, 4);
	else if (family == ADDR_IP6)
		memcpy(a.byte, bytes, 16);
	return a;
}

/* Writes RFC 5952 text into `out` (ADDR_TEXT_MAX bytes) and returns it. */
const char *addr_format(const struct addr *a, char *out);

/* 4 or 16; 0 for an address of no family. */
unsigned addr_bytes(const struct addr *a);

static inline bool addr_is_equal(const struct addr *a, const struct addr *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* The address with all bits behind the first `bits` cleared; `bits` beyond its length
 * changes nothing. */
struct addr addr_mask(const struct addr *a, unsigned bits);

enum addr_scope addr_scope(const struct addr *a);

/* IPv4 dressed as IPv6 (::ffff:0:0/96, RFC 4291 2.5.5.2). */
bool addr_is_mapped(const struct addr *a);

#endif
