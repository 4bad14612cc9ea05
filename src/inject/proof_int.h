/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proof_int.h - let the owner of an address show itself, and remember nothing
 *
 * A SYN is answered with a SYN-ACK that no TCP can accept: its acknowledgement number is
 * a cookie, and lies outside what was sent. Whoever sent the SYN answers with a RST whose
 * sequence number is that acknowledgement number, and then repeats its SYN (RFC 9293
 * 3.10.7.3; Linux after 2 ticks, tcp_rcv_synsent_state_process()). So does, but for the
 * repetition, whoever lives at the address and sent nothing: what is shown is that
 * packets for the address arrive where TCP is spoken.
 *
 * Cookie and sequence number are the halves of one SipHash over family, addresses, ports
 * and slot of time, keyed with a secret of that slot. Pure; `now` is a parameter.
 */
#ifndef INJECT_PROOF_INT_H
#define INJECT_PROOF_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/tick.h"
#include "wire/pkt.h"
#include "wire/tcpgen.h"

/* An answer comes within seconds; a cookie is good for one slot, and the next. */
enum { PROOF_SLOT_MS = 64 * 1000, PROOF_SECRET_BYTES = 16 };

struct prover_secret {
	int64_t slot;
	uint8_t key[PROOF_SECRET_BYTES];
	bool    is_set;
};

/* All zero: nothing is asked, and nothing is a proof. */
struct prover {
	struct prover_secret current;
	struct prover_secret previous;
};

/* Whether the slot of the current secret is over. */
bool proof_is_due(const struct prover *p, struct mono now);

/* The random secret of the slot that has begun; the one before the last is forgotten. */
void proof_renew(struct prover *p, const uint8_t secret[PROOF_SECRET_BYTES],
		 struct mono now);

/* The SYN-ACK for `syn`; returns its length, 0 without a secret of this slot or the one
 * before it. */
size_t proof_ask(const struct prover *p, const struct pkt *syn, struct mono now,
		 uint8_t out[TCPGEN_MAX]);

/* Whether a packet answers a challenge of ours. Takes the same time for every number. */
bool proof_is_shown(const struct prover *p, const struct pkt *rst, struct mono now);

#endif
