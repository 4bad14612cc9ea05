/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_capfile.c - any bytes as a capture file
 *
 * Aborts when packets are not numbered one by one, when a time is negative, or when a
 * failure has no reason. What is captured is read to its end.
 */
#include <stdlib.h>
#include <string.h>

#include "transport/capfile.h"
#include "wire/pkt.h"

#include "fuzz.h"

static void must(int holds)
{
	if (!holds)
		abort();
}

int fuzz_one(const uint8_t *bytes, size_t len)
{
	/* The stream is only read. */
	FILE *stream = len > 0 ? fmemopen((void *)(uintptr_t)bytes, len, "rb") : NULL;
	char why[CAPFILE_WHY_MAX] = "";
	enum capfile_state state;
	struct link_packet packet;
	struct capfile *c;
	struct capture got;
	struct pkt p;
	uint64_t count = 0;

	if (!stream)
		return 0;
	state = capfile_open_stream(&c, stream, why);
	must((state == CAPFILE_FINE) == (c != NULL));
	while (state == CAPFILE_FINE) {
		state = capfile_read(c, &got, why);
		must(state == CAPFILE_END || got.number == ++count);
		if (state != CAPFILE_FINE)
			break;
		must(got.ms >= 0);
		if (link_find_ip(capfile_link(c), got.bytes, got.len, &packet) !=
		    LINK_NO_IP)
			(void)pkt_parse(packet.bytes, packet.len, &p);
	}
	must(state != CAPFILE_DAMAGED || strlen(why) > 0);
	capfile_close(c);
	return 0;
}
