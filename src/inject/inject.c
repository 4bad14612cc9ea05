/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inject.c - one raw socket a family, four kinds of packets
 */
#include "inject/inject.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "inject/proof_int.h"
#include "inject/tarpit_int.h"
#include "wire/tcpgen.h"

enum {
	DEAF_COUNT = 10, /* connections held, or knocks challenged, and ... */
	DEAF_MS = 20000, /* ... time without a packet of any of them */
};

/* Whether what was sent ever brought a packet back. */
struct hearing {
	struct mono first; /* something was sent */
	bool        has_heard;
	bool        has_told;
};

/* A reply to a forged neighbour waits three seconds in the kernel for an address that
 * never comes, and holds about 832 bytes of the socket's buffer meanwhile. There is room
 * for as many as we send in that time, so that they keep nobody else's from going out.
 * The kernel doubles it. */
enum { BUFFER_BYTES = 3 * INJECT_PER_SECOND * 832 / 2 };

struct injector {
	int                  fd4;
	int                  fd6; /* negative: this machine has no IPv6 */
	struct tarpit        tarpit;
	struct prover        prover;
	struct hearing       of_held;
	struct hearing       of_asked;
	int64_t              second;
	unsigned             this_second;
	struct inject_counts counts;
};

/* IPPROTO_RAW means for both families: the header is ours, and nothing is received
 * (raw(7), ipv6 rawv6_init_sk()). */
static int open_raw(int family, uint32_t mark)
{
	int fd = socket(family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_RAW);
	int bytes = BUFFER_BYTES, err;

	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)) < 0) {
		err = -errno;
		close(fd);
		return err;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof(bytes)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
	return fd;
}

void inject_change(struct injector *i, const struct inject_conf *c)
{
	i->tarpit.max_ms = c->tarpit_max_ms;
	memcpy(i->tarpit.secret, c->secret, sizeof(i->tarpit.secret));
}

int inject_open(struct injector **out, const struct inject_conf *c)
{
	struct injector *i = calloc(1, sizeof(*i));
	int err;

	if (!i)
		return -ENOMEM;
	inject_change(i, c);
	i->fd4 = open_raw(AF_INET, c->mark);
	i->fd6 = open_raw(AF_INET6, c->mark);
	err = i->fd4 < 0 ? i->fd4 : i->fd6 < 0 && i->fd6 != -EAFNOSUPPORT ? i->fd6 : 0;
	if (err < 0)
		inject_close(i);
	else
		*out = i;
	return err;
}

void inject_close(struct injector *i)
{
	if (!i)
		return;
	if (i->fd4 >= 0)
		close(i->fd4);
	if (i->fd6 >= 0)
		close(i->fd6);
	free(i);
}

static bool is_ours(const struct policy *p, const struct pkt *pkt)
{
	enum addr_scope scope = addr_scope(&pkt->src);

	return scope != SCOPE_MULTICAST && scope != SCOPE_UNUSABLE && pkt->is_tcp &&
	       pkt->dport == p->smtp_port &&
	       (policy_is_fake(p, &pkt->dst) || policy_is_real(p, &pkt->dst)) &&
	       pkt->src.family == pkt->dst.family;
}

static bool may_send(struct injector *i, bool is_known, struct mono now)
{
	unsigned max = INJECT_PER_SECOND - (is_known ? 0 : INJECT_KNOWN);
	int64_t second = now.ms / 1000;

	if (second != i->second) {
		i->second = second;
		i->this_second = 0;
	}
	if (i->this_second >= max)
		return false;
	i->this_second++;
	return true;
}

static ssize_t send_packet(struct injector *i, const uint8_t *bytes, size_t len,
			   const struct addr *to, uint32_t ifindex)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

	if (to->family == ADDR_IP4) {
		memcpy(&in.sin_addr, to->byte, 4);
		return sendto(i->fd4, bytes, len, MSG_DONTWAIT, (struct sockaddr *)&in,
			      sizeof(in));
	}
	memcpy(&in6.sin6_addr, to->byte, 16);
	if (addr_scope(to) == SCOPE_LINK)
		in6.sin6_scope_id = ifindex;
	return sendto(i->fd6, bytes, len, MSG_DONTWAIT, (struct sockaddr *)&in6,
		      sizeof(in6));
}

/* Whether `bytes` went out to the sender of `pkt`. */
static bool answer(struct injector *i, const struct pkt *pkt, uint32_t ifindex,
		   const uint8_t *bytes, size_t len)
{
	bool sent = send_packet(i, bytes, len, &pkt->src, ifindex) >= 0;

	if (sent)
		i->counts.sent++;
	else
		i->counts.failed++;
	return sent;
}

