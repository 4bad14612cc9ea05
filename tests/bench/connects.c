/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * connects.c - how long connect() takes a client whose SYN goes through a queue
 *
 * The listener lives in the namespace the program starts in, the client in another; both
 * in one thread, so that nothing else has to be woken up but the process that answers.
 * Prints the median of each round and its 99th percentile, in microseconds, and how many
 * of a hundred were let in within two seconds.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>

#include "bench.h"

enum { TARGETS_MAX = 8, SAMPLES_MAX = 10000, PORT = 25 };

static int listen_here(void)
{
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	if (fd < 0)
		give_up("socket");
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) < 0 || listen(fd, 128) < 0)
		give_up("listen on port 25");
	return fd;
}

/* Microseconds; negative when it had no answer. */
static double connect_once(int server, const struct sockaddr_in *to)
{
	struct linger at_once = { 1, 0 }; /* RST instead of FIN: no TIME_WAIT piles up */
	struct timeval limit = { 2, 0 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), peer;
	uint64_t start, took;

	if (fd < 0)
		give_up("socket");
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	start = now_ns();
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0) {
		if (errno != EINPROGRESS && errno != ETIMEDOUT)
			give_up("connect");
		close(fd);
		return -1;
	}
	took = now_ns() - start;
	peer = accept(server, NULL, NULL);
	if (peer < 0)
		give_up("accept");
	close(fd);
	close(peer);
	return (double)took / 1000;
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void measure(int server, char **target, unsigned count, unsigned gap_us)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	static double us[SAMPLES_MAX];
	unsigned in = 0;

	if (inet_pton(AF_INET, target[1], &to.sin_addr) != 1)
		give_up(target[1]);
	for (unsigned i = 0; i < count; i++) {
		nap_us(gap_us);
		us[in] = connect_once(server, &to);
		in += us[in] >= 0;
	}
	if (in == 0)
		give_up("nobody was let in");
	qsort(us, in, sizeof(us[0]), by_size);
	printf("connect.%s %.3f\n", target[0], us[in / 2]);
	printf("connect.%s.p99 %.3f\n", target[0], us[in - 1 - in / 100]);
	printf("connect.%s.let-in %.3f\n", target[0], 100.0 * in / count);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	unsigned targets = (unsigned)(argc - 5) / 2, rounds, count, gap_us, at;
	int server, fd;

	if (argc < 7 || (argc - 5) % 2 || targets > TARGETS_MAX) {
		fprintf(stderr, "usage: connects netns-file rounds connects gap-us "
				"{name dst}...\n");
		return 64;
	}
	rounds = (unsigned)to_number(argv[2]);
	count = (unsigned)to_number(argv[3]);
	gap_us = (unsigned)to_number(argv[4]);
	if (!count || count > SAMPLES_MAX)
		give_up("connects");
	server = listen_here();
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
		give_up(argv[1]);
	for (unsigned r = 0; r < rounds; r++)
		for (unsigned i = 0; i < targets; i++) {
			at = r % 2 ? targets - 1 - i : i;
			measure(server, argv + 5 + at * 2, count, gap_us);
		}
	return 0;
}
