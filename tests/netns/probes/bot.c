/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bot.c - connect to port 25, perhaps talk at once, and see for how long we are held
 *
 * usage: bot SOURCE DESTINATION CONNECTIONS BYTES SECONDS
 * Sends BYTES in each connection without waiting for a greeting (0: waits for it). Prints
 * "connected N" when that is done, and after SECONDS "established N probes MIN unanswered
 * MAX": how many connections the kernel still has, how many packets each sent behind its
 * handshake at least, and how many probes in a row were not answered at most.
 */
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "address.h"

enum { CONNECTIONS_MAX = 4000, CONNECT_MS = 4000, HANDSHAKE_PACKETS = 2 };

/* A connected socket, or -1. */
static int open_one(const char *from, const char *to)
{
	struct sockaddr_storage src, dst;
	socklen_t srclen = address(from, 0, &src), len = address(to, 25, &dst);
	int fd = socket(dst.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	int err = 0;
	socklen_t errlen = sizeof(err);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&src, srclen) < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)&dst, len) < 0 && errno != EINPROGRESS)
		err = errno;
	else if (poll(&p, 1, CONNECT_MS) != 1 ||
		 getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &errlen) < 0)
		err = ETIMEDOUT;
	if (err == 0)
		return fd;
	close(fd);
	return -1;
}

static void report(const int *fd, unsigned count)
{
	unsigned established = 0, probes = ~0u, unanswered = 0;

	for (unsigned i = 0; i < count; i++) {
		struct tcp_info info = { 0 };
		socklen_t len = sizeof(info);

		if (getsockopt(fd[i], IPPROTO_TCP, TCP_INFO, &info, &len) < 0 ||
		    info.tcpi_state != 1) /* TCP_ESTABLISHED, include/net/tcp_states.h */
			continue;
		established++;
		if (info.tcpi_segs_out - HANDSHAKE_PACKETS < probes)
			probes = info.tcpi_segs_out - HANDSHAKE_PACKETS;
		if (info.tcpi_probes > unanswered)
			unanswered = info.tcpi_probes;
	}
	printf("established %u probes %u unanswered %u\n", established,
	       established > 0 ? probes : 0, unanswered);
}

int main(int argc, char **argv)
{
	struct rlimit files = { CONNECTIONS_MAX + 16, CONNECTIONS_MAX + 16 };
	static const char words[4096];
	static int fd[CONNECTIONS_MAX];
	unsigned wanted, connected = 0;
	size_t bytes;

	if (argc != 6)
		return 64;
	wanted = (unsigned)strtoul(argv[3], NULL, 10);
	bytes = strtoul(argv[4], NULL, 10);
	if (wanted > CONNECTIONS_MAX || bytes > sizeof(words))
		return 64;
	if (wanted > 1000)
		(void)setrlimit(RLIMIT_NOFILE, &files);
	for (unsigned i = 0; i < wanted; i++) {
		fd[connected] = open_one(argv[1], argv[2]);
		if (fd[connected] < 0)
			continue;
		if (bytes > 0)
			(void)send(fd[connected], words, bytes, MSG_NOSIGNAL);
		connected++;
	}
	printf("connected %u\n", connected);
	fflush(stdout);
	sleep((unsigned)strtoul(argv[5], NULL, 10));
	report(fd, connected);
	return 0;
}
