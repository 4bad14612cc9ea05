/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench.h - what the measuring programs share: clocks, CPU accounts, bursts of SYNs
 *
 * Every program prints lines "KEY VALUE", one for each round; table.awk makes medians
 * and ratios of them. Whatever fails ends the program: a bench that goes on without one
 * of its parts would print nonsense.
 */
#ifndef BENCH_H
#define BENCH_H

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* SYNs to send: `count` sources out of `range` that start at `first`, all different. */
struct burst {
	const char *synsend; /* path of the program */
	const char *net;     /* file that names the network namespace to send from */
	const char *dst;
	const char *first;
	uint32_t    range;
	uint64_t    offset;  /* places of the range used up by earlier bursts */
	uint32_t    count;
	uint32_t    rate;    /* a second; 0 = as fast as it goes */
};

__attribute__((noreturn)) static inline void give_up(const char *what)
{
	fprintf(stderr, "bench: %s%s%s\n", what, errno ? ": " : "",
		errno ? strerror(errno) : "");
	exit(1);
}

static inline uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

static inline void nap_us(unsigned us)
{
	struct timespec t = { us / 1000000, (long)(us % 1000000) * 1000 };

	nanosleep(&t, NULL);
}

static inline unsigned long to_number(const char *text)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(text, &end, 10);
	if (errno || end == text || *end)
		give_up(text);
	return n;
}

/* First number of a file such as /proc/PID/schedstat: nanoseconds on a CPU. */
static inline uint64_t file_number(const char *path)
{
	char text[256] = "";
	FILE *f = fopen(path, "r");

	if (!f)
		return 0;
	if (!fgets(text, sizeof(text), f))
		text[0] = '\0';
	fclose(f);
	return strtoull(text, NULL, 10);
}

/* CPU time of all threads, exact to the last time each of them went to sleep. */
static inline uint64_t cpu_ns(pid_t pid)
{
	char path[600];
	struct dirent *e;
	uint64_t sum = 0;
	DIR *d;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	d = opendir(path);
	if (!d)
		give_up(path);
	while ((e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%d/task/%s/schedstat", (int)pid,
			 e->d_name);
		sum += file_number(path);
	}
	closedir(d);
	return sum;
}

/* The generator lies next to the program that asks. */
static inline const char *synsend_beside(const char *self, char *path, size_t size)
{
	const char *slash = strrchr(self, '/');

	snprintf(path, size, "%.*s/synsend", slash ? (int)(slash - self) : 1,
		 slash ? self : ".");
	return path;
}

static inline pid_t burst_start(const struct burst *b)
{
	char range[24], offset[24], count[24], rate[24];
	pid_t pid;

	snprintf(range, sizeof(range), "%u", (unsigned)b->range);
	snprintf(offset, sizeof(offset), "%llu", (unsigned long long)b->offset);
	snprintf(count, sizeof(count), "%u", (unsigned)b->count);
	snprintf(rate, sizeof(rate), "%u", (unsigned)b->rate);
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		give_up("fork");
	if (pid == 0) {
		execl(b->synsend, b->synsend, "-N", b->net, "-d", b->dst, "-s", b->first,
		      "-r", range, "-o", offset, "-n", count, "-p", rate, (char *)NULL);
		_exit(127);
	}
	return pid;
}

static inline uint64_t timeval_ns(const struct timeval *t)
{
	return (uint64_t)t->tv_sec * 1000000000U + (uint64_t)t->tv_usec * 1000U;
}

/* Waits for the generator; *cpu gets its CPU time when asked for. */
static inline void burst_end(pid_t pid, uint64_t *cpu)
{
	struct rusage u;
	int status;

	if (wait4(pid, &status, 0, &u) != pid)
		give_up("wait4");
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		errno = 0;
		give_up("synsend failed");
	}
	if (cpu)
		*cpu = timeval_ns(&u.ru_utime) + timeval_ns(&u.ru_stime);
}

#endif
