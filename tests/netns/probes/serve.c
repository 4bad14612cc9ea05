/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * serve.c - a mail server that greets and says no more
 *
 * usage: serve PORT...   Returns when it listens on every address of both families; the
 * server itself stays behind, alone in its session.
 */
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORTS_MAX = 8, BACKLOG = 1024 };

static int listen_on(unsigned port)
{
	struct sockaddr_in6 any = {
		.sin6_family = AF_INET6,
		.sin6_port = htons((uint16_t)port),
	};
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1, no = 0;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) < 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no)) < 0 ||
	    bind(fd, (const struct sockaddr *)&any, sizeof(any)) < 0 ||
	    listen(fd, BACKLOG) < 0)
		return -1;
	return fd;
}

static void greet(int listener)
{
	static const char greeting[] = "220 mx2.example.org ESMTP\r\n";
	int fd = accept(listener, NULL, NULL);

	if (fd < 0)
		return;
	(void)send(fd, greeting, sizeof(greeting) - 1, MSG_NOSIGNAL);
	close(fd);
}

int main(int argc, char **argv)
{
	struct pollfd ports[PORTS_MAX];
	nfds_t count = 0;

	for (int i = 1; i < argc && count < PORTS_MAX; i++) {
		ports[count].fd = listen_on((unsigned)strtoul(argv[i], NULL, 10));
		ports[count].events = POLLIN;
		if (ports[count++].fd < 0)
			return 1;
	}
	if (daemon(0, 0) < 0)
		return 1;
	while (poll(ports, count, -1) > 0) {
		for (nfds_t i = 0; i < count; i++)
			if (ports[i].revents & POLLIN)
				greet(ports[i].fd);
	}
	return 0;
}
