/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pkt.c - what one packet says about a connection attempt
 *
 * Two lengths matter: what the packet declares and what was copied to us. Whoever
 * points behind the first lies (PKT_MALFORMED); whoever points behind the second
 * only was cut off (PKT_CUT).
 */
#include "wire/pkt.h"

#include <string.h>

#include "base/reader.h"

enum {
	IP4_HEADER_BYTES = 20,
	IP6_HEADER_BYTES = 40,
	TCP_HEADER_BYTES = 20,
};

/* IANA protocol numbers */
enum {
	NEXT_HOP_BY_HOP = 0,
	NEXT_TCP = 6,
	NEXT_ROUTING = 43,
	NEXT_FRAGMENT = 44,
	NEXT_AUTH = 51,
	NEXT_DESTINATION = 60,
	NEXT_MOBILITY = 135,
	NEXT_HIP = 139,
	NEXT_SHIM6 = 140,
};

/* A walk through the headers; `r` ends where the copy or the packet ends. */
struct walk {
	struct reader r;
	size_t        beyond; /* bytes the packet declares behind our copy */
	bool          goes_on; /* in later fragments, which are not here */
};

static size_t declared_left(const struct walk *w)
{
	return reader_left(&w->r) + w->beyond;
}

/* Why the next `need` bytes are not at hand. */
static enum pkt_shape missing(const struct walk *w, size_t need)
{
	return declared_left(w) < need ? PKT_MALFORMED : PKT_CUT;
}

static bool has(const struct walk *w, size_t need)
{
	return reader_left(&w->r) >= need;
}

static struct walk walk_over(const uint8_t *bytes, size_t len, size_t declared)
{
	if (declared > len)
		return (struct walk){ reader_over(bytes, len), declared - len, false };
	return (struct walk){ reader_over(bytes, declared), 0, false };
}

/* Reserved and ECN bits say nothing about the attempt (RFC 3168 6.1.1). */
static enum pkt_shape parse_tcp(struct walk *w, struct pkt *out)
{
	size_t declared = declared_left(w), header, payload;
	uint16_t bits;

	if (!has(w, TCP_HEADER_BYTES))
		return missing(w, TCP_HEADER_BYTES);
	out->sport = read_be16(&w->r);
	out->dport = read_be16(&w->r);
	out->seq = read_be32(&w->r);
	out->ack = read_be32(&w->r);
	bits = read_be16(&w->r);

	header = (size_t)(bits >> 12) * 4;
	if (header < TCP_HEADER_BYTES || (header > declared && !w->goes_on))
		return PKT_MALFORMED;
	payload = header > declared ? 0 : declared - header;
	out->payload = payload > UINT16_MAX ? UINT16_MAX : (uint16_t)payload;

	if (bits & PKT_SYNC && bits & (PKT_FIN | PKT_RST))
		return PKT_MALFORMED;
	out->is_tcp = true;
	out->flags = (uint8_t)bits;
	return (bits & (PKT_SYNC | PKT_ACK)) == PKT_SYNC ? PKT_SYN : PKT_NOT_A_SYN;
}

/* Its checksum is the kernel's business: it was checked before we saw the packet. */
static enum pkt_shape parse_ip4(const uint8_t *bytes, size_t len, struct pkt *out)
{
	struct walk w = walk_over(bytes, len, len);
	size_t header, declared;
	uint16_t fragment;
	uint8_t protocol;

	header = (size_t)(read_u8(&w.r) & 0x0f) * 4;
	read_skip(&w.r, 1);
	declared = read_be16(&w.r);
	if (w.r.bad)
		return PKT_CUT;
	if (header < IP4_HEADER_BYTES || declared < header)
		return PKT_MALFORMED;
	if (len < IP4_HEADER_BYTES)
		return PKT_CUT;

	read_skip(&w.r, 2);
	fragment = read_be16(&w.r);
	read_skip(&w.r, 1);
	protocol = read_u8(&w.r);
	read_skip(&w.r, 2);
	out->src = addr_from_bytes(ADDR_IP4, read_bytes(&w.r, 4));
	out->dst = addr_from_bytes(ADDR_IP4, read_bytes(&w.r, 4));
	if (protocol != NEXT_TCP || (fragment & 0x1fff) != 0)
		return PKT_NOT_A_SYN;

