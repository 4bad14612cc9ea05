/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inject.h - answer in the kernel's place: refuse a connection, hold on to it, or have
 * its source proven
 *
 * Trusts nobody, the rest of this program included: it sends nothing but a reply from one
 * of our own MX addresses and the SMTP port, never longer than the packet it answers.
 * Never waits, never repeats.
 *
 * A held connection (tarpit) has no state here. The SYN is answered with a SYN-ACK whose
 * sequence number is a keyed cookie of addresses, ports and time; every later packet that
 * acknowledges the cookie is answered with a shut window, until tarpit-max is over. A
 * stray ACK passes for a victim's with a chance of about 2^-20.
 *
 * A challenge (proof) has none either: a SYN-ACK that no TCP accepts, and whose
 * acknowledgement number is a keyed cookie. The RST that answers it shows that it
 * arrived; a stray RST passes for one with a chance of 2^-30.
 */
#ifndef INJECT_INJECT_H
#define INJECT_INJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/tick.h"
#include "core/policy.h"
#include "wire/pkt.h"

enum {
	INJECT_PER_SECOND = 10000, /* replies at most; a knock beyond is just dropped */
	INJECT_KNOWN = 2000,       /* of these, for known senders only */
};

struct inject_conf {
	uint32_t mark;          /* on every packet sent; of inject_open() only */
	int64_t  tarpit_max_ms; /* a connection is held no longer; 1 min to 7 days */
	uint8_t  secret[16];    /* random, of the cookie */
};

struct inject_counts {
	uint64_t sent;
	uint64_t held;    /* of these, SYNs answered with SYN-ACK */
	uint64_t asked;   /* of these, SYNs challenged to prove their source */
	uint64_t kept;    /* of these, later packets answered with a shut window */
	uint64_t let_go;  /* packets of connections past tarpit-max: dropped unanswered */
	uint64_t refused; /* not a reply from our own address and port */
	uint64_t capped;  /* more than INJECT_PER_SECOND */
	uint64_t failed;  /* the kernel did not take it */
};

/* Whom a reply is for, but for what its packet says. */
struct inject_peer {
	uint32_t ifindex;  /* it came in there; 0 = unknown. Needed if link-local */
	bool     is_known; /* let in before, or proven: strangers' replies come second */
};

struct injector;

/* Opens a raw socket for each family, every packet marked with `mark`. *out is owned by
 * the caller. Negative errno: -EPERM means CAP_NET_RAW is missing. */
int inject_open(struct injector **out, const struct inject_conf *c);
void inject_close(struct injector *i);

/* Holds by new settings from now on, with the same sockets: to open others is no longer
 * allowed once privileges are gone. What was held under another secret is let go. */
void inject_change(struct injector *i, const struct inject_conf *c);

/* Refuses the connection attempt `syn`. `p` says which addresses are ours. */
void inject_refuse(struct injector *i, const struct policy *p, const struct pkt *syn,
		   struct inject_peer peer, struct mono now);

/* Answers the SYN so that its sender believes to be connected. */
void inject_hold(struct injector *i, const struct policy *p, const struct pkt *syn,
		 struct inject_peer peer, struct mono now);

/* Whether a packet that is no SYN belongs to a connection we hold, or held until a while
 * ago: it must be dropped, then. Pure. */
bool inject_is_held(const struct injector *i, const struct policy *p,
		    const struct pkt *pkt, struct mono now);

/* Answers such a packet (RST and FIN of the peer are left alone: it has given up). */
void inject_keep(struct injector *i, const struct policy *p, const struct pkt *pkt,
		 struct inject_peer peer, struct mono now);

/* Challenges the sender of a SYN to a fake MX. */
void inject_ask_proof(struct injector *i, const struct policy *p, const struct pkt *syn,
		      struct inject_peer peer, struct mono now);

/* Whether a packet that is no SYN answers a challenge: it must be dropped, then, and its
 * source is proven. */
bool inject_is_proof(const struct injector *i, const struct policy *p,
		     const struct pkt *pkt, struct mono now);

/* A packet that is no SYN: a RST to a fake MX, whatever it proves, shows that they reach
 * us. */
void inject_hear_reset(struct injector *i, const struct policy *p, const struct pkt *pkt);

/* Challenges need a random secret that is renewed whenever one is due, about once a
 * minute; without one nothing is asked. */
bool inject_is_due(const struct injector *i, struct mono now);
void inject_renew(struct injector *i, const uint8_t secret[16], struct mono now);

/* True once, when many were challenged for a while and no RST at all came: the firewall
 * keeps them from us (mxallowd(8), ADDRESS PROOF), or nobody was real. */
bool inject_is_deaf_to_proofs(struct injector *i, struct mono now);

/* True once, when many were held for a while and no packet of theirs ever came back: the
 * firewall keeps them from us (mxallowd(8), TARPIT). */
bool inject_is_deaf(struct injector *i, struct mono now);

struct inject_counts inject_count(const struct injector *i);

#endif
