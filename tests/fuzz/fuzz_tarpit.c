/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_tarpit.c - any bytes as a packet for the tarpit
 *
 * A SYN must be held: its peer's next packet is known again, and let go in time. Of any
 * other packet, what passes for a held one must have an answer that no peer takes for
 * old, or for ahead of what it sent. The first byte is the time.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "inject/tarpit_int.h"
#include "wire/pkt.h"

#include "fuzz.h"

enum { MAX_MS = 64 * 1000, SLOT_MS = MAX_MS / TARPIT_SLOTS };

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void expect_held(const struct tarpit *t, const struct pkt *syn, struct mono now)
{
	uint8_t out[TCPGEN_MAX];
	size_t len = tarpit_hold(t, syn, now, out);
	struct pkt peer = *syn, answer;
	uint32_t ack = 0;

	must(pkt_parse(out, len, &answer) == PKT_NOT_A_SYN);
	must(answer.flags == (PKT_SYNC | PKT_ACK) && answer.ack == syn->seq + 1);
	peer.flags = PKT_ACK;
	peer.ack = answer.seq + 1;
	for (uint32_t i = 0; i <= TARPIT_WINDOW + 2; i++) {
		peer.seq = syn->seq + i;
		must(tarpit_find(t, &peer, now, &ack) == TARPIT_HELD);
		must(ack == syn->seq + 1);
	}
	now.ms += MAX_MS;
	must(tarpit_find(t, &peer, now, &ack) == TARPIT_OVER);
	now.ms += 256 * SLOT_MS;
	must(tarpit_find(t, &peer, now, &ack) == TARPIT_STRAY);
}

/* The corpus has packets of held peers: no hunt would guess their hash. */
static void expect_sane(const struct tarpit *t, const struct pkt *p, struct mono now)
{
	uint8_t out[TCPGEN_MAX];
	uint32_t ack = 0;
	struct pkt answer;

	if (tarpit_find(t, p, now, &ack) == TARPIT_STRAY)
		return;
	must((p->flags & (PKT_ACK | PKT_SYNC)) == PKT_ACK);
	must(ack - p->seq <= 1 || p->seq - ack < 15);
	must(pkt_parse(out, tcpgen_shut_window(p, ack, out), &answer) == PKT_NOT_A_SYN);
	must(answer.flags == PKT_ACK && answer.ack == ack && answer.seq == p->ack);
}

int fuzz_one(const uint8_t *bytes, size_t len)
{
	const struct tarpit t = { MAX_MS, "fifteen letters" };
	struct mono now;
	struct pkt p;

	if (len == 0)
		return 0;
	now.ms = bytes[0] * (int64_t)SLOT_MS * 7;
	if (pkt_parse(bytes + 1, len - 1, &p) == PKT_SYN)
		expect_held(&t, &p, now);
	else
		expect_sane(&t, &p, now);
	return 0;
}
