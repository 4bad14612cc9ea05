/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_nfqueue.c - any bytes as a netlink message of the kernel's packet queue
 *
 * Aborts when the packet found in it does not lie in it. Every byte of the packet is
 * read, as the daemon would.
 */
#include <stdlib.h>

#include "transport/nfqueue.h"
#include "wire/pkt.h"

#include "fuzz.h"

int fuzz_one(const uint8_t *bytes, size_t len)
{
	struct held held = { .len = 0 };
	struct pkt p;

	if (!nfqueue_parse(bytes, len, &held) || held.len == 0)
		return 0;
	if (held.bytes < bytes || held.bytes > bytes + len ||
	    held.len > (size_t)(bytes + len - held.bytes))
		abort();
	(void)pkt_parse(held.bytes, held.len, &p);
	return 0;
}
