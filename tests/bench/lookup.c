/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lookup.c - time of a judgement and memory of an entry, the gate alone
 *
 * Fills a gate with a million knocks and judges attempts of known (hit) and other (miss)
 * sources in random order; `plain` one after the other, `batch` as the daemon does it,
 * with gate_judge_batch(). Each family in a process of its own, so that
 * memory can be read off the kernel's account.
 */
#include "bench.h"
#include "core/gate.h"

enum { ENTRIES = 1000000, BATCH = 64, BATCHES = 4000, STEP = 7919 };

struct trial {
	struct gate     *gate;
	enum addr_family family;
	struct addr      fake;
	struct addr      real;
	uint64_t         next; /* attempts made so far */
};

static uint64_t resident_bytes(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	char line[128], *at = line;
	uint64_t pages;

	if (!f || !fgets(line, sizeof(line), f))
		give_up("/proc/self/statm");
	fclose(f);
	(void)strtoull(at, &at, 10);
	pages = strtoull(at, NULL, 10);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Source number `index` of a million known ones, or of a million others. */
static struct addr source(enum addr_family family, bool is_known, uint64_t index)
{
	uint32_t n = (uint32_t)(index * STEP % ENTRIES);
	uint8_t byte[16] = { family == ADDR_IP4 ? 30 : 0x20, is_known ? 10 : 128 };
	size_t at = family == ADDR_IP4 ? 0 : 4;

	byte[at + 1] = (uint8_t)(byte[at + 1] + (n >> 16));
	byte[at + 2] = (uint8_t)(n >> 8);
	byte[at + 3] = (uint8_t)n;
	return addr_from_bytes(family, byte);
}

static struct attempt attempt_of(struct trial *t, bool is_known, const struct addr *dst)
{
	uint32_t n = (uint32_t)t->next++;

	return (struct attempt){ .shape = ATTEMPT_SYN,
				 .src = source(t->family, is_known, n),
				 .dst = *dst,
				 .seq = n * 2654435761U,
				 .sport = (uint16_t)(1024 + n % 60000),
				 .dport = 25 };
}

static void fill(struct trial *t)
{
	struct effects fx = { .count = 0 };
	struct mono now = { 1000 };

	for (unsigned i = 0; i < ENTRIES; i++) {
		struct attempt a = attempt_of(t, true, &t->fake);

		(void)gate_judge(t->gate, &a, now, &fx);
		fx.count = 0;
	}
}

static double judge_batches(struct trial *t, bool is_known, bool is_batch)
{
	enum reason expected = is_known ? REASON_OPEN : REASON_NO_KNOCK;
	struct attempt a[BATCH];
	struct decision d[BATCH];
	struct gate_batch batch = { a, d, BATCH };
	struct effects fx = { .count = 0 };
	struct mono now = { 2000 };
	uint64_t took = 0, start;
	unsigned wrong = 0;

	for (unsigned b = 0; b < BATCHES; b++) {
		for (unsigned i = 0; i < BATCH; i++)
			a[i] = attempt_of(t, is_known, &t->real);
		start = now_ns();
		if (is_batch)
			gate_judge_batch(t->gate, &batch, now, &fx);
		for (unsigned i = 0; !is_batch && i < BATCH; i++)
			d[i] = gate_judge(t->gate, &a[i], now, &fx);
		took += now_ns() - start;
		for (unsigned i = 0; i < BATCH; i++)
			wrong += d[i].reason != expected;
	}
	errno = 0;
	if (wrong)
		give_up("the gate judged otherwise than it should");
	return (double)took / BATCH / BATCHES;
}

static void run(enum addr_family family, unsigned rounds)
{
	static const uint8_t key[GATE_KEY_BYTES] = { 1, 2, 3 };
	struct trial t = { .family = family };
	struct policy p = policy_default();
	const char *name = family == ADDR_IP4 ? "ip4" : "ip6";
	uint64_t before;

	if (!addr_parse(family == ADDR_IP4 ? "10.99.0.3" : "fd99::3", &t.fake) ||
	    !addr_parse(family == ADDR_IP4 ? "10.99.0.2" : "fd99::2", &t.real))
		give_up("address");
	p.fake[p.fakes++] = t.fake;
	p.real[p.reals++] = t.real;
	p.entries_max = ENTRIES;
	p.siblings_max = 0;
	before = resident_bytes();
	t.gate = gate_new(&p, NULL, key);
	if (!t.gate)
		give_up("gate_new");
	fill(&t);
	printf("memory.gate.%s %.2f\n", name, (double)(resident_bytes() - before) /
						      gate_count(t.gate).entries);
	for (unsigned r = 0; r < rounds; r++) {
		for (unsigned i = 0; i < 4; i++)
			printf("lookup.%s.%s.%s %.1f\n", name, i & 1 ? "miss" : "hit",
			       i & 2 ? "batch" : "plain",
			       judge_batches(&t, !(i & 1), (i & 2) != 0));
	}
	gate_free(t.gate);
}

int main(int argc, char **argv)
{
	static const enum addr_family family[] = { ADDR_IP4, ADDR_IP6 };
	int status;
	pid_t pid;

	if (argc != 2) {
		fprintf(stderr, "usage: lookup rounds\n");
		return 64;
	}
	for (unsigned i = 0; i < 2; i++) {
		pid = fork();
		if (pid < 0)
			give_up("fork");
		if (pid == 0) {
			run(family[i], (unsigned)to_number(argv[1]));
			return 0;
		}
		if (waitpid(pid, &status, 0) != pid || status != 0)
			return 1;
	}
	return 0;
}
