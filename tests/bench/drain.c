/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * drain.c - CPU time of a verdict, when there is no waiting in it
 *
 * Stops a process, fills its queue, lets it go and reads what the emptying cost it, all
 * threads and the kernel's part included. The targets take turns, every other round in
 * reverse, so that a drift of the machine hits all alike.
 */
#include "bench.h"

enum { FIELDS = 6, TARGETS_MAX = 8, GIVE_UP_MS = 5000 };

struct target {
	const char *name;
	pid_t       pid;
	unsigned    queue;
	const char *dst;
	const char *first;
	uint32_t    range;
	uint64_t    offset;
	bool        was_short;
};

/* Packets the kernel holds for `queue`, -1 when nobody listens on it. */
static long held_for(unsigned queue)
{
	FILE *f = fopen("/proc/net/netfilter/nfnetlink_queue", "r");
	char line[256], *at;
	long held = -1;

	if (!f)
		give_up("nfnetlink_queue");
	while (held < 0 && fgets(line, sizeof(line), f)) {
		if (strtoul(line, &at, 10) != queue)
			continue;
		(void)strtoul(at, &at, 10); /* port id */
		held = strtol(at, NULL, 10);
	}
	fclose(f);
	return held;
}

static void wait_stopped(pid_t pid)
{
	char path[64], line[512], *at;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	for (unsigned ms = 0; ms < GIVE_UP_MS; ms++) {
		f = fopen(path, "r");
		at = f && fgets(line, sizeof(line), f) ? strrchr(line, ')') : NULL;
		if (f)
			fclose(f);
		if (!at)
			give_up(path);
		if (at[2] == 'T')
			return;
		nap_us(1000);
	}
	give_up("it does not stop");
}

static void wait_empty(const struct target *t)
{
	for (unsigned ms = 0; ms < GIVE_UP_MS; ms++) {
		if (held_for(t->queue) == 0)
			return;
		nap_us(1000);
	}
	errno = 0;
	give_up("the queue does not empty");
}

static double drain_once(struct target *t, struct burst *b)
{
	uint64_t before;
	long held;

	b->dst = t->dst;
	b->first = t->first;
	b->range = t->range;
	b->offset = t->offset;
	t->offset += b->count;
	if (kill(t->pid, SIGSTOP) < 0)
		give_up("kill");
	wait_stopped(t->pid);
	burst_end(burst_start(b), NULL);
	held = held_for(t->queue);
	if (held < (long)b->count)
		t->was_short = true;
	before = cpu_ns(t->pid);
	kill(t->pid, SIGCONT);
	if (held <= 0) {
		errno = 0;
		give_up("nothing was queued");
	}
	wait_empty(t);
	nap_us(5000); /* until it sleeps, and its log is written */
	return (double)(cpu_ns(t->pid) - before) / 1000 / (double)held;
}

static void read_target(struct target *t, char **argv)
{
	t->name = argv[0];
	t->pid = (pid_t)to_number(argv[1]);
	t->queue = (unsigned)to_number(argv[2]);
	t->dst = argv[3];
	t->first = argv[4];
	t->range = (uint32_t)to_number(argv[5]);
	if (t->pid <= 1)
		give_up("pid");
}

int main(int argc, char **argv)
{
	static struct target target[TARGETS_MAX];
	unsigned targets = (unsigned)(argc - 4) / FIELDS, rounds, at;
	struct burst b = { 0 };
	char path[512];
	double us;

	if (argc < 4 + FIELDS || (argc - 4) % FIELDS || targets > TARGETS_MAX) {
		fprintf(stderr, "usage: drain netns-file rounds syns "
				"{name pid queue dst first-source range}...\n");
		return 64;
	}
	b.synsend = synsend_beside(argv[0], path, sizeof(path));
	b.net = argv[1];
	rounds = (unsigned)to_number(argv[2]);
	b.count = (uint32_t)to_number(argv[3]);
	for (unsigned i = 0; i < targets; i++)
		read_target(&target[i], argv + 4 + i * FIELDS);

	for (unsigned r = 0; r <= rounds; r++)
		for (unsigned i = 0; i < targets; i++) {
			at = r % 2 ? targets - 1 - i : i;
			us = drain_once(&target[at], &b);
			if (r > 0) /* the first one warms up */
				printf("drain.%s %.4f\n", target[at].name, us);
		}
	for (unsigned i = 0; i < targets; i++)
		if (target[i].was_short)
			fprintf(stderr, "bench: %s: socket buffer holds fewer than %u\n",
				target[i].name, (unsigned)b.count);
	return 0;
}
