/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inject.c - one raw socket a family, one kind of packet
 */
#include "inject/inject.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire/tcpgen.h"

/* A refusal to a forged neighbour waits three seconds in the kernel for an address that never
 * comes, and holds about 832 bytes of the socket's buffer meanwhile. There is room for as many
 * as we send in that time, so that they keep nobody else's from going out. The kernel doubles
 * it. */
enum { BUFFER_BYTES = 3 * INJECT_PER_SECOND * 832 / 2 };

struct injector {
	int                  fd4;
	int                  fd6; /* negative: this machine has no IPv6 */
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

int inject_open(struct injector **out, uint32_t mark)
{
	struct injector *i = calloc(1, sizeof(*i));
	int err;

	if (!i)
		return -ENOMEM;
	i->fd4 = open_raw(AF_INET, mark);
	i->fd6 = open_raw(AF_INET6, mark);
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

static bool is_ours(const struct policy *p, const struct pkt *syn)
{
	enum addr_scope scope = addr_scope(&syn->src);

	return scope != SCOPE_MULTICAST && scope != SCOPE_UNUSABLE &&
	       syn->dport == p->smtp_port &&
	       (policy_is_fake(p, &syn->dst) || policy_is_real(p, &syn->dst)) &&
	       syn->src.family == syn->dst.family;
}

static bool may_send(struct injector *i, struct mono now)
{
	int64_t second = now.ms / 1000;

	if (second != i->second) {
		i->second = second;
		i->this_second = 0;
	}
	return i->this_second++ < INJECT_PER_SECOND;
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
	return sendto(i->fd6, bytes, len, MSG_DONTWAIT, (struct sockaddr *)&in6, sizeof(in6));
}

void inject_refuse(struct injector *i, const struct policy *p, const struct pkt *syn,
		   uint32_t ifindex, struct mono now)
{
	uint8_t bytes[TCPGEN_MAX];
	size_t len;

	if (!is_ours(p, syn)) {
		i->counts.refused++;
	} else if (!may_send(i, now)) {
		i->counts.capped++;
	} else {
		len = tcpgen_reset(syn, bytes);
		if (send_packet(i, bytes, len, &syn->src, ifindex) < 0)
			i->counts.failed++;
		else
			i->counts.sent++;
	}
}

struct inject_counts inject_count(const struct injector *i)
{
	return i->counts;
}
