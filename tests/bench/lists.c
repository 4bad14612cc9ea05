/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lists.c - how long lists take to load, and what a look-up costs
 *
 * Loads files with 1000 and a million networks, half of them single addresses, the rest
 * of mixed length; then looks addresses up in random order: `hit` from the list, `miss`
 * from elsewhere. Loading is conf_compile_lists(), as at a start or a reload. With a path
 * it only writes a file of a million IPv4 networks there.
 */
#include "bench.h"
#include "conf/conf.h"

enum { MANY = 1000000, LOOKS = 1000000, SAMPLES = 4096 };

struct trial {
	enum addr_family family;
	uint32_t         count;
	char             path[64];
	struct lists    *lists;
	uint64_t         random;
};

static uint64_t next(uint64_t *state)
{
	uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

/* Address number `i` of the list: 1/8 of all IPv4 addresses, 2001:db8::/32 of IPv6. */
static struct addr listed(enum addr_family family, uint32_t i)
{
	uint64_t state = i;
	uint64_t high = next(&state), low = next(&state);
	struct addr a = { .family = (uint8_t)family };

	memcpy(a.byte, &high, 8);
	memcpy(a.byte + 8, &low, family == ADDR_IP6 ? 8 : 0);
	if (family == ADDR_IP6)
		memcpy(a.byte, "\x20\x01\x0d\xb8", 4);
	else
		memset(a.byte + 4, 0, 4);
	if (family == ADDR_IP4)
		a.byte[0] = (uint8_t)(64 | (a.byte[0] & 31));
	return a;
}

static void write_list(const struct trial *t, const char *path)
{
	static const uint8_t short4[] = { 24, 28, 22, 30 };
	static const uint8_t short6[] = { 64, 56, 48, 60 };
	FILE *f = fopen(path, "w");
	char text[NET_TEXT_MAX];

	if (!f)
		give_up(path);
	for (uint32_t i = 0; i < t->count; i++) {
		struct net n = { listed(t->family, i), 0 };

		n.bits = (uint8_t)(8 * addr_bytes(&n.addr));
		if (i % 2)
			n.bits = t->family == ADDR_IP4 ? short4[i / 2 % 4]
						       : short6[i / 2 % 4];
		n.addr = addr_mask(&n.addr, n.bits);
		fprintf(f, "%s\n", net_format(&n, text));
	}
	if (fclose(f) != 0)
		give_up(path);
}

/* Milliseconds. */
static double load(struct trial *t)
{
	char text[256];
	struct settings s;
	struct complaint why;
	uint64_t begun;
	int len = snprintf(text, sizeof(text),
			   "list bench { action = deny file = \"%s\" }", t->path);

	conf_defaults(&s);
	begun = now_ns();
	if (!conf_read(&s, "bench.conf", text, (size_t)len, &why) ||
	    !conf_compile_lists(&s, &t->lists, &why))
		give_up(why.text);
	conf_free(&s);
	return (double)(now_ns() - begun) / 1e6;
}

/* Nanoseconds a look-up. */
static double look(struct trial *t, bool hit)
{
	struct addr sample[SAMPLES];
	unsigned found = 0, expected = hit ? LOOKS : 0;
	uint64_t begun;

	for (unsigned i = 0; i < SAMPLES; i++) {
		sample[i] = listed(t->family, (uint32_t)(next(&t->random) % t->count));
		if (!hit)
			sample[i].byte[0] |= 0x80;
	}
	begun = now_ns();
	for (unsigned i = 0; i < LOOKS; i++)
		found += lists_find_addr(t->lists, &sample[i % SAMPLES]) != LISTS_NONE;
	if (found != expected)
		give_up("a look-up has the wrong answer");
	return (double)(now_ns() - begun) / LOOKS;
}

static void empty(enum addr_family family)
{
	struct trial t = { .family = family, .count = MANY, .lists = lists_new() };

	if (!t.lists)
		give_up("out of memory");
	printf("lists_none_ip%d_ns %.1f\n", family, look(&t, false));
	lists_free(t.lists);
}

static void measure(const char *dir, enum addr_family family, uint32_t count)
{
	struct trial t = { .family = family, .count = count };

	snprintf(t.path, sizeof(t.path), "%s/list", dir);
	write_list(&t, t.path);
	printf("lists_%u_ip%d_load_ms %.1f\n", count, family, load(&t));
	printf("lists_%u_ip%d_hit_ns %.1f\n", count, family, look(&t, true));
	printf("lists_%u_ip%d_miss_ns %.1f\n", count, family, look(&t, false));
	lists_free(t.lists);
	unlink(t.path);
}

int main(int argc, char **argv)
{
	static const enum addr_family families[] = { ADDR_IP4, ADDR_IP6 };
	const struct trial file = { .family = ADDR_IP4, .count = MANY };
	char dir[] = "/tmp/bench_lists.XXXXXX";

	if (argc > 1) {
		write_list(&file, argv[1]);
		return 0;
	}
	if (!mkdtemp(dir))
		give_up(dir);
	for (unsigned i = 0; i < 2; i++) {
		empty(families[i]);
		measure(dir, families[i], 1000);
		measure(dir, families[i], MANY);
	}
	rmdir(dir);
	return 0;
}
