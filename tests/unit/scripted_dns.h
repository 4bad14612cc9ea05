/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scripted_dns.h - a DNS server that says what a test wrote down, on 127.0.0.1 port 53
 *
 * A thread of the test's own process; UDP and TCP, answers above 512 bytes by TCP only.
 * While held it reads nothing, like a dead server. Names are split at dots and are
 * otherwise raw bytes, so a script can say what no zone file could.
 */
#ifndef TESTS_SCRIPTED_DNS_H
#define TESTS_SCRIPTED_DNS_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <check.h>

#include "base/addr.h"

enum {
	DNS_A = 1,
	DNS_CNAME = 5,
	DNS_PTR = 12,
	DNS_AAAA = 28,
	DNS_SAYS = 300, /* not a record: answers about this name have rcode `many` */
	DNS_SILENT = 301, /* not a record: what ends like this name gets no answer */

	DNS_SERVFAIL = 2,
	DNS_NXDOMAIN = 3,

	DNS_UDP_MAX = 512,
	DNS_TCP_MAX = 65535,
	DNS_HOPS_MAX = 4, /* of aliases in one answer */
};

struct dns_record {
	const char *name; /* NULL ends the script */
	unsigned    type;
	const char *data; /* an address or a name */
	unsigned    many; /* made-up ones before it: 10.x.y.z or hN.example.net */
};

struct dns_server {
	const struct dns_record *script;
	atomic_bool held;
	atomic_bool ending;
	atomic_uint questions; /* heard so far, repeats included */
	atomic_uint strays;    /* of these, about names below "search.example" */
	int         bell, udp, tcp, peer;
	pthread_t   thread;
	uint8_t     reply[2 + DNS_TCP_MAX]; /* two bytes of length come first, for TCP */
	size_t      len;
	char        qname[256];
	unsigned    qtype;
};

static inline void dns_put(struct dns_server *s, const void *bytes, size_t len)
{
	if (s->len + len > DNS_TCP_MAX)
		return;
	memcpy(s->reply + 2 + s->len, bytes, len);
	s->len += len;
}

static inline void dns_put16(struct dns_server *s, unsigned value)
{
	uint8_t b[2] = { (uint8_t)(value >> 8), (uint8_t)value };

	dns_put(s, b, 2);
}

/* Wire form of a name; returns its length. */
static inline size_t dns_encode(const char *name, uint8_t out[256])
{
	size_t at = 0;

	while (*name) {
		size_t label = strcspn(name, ".");

		ck_assert_uint_le(label, 63);
		ck_assert_uint_lt(at + label + 2, 256);
		out[at++] = (uint8_t)label;
		memcpy(out + at, name, label);
		at += label;
		name += label + (name[label] == '.');
	}
	out[at++] = 0;
	return at;
}

static inline void dns_put_record(struct dns_server *s, const char *owner, unsigned type,
			   const char *data)
{
	static const uint8_t head[] = { 0, 1, 0, 0, 0, 60 }; /* class IN, 60 s */
	uint8_t wire[256];
	size_t len;

	if (strcasecmp(owner, s->qname) == 0)
		dns_put16(s, 0xc00c); /* the name in the question */
	else
		dns_put(s, wire, dns_encode(owner, wire));
	dns_put16(s, type);
	dns_put(s, head, sizeof(head));
	if (type == DNS_A || type == DNS_AAAA) {
		bool ip4 = type == DNS_A;

		ck_assert_int_eq(inet_pton(ip4 ? AF_INET : AF_INET6, data, wire), 1);
		len = ip4 ? 4 : 16;
	} else {
		len = dns_encode(data, wire);
	}
	dns_put16(s, (unsigned)len);
	dns_put(s, wire, len);
}

static inline unsigned dns_put_many(struct dns_server *s, const struct dns_record *d)
{
	for (unsigned i = 0; i < d->many; i++) {
		char made_up[32];

		if (d->type == DNS_A)
			snprintf(made_up, sizeof(made_up), "10.0.%u.%u", i >> 8, i & 255);
		else
			snprintf(made_up, sizeof(made_up), "h%u.example.net", i);
		dns_put_record(s, d->name, d->type, made_up);
	}
	dns_put_record(s, d->name, d->type, d->data);
	return d->many + 1;
}

/* Writes the records about s->qname, following aliases; returns how many, sets *rcode. */
static inline unsigned dns_answer_from_script(struct dns_server *s, unsigned *rcode)
{
	const char *name = s->qname;
	unsigned count = 0;

	*rcode = DNS_NXDOMAIN;
	for (unsigned hop = 0; name && hop < DNS_HOPS_MAX; hop++) {
		const char *alias = NULL;

		for (const struct dns_record *d = s->script; d->name; d++) {
			if (strcasecmp(d->name, name) != 0)
				continue;
			*rcode = d->type == DNS_SAYS ? d->many : 0;
			if (d->type == s->qtype || d->type == DNS_CNAME)
				count += dns_put_many(s, d);
			if (d->type == DNS_CNAME)
				alias = d->data;
		}
		name = alias;
	}
	return count;
}

static inline bool dns_is_silent(const struct dns_server *s)
{
	size_t len = strlen(s->qname);

	for (const struct dns_record *r = s->script; r->name; r++) {
		size_t end = strlen(r->name);

		if (r->type == DNS_SILENT && len >= end &&
		    strcasecmp(s->qname + len - end, r->name) == 0)
			return true;
	}
	return false;
}

