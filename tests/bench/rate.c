/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rate.c - what a SYN costs the machine while they arrive at a steady rate
 *
 * Sends at the same rate to each target in turn and accounts three ways: `busy`, all CPU
 * time of the machine but what its other users took (`others`); `gen`, that of the
 * generator, which carries the arrival of the packet and the waking of the reader; `own`,
 * that of the process that answers. The target with pid 0 is a plain DROP rule: what it
 * costs is to be subtracted.
 */
#include "bench.h"

enum { FIELDS = 3, TARGETS_MAX = 8, SOURCES = 1 << 24 };

struct target {
	const char *name;
	pid_t       pid; /* 0 = nobody answers */
	const char *dst;
};

struct account {
	uint64_t machine; /* all in ns */
	uint64_t processes;
	uint64_t own;
};

/* User, nice, system, irq and softirq ticks of all CPUs, in ns. */
static uint64_t machine_ns(void)
{
	FILE *f = fopen("/proc/stat", "r");
	char line[512] = "", *at = line + 3;
	uint64_t field[7] = { 0 };

	if (!f || !fgets(line, sizeof(line), f) || strncmp(line, "cpu ", 4) != 0)
		give_up("/proc/stat");
	fclose(f);
	for (unsigned i = 0; i < 7; i++)
		field[i] = strtoull(at, &at, 10);
	return (field[0] + field[1] + field[2] + field[5] + field[6]) *
	       (1000000000U / (uint64_t)sysconf(_SC_CLK_TCK));
}

/* User and system time of a process and the children it has waited for, in ticks. */
static uint64_t process_ticks(const char *pid)
{
	enum { PPID = 2, UTIME = 12, CSTIME = 15, KTHREADD = 2 };
	char path[300], line[1024], *at;
	uint64_t sum = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	f = fopen(path, "r");
	if (!f)
		return 0;
	at = fgets(line, sizeof(line), f) ? strrchr(line, ')') : NULL;
	fclose(f);
	if (!at || strlen(at) < 4)
		return 0;
	at += 3; /* behind the name and the state letter */
	for (int field = PPID; field <= CSTIME; field++) {
		uint64_t n = strtoull(at, &at, 10);

		if (field == PPID && n == KTHREADD)
			return 0; /* the kernel's own threads may be working for us */
		if (field >= UTIME)
			sum += n;
	}
	return sum;
}

/* CPU time of all processes, ended ones included. */
static uint64_t processes_ns(void)
{
	uint64_t ticks = 0;
	struct dirent *e;
	DIR *d = opendir("/proc");

	if (!d)
		give_up("/proc");
	while ((e = readdir(d)))
		if (e->d_name[0] >= '1' && e->d_name[0] <= '9')
			ticks += process_ticks(e->d_name);
	closedir(d);
	return ticks * (1000000000U / (uint64_t)sysconf(_SC_CLK_TCK));
}

static struct account account_now(pid_t pid)
{
	struct account a = { .own = pid ? cpu_ns(pid) : 0 };

	a.processes = processes_ns();
	a.machine = machine_ns();
	return a;
}

static void print(const char *name, const char *what, double value)
{
	printf("rate.%s.%s %.4f\n", name, what, value);
}

static void measure(const struct target *t, struct burst *b)
{
	struct account from, to;
	uint64_t gen, start, took;
	double us = 1000.0 * b->count, own, busy, others;

	b->dst = t->dst;
	from = account_now(t->pid);
	start = now_ns();
	burst_end(burst_start(b), &gen);
	took = now_ns() - start;
	nap_us(2000);
	to = account_now(t->pid);
	b->offset += b->count;

	own = (double)(to.own - from.own);
	busy = (double)(to.machine - from.machine);
	others = (double)(to.processes - from.processes) - own - (double)gen;
	if (others < 0)
		others = 0;
	print(t->name, "busy", (busy - others) / us);
	print(t->name, "others", others / (double)took);
	print(t->name, "gen", (double)gen / us);
	print(t->name, "own", own / us);
	print(t->name, "persec", b->count / ((double)took / 1e9));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	unsigned targets = (unsigned)(argc - 5) / FIELDS, rounds;
	struct burst b = { .first = "20.0.0.0", .range = SOURCES };
	struct target target[TARGETS_MAX];
	char path[512];

	if (argc < 5 + FIELDS || (argc - 5) % FIELDS || targets > TARGETS_MAX) {
		fprintf(stderr, "usage: rate netns-file rounds syns-per-second syns "
				"{name pid dst}...\n");
		return 64;
	}
	b.synsend = synsend_beside(argv[0], path, sizeof(path));
	b.net = argv[1];
	rounds = (unsigned)to_number(argv[2]);
	b.rate = (uint32_t)to_number(argv[3]);
	b.count = (uint32_t)to_number(argv[4]);
	for (unsigned i = 0; i < targets; i++) {
		char **a = argv + 5 + i * FIELDS;

		target[i] = (struct target){ a[0], (pid_t)to_number(a[1]), a[2] };
	}
	for (unsigned r = 0; r < rounds; r++)
		for (unsigned i = 0; i < targets; i++)
			measure(&target[r % 2 ? targets - 1 - i : i], &b);
	return 0;
}
