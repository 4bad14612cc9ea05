/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pflog.c - one header for OpenBSD, FreeBSD, NetBSD, macOS and DragonFly
 *
 * All begin with length, address family, action and reason, and have two names of 16
 * bytes and two rule numbers behind them. Later layouts put four numbers more before the
 * direction. The length byte does not count the padding at the end (NetBSD 61, FreeBSD
 * 69), so the packet begins at the next multiple of four.
 */
#include "wire/pflog.h"

#include "base/reader.h"

enum {
	LENGTH_MIN = 45, /* old pf, DragonFly */
	LENGTH_LATER = 61,
	DIRECTION_OLD_AT = 44,
	DIRECTION_AT = 60,
	/* AF_INET is 2 everywhere, AF_INET6 is not. */
	FAMILY_IP4 = 2,
	FAMILY_IP6_LINUX = 10,
	FAMILY_IP6 = 24,         /* OpenBSD, NetBSD */
	FAMILY_IP6_FREEBSD = 28, /* and DragonFly */
	FAMILY_IP6_MACOS = 30,
};

bool pflog_is_ip(uint32_t family)
{
	return family == FAMILY_IP4 || family == FAMILY_IP6 ||
	       family == FAMILY_IP6_FREEBSD || family == FAMILY_IP6_MACOS ||
	       family == FAMILY_IP6_LINUX;
}

static enum pflog_direction direction_of(uint8_t number)
{
	if (number == 1)
		return PFLOG_IN;
	return number == 2 ? PFLOG_OUT : PFLOG_EITHER;
}

bool pflog_parse(const uint8_t *bytes, size_t len, struct pflog *out)
{
	struct reader r = reader_over(bytes, len);
	uint8_t length = read_u8(&r), family = read_u8(&r), action = read_u8(&r);
	size_t header = ((size_t)length + 3) & ~(size_t)3;

	if (r.bad || length < LENGTH_MIN || header > len || !pflog_is_ip(family))
		return false;
	out->action = action;
	out->direction = direction_of(
		bytes[length < LENGTH_LATER ? DIRECTION_OLD_AT : DIRECTION_AT]);
	out->ip = bytes + header;
	out->len = len - header;
	return true;
}
