/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_link.c - any bytes as a captured frame; the first one says of which kind
 *
 * Aborts when the packet found does not lie in the frame. Every byte of it is read.
 */
#include <stdlib.h>

#include "wire/link.h"
#include "wire/pkt.h"

#include "fuzz.h"

int fuzz_one(const uint8_t *bytes, size_t len)
{
	struct link_packet packet;
	struct pkt p;

	if (len == 0)
		return 0;
	if (link_find_ip((enum link_kind)(bytes[0] % (LINK_PFLOG + 1)), bytes + 1,
			 len - 1, &packet) == LINK_NO_IP)
		return 0;
	if (packet.bytes < bytes + 1 || packet.bytes > bytes + len ||
	    packet.len > (size_t)(bytes + len - packet.bytes))
		abort();
	(void)pkt_parse(packet.bytes, packet.len, &p);
	return 0;
}
