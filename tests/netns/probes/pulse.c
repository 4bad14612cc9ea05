/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pulse.c - connection attempts one after another, and how long the slowest waited
 *
 * usage: pulse SOURCE DESTINATION SECONDS
 * Each attempt is to be refused or accepted; it is given up after two seconds. Prints
 * "attempts N failed N worst MS": of those that came to an end, milliseconds of the
 * slowest.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LIMIT_MS = 2000, GAP_US = 500 };

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static bool address(const char *text, unsigned port, struct sockaddr_in *out)
{
	*out = (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons((uint16_t)port) };
	return inet_pton(AF_INET, text, &out->sin_addr) == 1;
}

/* True when something came back, be it a refusal. */
static bool try_it(const struct sockaddr_in *from, const struct sockaddr_in *to)
{
	const struct linger gone = { .l_onoff = 1 }; /* leaves no TIME_WAIT */
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	bool is_answered;

	if (fd < 0 || bind(fd, (const struct sockaddr *)from, sizeof(*from)) < 0)
		return false;
	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &gone, sizeof(gone));
	is_answered = connect(fd, (const struct sockaddr *)to, sizeof(*to)) == 0 ||
		      errno == ECONNREFUSED ||
		      (errno == EINPROGRESS && poll(&p, 1, LIMIT_MS) == 1);
	close(fd);
	return is_answered;
}

int main(int argc, char **argv)
{
	unsigned attempts = 0, failed = 0;
	struct sockaddr_in from, to;
	int64_t end_us, worst_us = 0;

	if (argc != 4 || !address(argv[1], 0, &from) || !address(argv[2], 25, &to))
		return 64;
	end_us = now_us() + (int64_t)(strtod(argv[3], NULL) * 1e6);
	while (now_us() < end_us) {
		int64_t begun_us = now_us();

		attempts++;
		if (!try_it(&from, &to))
			failed++;
		else if (now_us() - begun_us > worst_us)
			worst_us = now_us() - begun_us;
		usleep(GAP_US);
	}
	printf("attempts %u failed %u worst %lld\n", attempts, failed,
	       (long long)(worst_us + 999) / 1000);
	return 0;
}
