/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * resolver_case.h - what the tests of the resolver share: a place, a server, a question
 *
 * The test program runs itself again inside namespaces of its own, where port 53 and
 * /etc are free.
 */
#ifndef TESTS_RESOLVER_CASE_H
#define TESTS_RESOLVER_CASE_H

#include <check.h>
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <time.h>

#include "resolver/resolver.h"

#include "scripted_dns.h"
#include "unit.h"

#define SOURCE4 "203.0.113.9"
#define PTR4 "9.113.0.203.in-addr.arpa"
#define SOURCE6 "2001:db8::25"
#define PTR6 "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"

enum { PATIENCE_MS = 15 * 1000 };

static struct dns_server server;
static struct resolver *resolver;

/* One name that leads back, and its addresses. */
static const struct dns_record pool[] = {
	{ .name = PTR4, .type = DNS_PTR, .data = "MAIL.Example.ORG" },
	{ .name = PTR6, .type = DNS_PTR, .data = "mail.example.org" },
	{ .name = "mail.example.org", .type = DNS_A, .data = SOURCE4 },
	{ .name = "mail.example.org", .type = DNS_A, .data = "203.0.113.10" },
	{ .name = "mail.example.org", .type = DNS_A, .data = "203.0.113.10" },
	{ .name = "mail.example.org", .type = DNS_AAAA, .data = SOURCE6 },
	{ .name = "mail.example.org", .type = DNS_AAAA, .data = "2001:db8::26" },
	{ 0 },
};

static inline struct addr addr(const char *text)
{
	struct addr a;

	ck_assert_msg(addr_parse(text, &a), "%s", text);
	return a;
}

static inline void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

static inline int64_t clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static inline void begin(const struct dns_record *script)
{
	dns_start(&server, script, false);
	ck_assert_int_eq(resolver_start(&resolver), 0);
}

static inline void begin_held(const struct dns_record *script)
{
	dns_start(&server, script, true);
	ck_assert_int_eq(resolver_start(&resolver), 0);
}

static inline void end(void)
{
	resolver_stop(resolver);
	dns_stop(&server);
}

static inline void ask_at(const char *who, int64_t now_ms)
{
	struct addr a = addr(who);

	resolver_ask(resolver, &a, RESOLVER_STRANGER, (struct mono){ now_ms });
}

/* Waits until every question asked so far has come to its end. */
static inline struct resolver_counts settle(void)
{
	int64_t give_up = clock_ms() + PATIENCE_MS;
	struct resolver_counts c = resolver_count(resolver);

	while (c.confirmed + c.unconfirmed + c.failed < c.asked && clock_ms() < give_up) {
		poll(NULL, 0, 1);
		c = resolver_count(resolver);
	}
	ck_assert_uint_eq(c.confirmed + c.unconfirmed + c.failed, c.asked);
	return c;
}

static inline bool is_readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) == 1;
}

static inline struct dns_answer next_answer(void)
{
	struct pollfd p = { .fd = resolver_fd(resolver), .events = POLLIN };
	struct dns_answer a;

	ck_assert_int_eq(poll(&p, 1, PATIENCE_MS), 1);
	ck_assert(resolver_collect(resolver, &a));
	return a;
}

static inline void expect_no_answer(void)
{
	struct dns_answer a;

	ck_assert(!resolver_collect(resolver, &a));
	ck_assert(!is_readable(resolver_fd(resolver)));
}

/* The end of a look-up that found no name that counts. */
static inline void expect_nameless(void)
{
	struct dns_answer a = next_answer();

	ck_assert_str_eq(a.name, "");
	ck_assert(a.is_final);
	ck_assert_uint_eq(a.count, 0);
	expect_no_answer();
}

static inline bool has_sibling(const struct dns_answer *a, const char *text)
{
	struct addr want = addr(text);

	for (unsigned i = 0; i < a->count; i++) {
		if (addr_is_equal(&a->siblings[i], &want))
			return true;
	}
	return false;
}

static inline void settle_in(void)
{
	struct ifreq lo = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	lo.ifr_flags = IFF_UP | IFF_RUNNING;
	if (mount("tmpfs", "/etc", "tmpfs", 0, NULL) < 0 || fd < 0 ||
	    ioctl(fd, SIOCSIFFLAGS, &lo) < 0) {
		printf("no private /etc and network: %s\n", strerror(errno));
		exit(77);
	}
	close(fd);
}

static inline void private_files(void)
{
	write_file("/etc/hosts", "127.0.0.1 localhost\n");
	write_file("/etc/resolv.conf", "nameserver 127.0.0.1\nsearch search.example\n");
}

/* Returns only when it cannot be done. */
static inline int go_inside(const char *self)
{
	const char *script =
		"unshare --user --map-root-user --net --mount true 2>/dev/null || {"
		" echo this machine forbids user namespaces; exit 77; };"
		" RESOLVER_TEST_INSIDE=1 exec"
		" unshare --user --map-root-user --net --mount \"$0\"";

	execlp("sh", "sh", "-c", script, self, (char *)NULL);
	printf("no shell: %s\n", strerror(errno));
	return 77;
}

/* unit_main(), in namespaces of its own. */
static inline int resolver_main(char **argv, void (*add_tests)(TCase *t))
{
	if (!getenv("RESOLVER_TEST_INSIDE"))
		return go_inside(argv[0]);
	settle_in();
	return unit_main("resolver", add_tests);
}

static inline void set_up_cases(TCase *t)
{
	tcase_set_timeout(t, 30);
	tcase_add_checked_fixture(t, private_files, NULL);
}

#endif
