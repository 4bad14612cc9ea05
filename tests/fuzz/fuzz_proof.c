/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_proof.c - any bytes as a packet for the proof of addresses
 *
 * A SYN must be challenged so that no TCP accepts it, and the RST that answers it is
 * known again, in this slot and the next, and no later. Of any other packet, what passes
 * for an answer must be a RST; the corpus has some. The first byte is the time.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "inject/proof_int.h"
#include "wire/pkt.h"

#include "fuzz.h"

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void expect_challenge(struct prover *p, const struct pkt *syn, struct mono now)
{
	uint8_t out[TCPGEN_MAX];
	size_t len = proof_ask(p, syn, now, out);
	struct pkt rst = *syn, answer;

	must(pkt_parse(out, len, &answer) == PKT_NOT_A_SYN);
	must(answer.flags == (PKT_SYNC | PKT_ACK) && answer.sport == syn->dport);
	must((int32_t)(answer.ack - syn->seq) <= 0);
	rst.flags = PKT_RST;
	rst.seq = answer.ack;
	must(proof_is_shown(p, &rst, now));
	for (int i = 1; i <= 2; i++) {
		now.ms += PROOF_SLOT_MS;
		proof_renew(p, (const uint8_t *)"sixteen letters.", now);
		must(proof_is_shown(p, &rst, now) == (i == 1));
	}
}

int fuzz_one(const uint8_t *bytes, size_t len)
{
	struct prover p = { .current = { .is_set = false } };
	struct mono now;
	struct pkt pkt;

	if (len == 0)
		return 0;
	now.ms = bytes[0] * (int64_t)PROOF_SLOT_MS;
	proof_renew(&p, (const uint8_t *)"fifteen letters", now);
	if (pkt_parse(bytes + 1, len - 1, &pkt) == PKT_SYN)
		expect_challenge(&p, &pkt, now);
	else if (proof_is_shown(&p, &pkt, now))
		must(pkt.is_tcp && (pkt.flags & (PKT_RST | PKT_SYNC)) == PKT_RST);
	return 0;
}
