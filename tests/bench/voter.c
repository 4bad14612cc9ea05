/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * voter.c - casts black votes at a given rate, on a unix socket or a FIFO
 *
 * One write a vote, the gaps uneven, as if by many filters; each names another address,
 * until a million are used up. What a socket answers is read. Ends with SIGTERM, or after
 * SECONDS; prints how many votes it cast, how many were answered `ok` and how many not,
 * and for how long it did so.
 */
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "bench.h"

enum { ADDRESSES = 1000000, STEP = 7919, ANSWERS_MS = 2000 };

struct voter {
	int      fd;
	bool     is_socket;
	bool     at_start; /* of an answer */
	uint64_t cast;
	uint64_t ok;
	uint64_t refused;
};

static volatile sig_atomic_t ended;

static void on_term(int number)
{
	(void)number;
	ended = 1;
}

static void open_box(struct voter *v, const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct stat st;

	if (stat(path, &st) < 0)
		give_up(path);
	v->is_socket = S_ISSOCK(st.st_mode);
	if (!v->is_socket) {
		v->fd = open(path, O_WRONLY | O_CLOEXEC);
	} else {
		snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
		v->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (v->fd >= 0 && connect(v->fd, (struct sockaddr *)&to, sizeof(to)) < 0)
			give_up(path);
	}
	if (v->fd < 0)
		give_up(path);
}

/* Answers begin with `ok` or `error: `. */
static void read_answers(struct voter *v)
{
	char text[4096];
	ssize_t n;

	while (v->is_socket && (n = recv(v->fd, text, sizeof(text), MSG_DONTWAIT)) > 0)
		for (ssize_t i = 0; i < n; i++) {
			v->ok += v->at_start && text[i] == 'o';
			v->refused += v->at_start && text[i] == 'e';
			v->at_start = text[i] == '\n';
		}
}

static void cast_one(struct voter *v)
{
	uint32_t n = 40U << 24 | (uint32_t)(v->cast * STEP % ADDRESSES);
	char line[64];
	int len = snprintf(line, sizeof(line), "black %u.%u.%u.%u spam\n", n >> 24,
			   n >> 16 & 255, n >> 8 & 255, n & 255);

	if (write(v->fd, line, (size_t)len) != len)
		give_up("write a vote");
	v->cast++;
}

static void vote_on(struct voter *v, uint64_t gap, uint64_t end)
{
	uint64_t due = now_ns();
	struct timespec t;

	prctl(PR_SET_TIMERSLACK, 1UL);
	while (!ended && due < end) {
		due += (v->cast * 2654435761U >> 7) % (2 * gap);
		t = (struct timespec){ (time_t)(due / 1000000000U),
				       (long)(due % 1000000000U) };
		if (due > now_ns())
			clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
		cast_one(v);
		read_answers(v);
	}
}

int main(int argc, char **argv)
{
	struct sigaction term = { .sa_handler = on_term };
	struct voter v = { .at_start = true };
	uint64_t begun, took;
	unsigned long rate;

	if (argc != 5) {
		fprintf(stderr, "usage: voter name path rate seconds\n");
		return 64;
	}
	rate = to_number(argv[3]);
	if (!rate)
		give_up("rate");
	sigaction(SIGTERM, &term, NULL);
	signal(SIGPIPE, SIG_IGN);
	open_box(&v, argv[2]);
	begun = now_ns();
	vote_on(&v, 1000000000U / rate, begun + to_number(argv[4]) * 1000000000U);
	took = now_ns() - begun;
	for (unsigned ms = 0; v.is_socket && v.ok + v.refused < v.cast; ms++) {
		errno = 0;
		if (ms == ANSWERS_MS)
			give_up("votes are not answered");
		nap_us(1000);
		read_answers(&v);
	}
	printf("votes.%s.cast %llu\nvotes.%s.ok %llu\nvotes.%s.refused %llu\n", argv[1],
	       (unsigned long long)v.cast, argv[1], (unsigned long long)v.ok, argv[1],
	       (unsigned long long)v.refused);
	printf("votes.%s.seconds %.3f\n", argv[1], (double)took / 1e9);
	return 0;
}
