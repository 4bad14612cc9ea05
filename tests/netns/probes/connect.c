/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * connect.c - one connection attempt, as a mail server makes it
 *
 * usage: connect SOURCE DESTINATION PORT LIMIT_MS [hold]
 * Prints "open MS" (and the greeting arrived), "refused MS", "silent" when nothing came
 * within the limit, or "error WHY". With `hold` the connection stays open until killed.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "address.h"

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (long)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static bool wait_for(int fd, short events, long until)
{
	struct pollfd p = { .fd = fd, .events = events };
	long left = until - now_ms();

	return left > 0 && poll(&p, 1, (int)left) == 1;
}

/* 0 when connected and greeted, else errno; ETIMEDOUT is ours. */
static int try_it(int fd, const struct sockaddr_storage *to, socklen_t len, long until)
{
	char greeting[4];
	int err = 0;
	socklen_t errlen = sizeof(err);

	if (connect(fd, (const struct sockaddr *)to, len) < 0 && errno != EINPROGRESS)
		return errno;
	if (!wait_for(fd, POLLOUT, until))
		return ETIMEDOUT;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &errlen) < 0 || err != 0)
		return err;
	if (!wait_for(fd, POLLIN, until))
		return EPROTO;
	if (recv(fd, greeting, sizeof(greeting), 0) != 4 ||
	    memcmp(greeting, "220 ", 4) != 0)
		return EPROTO;
	return 0;
}

int main(int argc, char **argv)
{
	struct sockaddr_storage from, to;
	socklen_t fromlen, tolen;
	long start;
	int fd, err;

	if (argc < 5)
		return 64;
	fromlen = address(argv[1], 0, &from);
	tolen = address(argv[2], (unsigned)strtoul(argv[3], NULL, 10), &to);
	fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fromlen == 0 || fromlen != tolen || fd < 0 ||
	    bind(fd, (const struct sockaddr *)&from, fromlen) < 0) {
		printf("error cannot connect from %s to %s\n", argv[1], argv[2]);
		return 1;
	}

	start = now_ms();
	err = try_it(fd, &to, tolen, start + strtol(argv[4], NULL, 10));
	if (err == 0)
		printf("open %ld\n", now_ms() - start);
	else if (err == ECONNREFUSED)
		printf("refused %ld\n", now_ms() - start);
	else if (err == ETIMEDOUT)
		printf("silent\n");
	else
		printf("error %s\n", strerror(err));
	fflush(stdout);
	if (err == 0 && argc > 5)
		pause();
	close(fd);
	return 0;
}