	w = walk_over(bytes, len, declared);
	if (!has(&w, header))
		return missing(&w, header);
	read_skip(&w.r, header);
	w.goes_on = fragment & 0x2000;
	return parse_tcp(&w, out);
}

/*
 * Steps over the extension header `next` (RFC 8200 4, RFC 4302 2.2); then *next is what
 * follows. PKT_SYN means that the walk may go on.
 */
static enum pkt_shape skip_extension(struct walk *w, uint8_t *next)
{
	struct reader ahead = w->r;
	uint8_t self = *next;
	size_t units, bytes;
	uint16_t offset;

	/* All have at least eight bytes, so the walk ends with the packet. */
	if (!has(w, 8))
		return missing(w, 8);
	*next = read_u8(&ahead);
	units = read_u8(&ahead);
	offset = read_be16(&ahead); /* of a fragment header only, with its M flag */

	if (self == NEXT_FRAGMENT)
		bytes = 8;
	else if (self == NEXT_AUTH)
		bytes = (units + 2) * 4;
	else
		bytes = (units + 1) * 8;
	if (self == NEXT_FRAGMENT && (offset & 0xfff8) != 0)
		return PKT_NOT_A_SYN;
	if (self == NEXT_FRAGMENT && (offset & 1))
		w->goes_on = true;
	if (!has(w, bytes))
		return missing(w, bytes);
	read_skip(&w->r, bytes);
	return PKT_SYN;
}

static enum pkt_shape parse_ip6(const uint8_t *bytes, size_t len, struct pkt *out)
{
	struct walk w = walk_over(bytes, len, len);
	enum pkt_shape shape = PKT_SYN;
	size_t payload;
	uint8_t next;

	if (len < IP6_HEADER_BYTES)
		return PKT_CUT;
	read_skip(&w.r, 4);
	payload = read_be16(&w.r);
	next = read_u8(&w.r);
	read_skip(&w.r, 1);
	out->src = addr_from_bytes(ADDR_IP6, read_bytes(&w.r, 16));
	out->dst = addr_from_bytes(ADDR_IP6, read_bytes(&w.r, 16));

	/* Zero: a jumbo payload (RFC 2675 3), its length is what we have. */
	if (payload == 0)
		payload = len - IP6_HEADER_BYTES;
	w = walk_over(bytes, len, IP6_HEADER_BYTES + payload);
	read_skip(&w.r, IP6_HEADER_BYTES);

	while (shape == PKT_SYN) {
		switch (next) {
		case NEXT_TCP:
			return parse_tcp(&w, out);
		case NEXT_HOP_BY_HOP:
		case NEXT_ROUTING:
		case NEXT_FRAGMENT:
		case NEXT_AUTH:
		case NEXT_DESTINATION:
		case NEXT_MOBILITY:
		case NEXT_HIP:
		case NEXT_SHIM6:
			shape = skip_extension(&w, &next);
			break;
		default:
			return PKT_NOT_A_SYN;
		}
	}
	return shape;
}

/* No address at all, or that of everybody here. */
static bool is_nobodys(const struct addr *a)
{
	static const uint8_t none[16] = { 0 }, all[4] = { 255, 255, 255, 255 };

	return memcmp(a->byte, none, sizeof(none)) == 0 ||
	       (a->family == ADDR_IP4 && memcmp(a->byte, all, sizeof(all)) == 0);
}

/* Nobody can send from a group or from no address at all (RFC 1122 3.2.1.3); an answer to
 * it would reach a whole network. The kernel throws it away, but only behind the raw
 * table. All other addresses are judged, usable or not: Linux serves 0/8 and 240/4. */
static enum pkt_shape check_source(enum pkt_shape shape, struct pkt *p)
{
	if (shape != PKT_SYN || !(addr_scope(&p->src) == SCOPE_MULTICAST ||
				  is_nobodys(&p->src)))
		return shape;
	p->is_tcp = false;
	p->flags = 0;
	return PKT_MALFORMED;
}

enum pkt_shape pkt_parse(const uint8_t *bytes, size_t len, struct pkt *out)
{
	*out = (struct pkt){ 0 };
	if (len == 0)
		return PKT_CUT;
	switch (bytes[0] >> 4) {
	case 4:
		return check_source(parse_ip4(bytes, len, out), out);
	case 6:
		return check_source(parse_ip6(bytes, len, out), out);
	default:
		return PKT_MALFORMED;
	}
}
