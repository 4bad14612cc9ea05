/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link.c - from a frame to its IP packet
 *
 * The formats are those of www.tcpdump.org/linktypes.html. What the link layer says of
 * the packet's length is not believed: behind an IP packet there may be padding, and
 * pkt_parse() reads the packet's own length.
 */
#include "wire/link.h"

#include <string.h>

#include "base/reader.h"
#include "wire/pflog.h"

enum {
	TYPE_IP4 = 0x0800,
	TYPE_IP6 = 0x86dd,
	TYPE_VLAN = 0x8100,  /* IEEE 802.1Q */
	TYPE_QINQ = 0x88a8,  /* IEEE 802.1ad */
	TYPE_OTHER = 0x9100, /* what was used before that */
	COOKED_OUTGOING = 4, /* PACKET_OUTGOING of <linux/if_packet.h> */
	NFLOG_PAYLOAD = 9,   /* NFULA_PAYLOAD of <linux/netfilter/nfnetlink_log.h> */
	NFLOG_HEADER = 4,    /* of one attribute, which its length counts */
};

static enum link_found rest_of(const struct reader *r, struct link_packet *out)
{
	if (r->bad)
		return LINK_NO_IP;
	out->bytes = r->at;
	out->len = reader_left(r);
	return LINK_IP;
}

/* The next two bytes are an EtherType, or begin a tag with the type behind it. */
static enum link_found read_type(struct reader *r, struct link_packet *out)
{
	uint16_t type = read_be16(r);

	while (type == TYPE_VLAN || type == TYPE_QINQ || type == TYPE_OTHER) {
		read_skip(r, 2);
		type = read_be16(r);
	}
	return type == TYPE_IP4 || type == TYPE_IP6 ? rest_of(r, out) : LINK_NO_IP;
}

static enum link_found find_ethernet(struct reader *r, struct link_packet *out)
{
	read_skip(r, 12);
	return read_type(r, out);
}

static enum link_found if_incoming(unsigned type, enum link_found found)
{
	return found == LINK_IP && type == COOKED_OUTGOING ? LINK_OUTGOING : found;
}

static enum link_found find_cooked(struct reader *r, struct link_packet *out)
{
	unsigned type = read_be16(r);

	read_skip(r, 12);
	return if_incoming(type, read_type(r, out));
}

/* The protocol stands in front here; of a tagged packet, the tag is behind it all. */
static enum link_found find_cooked2(struct reader *r, struct link_packet *out)
{
	struct reader tagged;
	uint16_t protocol = read_be16(r);
	unsigned type;

	read_skip(r, 8);
	type = read_u8(r);
	read_skip(r, 9);
	if (protocol == TYPE_IP4 || protocol == TYPE_IP6)
		return if_incoming(type, rest_of(r, out));
	if (protocol != TYPE_VLAN && protocol != TYPE_QINQ && protocol != TYPE_OTHER)
		return LINK_NO_IP;
	tagged = *r;
	read_skip(&tagged, 2);
	return if_incoming(type, read_type(&tagged, out));
}

static enum link_found find_null(struct reader *r, struct link_packet *out)
{
	uint32_t family = read_be32(r);

	if (family > 0xffff)
		family = __builtin_bswap32(family);
	return pflog_is_ip(family) ? rest_of(r, out) : LINK_NO_IP;
}

static uint16_t read_own16(struct reader *r)
{
	const uint8_t *b = read_bytes(r, 2);
	uint16_t value = 0;

	if (b)
		memcpy(&value, b, sizeof(value));
	return value;
}

/* A payload that was cut may declare more than there is. */
static enum link_found find_nflog(struct reader *r, struct link_packet *out)
{
	read_skip(r, 4);
	while (!r->bad) {
		size_t len = read_own16(r);
		unsigned type = read_own16(r);

		if (len < NFLOG_HEADER)
			break;
		len -= NFLOG_HEADER;
		if (type == NFLOG_PAYLOAD) {
			enum link_found found = rest_of(r, out);

			if (found == LINK_IP && out->len > len)
				out->len = len;
			return found;
		}
		read_skip(r, (len + 3) & ~(size_t)3);
	}
	return LINK_NO_IP;
}

static enum link_found find_pflog(const uint8_t *bytes, size_t len,
				  struct link_packet *out)
{
	struct pflog log;

	if (!pflog_parse(bytes, len, &log))
		return LINK_NO_IP;
	*out = (struct link_packet){ log.ip, log.len };
	return log.direction == PFLOG_OUT ? LINK_OUTGOING : LINK_IP;
}

enum link_found link_find_ip(enum link_kind kind, const uint8_t *bytes, size_t len,
			     struct link_packet *out)
{
	struct reader r = reader_over(bytes, len);

	*out = (struct link_packet){ NULL, 0 };
	switch (kind) {
	case LINK_ETHERNET: return find_ethernet(&r, out);
	case LINK_COOKED:   return find_cooked(&r, out);
	case LINK_COOKED2:  return find_cooked2(&r, out);
	case LINK_RAW:      return rest_of(&r, out);
	case LINK_NULL:     return find_null(&r, out);
	case LINK_NFLOG:    return find_nflog(&r, out);
	case LINK_PFLOG:    return find_pflog(bytes, len, out);
	}
	return LINK_NO_IP;
}