/* Whether `pkt` may be answered at all; counted when not. */
static bool may_answer(struct injector *i, const struct policy *p, const struct pkt *pkt,
		       struct inject_peer peer, struct mono now)
{
	if (!is_ours(p, pkt)) {
		i->counts.refused++;
		return false;
	}
	if (!may_send(i, peer.is_known, now)) {
		i->counts.capped++;
		return false;
	}
	return true;
}

void inject_refuse(struct injector *i, const struct policy *p, const struct pkt *syn,
		   struct inject_peer peer, struct mono now)
{
	uint8_t bytes[TCPGEN_MAX];

	if (may_answer(i, p, syn, peer, now))
		answer(i, syn, peer.ifindex, bytes, tcpgen_reset(syn, bytes));
}

void inject_hold(struct injector *i, const struct policy *p, const struct pkt *syn,
		 struct inject_peer peer, struct mono now)
{
	uint8_t bytes[TCPGEN_MAX];
	size_t len = tarpit_hold(&i->tarpit, syn, now, bytes);

	if (!may_answer(i, p, syn, peer, now) ||
	    !answer(i, syn, peer.ifindex, bytes, len))
		return;
	if (i->counts.held++ == 0)
		i->of_held.first = now;
}

void inject_ask_proof(struct injector *i, const struct policy *p, const struct pkt *syn,
		      struct inject_peer peer, struct mono now)
{
	uint8_t bytes[TCPGEN_MAX];
	size_t len = proof_ask(&i->prover, syn, now, bytes);

	if (len == 0 || !policy_is_fake(p, &syn->dst)) {
		i->counts.refused++;
		return;
	}
	if (!may_answer(i, p, syn, peer, now) ||
	    !answer(i, syn, peer.ifindex, bytes, len))
		return;
	if (i->counts.asked++ == 0)
		i->of_asked.first = now;
}

bool inject_is_proof(const struct injector *i, const struct policy *p,
		     const struct pkt *pkt, struct mono now)
{
	return is_ours(p, pkt) && policy_is_fake(p, &pkt->dst) &&
	       proof_is_shown(&i->prover, pkt, now);
}

void inject_hear_reset(struct injector *i, const struct policy *p, const struct pkt *pkt)
{
	if (is_ours(p, pkt) && policy_is_fake(p, &pkt->dst) && (pkt->flags & PKT_RST))
		i->of_asked.has_heard = true;
}

bool inject_is_due(const struct injector *i, struct mono now)
{
	return proof_is_due(&i->prover, now);
}

void inject_renew(struct injector *i, const uint8_t secret[16], struct mono now)
{
	proof_renew(&i->prover, secret, now);
}

bool inject_is_held(const struct injector *i, const struct policy *p,
		    const struct pkt *pkt, struct mono now)
{
	uint32_t ack;

	return is_ours(p, pkt) && tarpit_find(&i->tarpit, pkt, now, &ack) != TARPIT_STRAY;
}

void inject_keep(struct injector *i, const struct policy *p, const struct pkt *pkt,
		 struct inject_peer peer, struct mono now)
{
	uint8_t bytes[TCPGEN_MAX];
	uint32_t ack;
	enum tarpit_find found = tarpit_find(&i->tarpit, pkt, now, &ack);

	if (found == TARPIT_STRAY) {
		i->counts.refused++;
		return;
	}
	i->of_held.has_heard = true;
	if (found == TARPIT_OVER)
		i->counts.let_go++;
	else if (!(pkt->flags & (PKT_FIN | PKT_RST)) &&
		 may_answer(i, p, pkt, peer, now) &&
		 answer(i, pkt, peer.ifindex, bytes, tcpgen_shut_window(pkt, ack, bytes)))
		i->counts.kept++;
}

static bool is_deaf(struct hearing *h, uint64_t sent, struct mono now)
{
	if (h->has_told || h->has_heard || sent < DEAF_COUNT ||
	    !mono_reached(now, mono_after(h->first, DEAF_MS)))
		return false;
	h->has_told = true;
	return true;
}

bool inject_is_deaf(struct injector *i, struct mono now)
{
	return is_deaf(&i->of_held, i->counts.held, now);
}

bool inject_is_deaf_to_proofs(struct injector *i, struct mono now)
{
	return is_deaf(&i->of_asked, i->counts.asked, now);
}

struct inject_counts inject_count(const struct injector *i)
{
	return i->counts;
}