/* Builds the answer in s->reply; false when the question makes no sense. */
static inline bool dns_reply(struct dns_server *s, const uint8_t *q, size_t len,
			     size_t max)
{
	size_t at = 12, end = 0, name = 0;
	unsigned count, rcode;
	bool cut;

	while (at < len && q[at] != 0 && at + q[at] + 1 < len && name < 190) {
		memcpy(s->qname + name, q + at + 1, q[at]);
		name += q[at];
		s->qname[name++] = '.';
		at += q[at] + 1u;
	}
	end = at + 5;
	if (end > len || name == 0)
		return false;
	s->qname[name - 1] = '\0';
	s->qtype = (unsigned)(q[at + 1] << 8 | q[at + 2]);
	atomic_fetch_add(&s->questions, 1);
	if (strstr(s->qname, ".search.example"))
		atomic_fetch_add(&s->strays, 1);
	if (dns_is_silent(s))
		return false;

	s->len = 0;
	dns_put(s, q, end);
	count = dns_answer_from_script(s, &rcode);
	cut = s->len > max;
	if (cut) {
		s->len = end;
		count = 0;
	}
	s->reply[2 + 2] = cut ? 0x87 : 0x85; /* when cut, ask again by TCP */
	s->reply[2 + 3] = (uint8_t)(0x80 | rcode);
	memset(s->reply + 2 + 6, 0, 6);
	s->reply[2 + 6] = (uint8_t)(count >> 8);
	s->reply[2 + 7] = (uint8_t)count;
	return true;
}

static inline void dns_serve_udp(struct dns_server *s)
{
	uint8_t q[DNS_UDP_MAX];
	struct sockaddr_in from;
	socklen_t size = sizeof(from);
	ssize_t n = recvfrom(s->udp, q, sizeof(q), MSG_DONTWAIT, (void *)&from, &size);

	if (n > 0 && dns_reply(s, q, (size_t)n, DNS_UDP_MAX))
		(void)sendto(s->udp, s->reply + 2, s->len, 0, (void *)&from, size);
}

static inline void dns_serve_tcp(struct dns_server *s)
{
	uint8_t q[2 + DNS_UDP_MAX];
	ssize_t n = recv(s->peer, q, 2, MSG_WAITALL);
	size_t len = n == 2 ? (size_t)(q[0] << 8 | q[1]) : 0;

	if (len > 0 && len <= DNS_UDP_MAX &&
	    recv(s->peer, q + 2, len, MSG_WAITALL) == (ssize_t)len &&
	    dns_reply(s, q + 2, len, DNS_TCP_MAX)) {
		s->reply[0] = (uint8_t)(s->len >> 8);
		s->reply[1] = (uint8_t)s->len;
		(void)send(s->peer, s->reply, s->len + 2, MSG_NOSIGNAL);
		return;
	}
	close(s->peer);
	s->peer = -1;
}

static inline void *dns_run(void *arg)
{
	struct dns_server *s = arg;

	while (!atomic_load(&s->ending)) {
		struct pollfd p[4] = {
			{ .fd = s->bell, .events = POLLIN },
			{ .fd = s->udp, .events = POLLIN },
			{ .fd = s->peer < 0 ? s->tcp : -1, .events = POLLIN },
			{ .fd = s->peer, .events = POLLIN },
		};
		uint64_t count;

		if (poll(p, atomic_load(&s->held) ? 1 : 4, -1) < 0)
			continue;
		if (p[0].revents)
			(void)!read(s->bell, &count, sizeof(count));
		if (p[1].revents)
			dns_serve_udp(s);
		if (p[2].revents)
			s->peer = accept(s->tcp, NULL, NULL);
		if (p[3].revents)
			dns_serve_tcp(s);
	}
	return NULL;
}

static inline int dns_bind(int type)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(53) };
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0), one = 1;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)), 0);
	ck_assert_int_eq(bind(fd, (void *)&at, sizeof(at)), 0);
	if (type == SOCK_STREAM)
		ck_assert_int_eq(listen(fd, 8), 0);
	return fd;
}

static inline void dns_tell(struct dns_server *s)
{
	const uint64_t one = 1;

	ck_assert_int_eq(write(s->bell, &one, sizeof(one)), sizeof(one));
}

static inline void dns_release(struct dns_server *s)
{
	atomic_store(&s->held, false);
	dns_tell(s);
}

static inline void dns_start(struct dns_server *s, const struct dns_record *script,
			     bool held)
{
	s->script = script;
	s->held = held;
	s->ending = false;
	s->questions = s->strays = 0;
	s->peer = -1;
	s->bell = eventfd(0, EFD_CLOEXEC);
	s->udp = dns_bind(SOCK_DGRAM);
	s->tcp = dns_bind(SOCK_STREAM);
	ck_assert_int_eq(pthread_create(&s->thread, NULL, dns_run, s), 0);
}

static inline void dns_stop(struct dns_server *s)
{
	atomic_store(&s->ending, true);
	dns_tell(s);
	ck_assert_int_eq(pthread_join(s->thread, NULL), 0);
	close(s->bell);
	close(s->udp);
	close(s->tcp);
	if (s->peer >= 0)
		close(s->peer);
}

#endif
