/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * addr.c - an IPv4 or IPv6 address as a value
 *
 * Text goes through inet_pton() and inet_ntop(): they refuse octal, zones and short
 * forms, and write RFC 5952 for everything a sender may have.
 */
#include "base/addr.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

unsigned addr_bytes(const struct addr *a)
{
	if (a->family == ADDR_IP4)
		return 4;
	return a->family == ADDR_IP6 ? 16 : 0;
}

bool addr_parse(const char *text, struct addr *out)
{
	struct addr a = { .family = strchr(text, ':') ? ADDR_IP6 : ADDR_IP4 };

	if (inet_pton(a.family == ADDR_IP6 ? AF_INET6 : AF_INET, text, a.byte) != 1)
		return false;
	*out = a;
	return true;
}

/* By hand: inet_ntop() prints it, which takes ten times as long, and every line of the
 * log has two. */
static void format4(const uint8_t *byte, char *out)
{
	for (unsigned i = 0; i < 4; i++) {
		uint8_t n = byte[i];

		if (i > 0)
			*out++ = '.';
		if (n >= 100)
			*out++ = (char)('0' + n / 100);
		if (n >= 10)
			*out++ = (char)('0' + n / 10 % 10);
		*out++ = (char)('0' + n % 10);
	}
	*out = '\0';
}

const char *addr_format(const struct addr *a, char *out)
{
	if (a->family == ADDR_IP4)
		format4(a->byte, out);
	else if (addr_bytes(a) == 0 || !inet_ntop(AF_INET6, a->byte, out, ADDR_TEXT_MAX))
		memcpy(out, "-", 2);
	return out;
}

/* The number behind the slash: one to three digits, none of them for show. */
static bool read_bits(const char *text, unsigned most, uint8_t *bits)
{
	unsigned n = 0;
	unsigned digits = 0;

	for (; text[digits] >= '0' && text[digits] <= '9' && digits < 3; digits++)
		n = 10 * n + (unsigned)(text[digits] - '0');
	if (digits == 0 || text[digits] || n > most || (digits > 1 && text[0] == '0'))
		return false;
	*bits = (uint8_t)n;
	return true;
}

bool net_parse(const char *text, struct net *out)
{
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	char address[ADDR_TEXT_MAX];
	struct net n = { .bits = 0 };
	struct addr masked;

	if (len >= sizeof(address))
		return false;
	memcpy(address, text, len);
	address[len] = '\0';
	if (!addr_parse(address, &n.addr))
		return false;

	n.bits = (uint8_t)(8 * addr_bytes(&n.addr));
	if (slash && !read_bits(slash + 1, n.bits, &n.bits))
		return false;
	masked = addr_mask(&n.addr, n.bits);
	if (!addr_is_equal(&masked, &n.addr))
		return false;
	*out = n;
	return true;
}

const char *net_format(const struct net *n, char *out)
{
	size_t len;

	addr_format(&n->addr, out);
	len = strlen(out);
	if (n->bits < 8 * addr_bytes(&n->addr))
		snprintf(out + len, NET_TEXT_MAX - len, "/%u", n->bits);
	return out;
}

struct addr addr_mask(const struct addr *a, unsigned bits)
{
	struct addr masked = *a;

	for (unsigned i = 0; i < addr_bytes(a); i++) {
		unsigned here = bits > 8 * i ? bits - 8 * i : 0;

		if (here < 8)
			masked.byte[i] &= (uint8_t)(0xff << (8 - here));
	}
	return masked;
}

static enum addr_scope scope4(const uint8_t *b)
{
	if (b[0] == 0 || b[0] >= 240)
		return SCOPE_UNUSABLE;
	if (b[0] >= 224)
		return SCOPE_MULTICAST;
	if (b[0] == 127)
		return SCOPE_LOOPBACK;
	if (b[0] == 169 && b[1] == 254)
		return SCOPE_LINK;
	if (b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0) == 16) ||
	    (b[0] == 192 && b[1] == 168) || (b[0] == 100 && (b[1] & 0xc0) == 64))
		return SCOPE_PRIVATE;
	return SCOPE_PUBLIC;
}

bool addr_is_mapped(const struct addr *a)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	return a->family == ADDR_IP6 && memcmp(a->byte, mapped, sizeof(mapped)) == 0;
}

static enum addr_scope scope6(const struct addr *a)
{
	static const uint8_t loopback[16] = { [15] = 1 };
	static const uint8_t compatible[12] = { 0 }; /* RFC 4291 2.5.5.1, and :: itself */
	const uint8_t *b = a->byte;

	if (memcmp(b, loopback, sizeof(loopback)) == 0)
		return SCOPE_LOOPBACK;
	if (addr_is_mapped(a) || memcmp(b, compatible, sizeof(compatible)) == 0)
		return SCOPE_UNUSABLE;
	if (b[0] == 0xff)
		return SCOPE_MULTICAST;
	if (b[0] == 0xfe && (b[1] & 0xc0) == 0x80)
		return SCOPE_LINK;
	if ((b[0] & 0xfe) == 0xfc)
		return SCOPE_PRIVATE;
	return SCOPE_PUBLIC;
}

enum addr_scope addr_scope(const struct addr *a)
{
	if (a->family == ADDR_IP4)
		return scope4(a->byte);
	return a->family == ADDR_IP6 ? scope6(a) : SCOPE_UNUSABLE;
}
