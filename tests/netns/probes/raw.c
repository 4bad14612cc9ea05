/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * raw.c - send TCP packets no honest stack would send, and say what came back
 *
 * usage: raw [option VALUE]... SOURCE DESTINATION     options, with their defaults:
 *   port 25  sport 4000  seq 1000  flags S (of SAFR)  doff 5 (header length, words)
 *   count 1 (each with the next sport and seq)  guess 0 (1: each with the next seq only)
 *   spread 0 (1: each from the next address, 2: from the next /24 or /48)
 *   ipopt 0 (bytes of IPv4 options)  chain "" (IPv6 extension headers: h hop-by-hop,
 *   d destination options, D 2048 bytes of them, r routing, f atomic fragment)
 *   payload 0 (bytes behind the TCP header)  cut 0 (the first fragment ends after that
 *   many bytes behind the IP header; 0 = whole)  wait 300 (ms to wait for an answer;
 *   0 = do not)
 *   show 0 (1: print what the answer acknowledges, too)  pace 0 (so many a second; then
 *   each prints its source and when it was sent, in ms since 1970)
 * Prints "syn-ack", "reset", "ack" or "nothing", or the number of packets with `wait 0`.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PACKET_MAX = 9000, LONG = 2048, FIN = 1, SYN = 2, RST = 4, ACK = 16 };

struct plan {
	unsigned    family; /* AF_INET or AF_INET6 */
	uint8_t     src[16];
	uint8_t     dst[16];
	unsigned    port, sport, seq, doff, count, spread, ipopt, payload, cut, wait;
	unsigned    guess, show, pace;
	const char *flags;
	const char *chain;
};

struct packet {
	uint8_t bytes[PACKET_MAX];
	size_t  len;
	size_t  ip; /* length of the IP header, extension headers not included */
};

static void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value & 0xffff);
}

static uint32_t sum16(const uint8_t *bytes, size_t len, uint32_t sum)
{
	for (size_t i = 0; i < len; i++)
		sum += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
	return sum;
}

static uint8_t flag_bits(const char *flags)
{
	uint8_t bits = 0;

	for (; *flags; flags++)
		bits |= *flags == 'S'	? SYN
			: *flags == 'A' ? ACK
			: *flags == 'F' ? FIN
					: RST;
	return bits;
}

static size_t build_ip4(const struct plan *p, uint8_t *at)
{
	at[0] = (uint8_t)(0x45 + p->ipopt / 4);
	at[8] = 64;
	at[9] = IPPROTO_TCP;
	memcpy(at + 12, p->src, 4);
	memcpy(at + 16, p->dst, 4);
	memset(at + 20, 1, p->ipopt); /* no operation, RFC 791 3.1 */
	return 20 + p->ipopt;
}

static uint8_t next_header(char c)
{
	switch (c) {
	case 'h': return IPPROTO_HOPOPTS;
	case 'd':
	case 'D': return IPPROTO_DSTOPTS;
	case 'r': return IPPROTO_ROUTING;
	case 'f': return IPPROTO_FRAGMENT;
	default:  return IPPROTO_TCP;
	}
}

/* Eight options, the most that Linux takes, of a kind that nobody knows and that is to be
 * skipped then (RFC 8200 4.2). */
static void put_long_options(uint8_t *ext)
{
	ext[1] = LONG / 8 - 1;
	for (unsigned at = 2; at < LONG; at += 2 + ext[at + 1]) {
		ext[at] = 0x1e;
		ext[at + 1] = (uint8_t)(LONG - at < 257 ? LONG - at - 2 : 255);
	}
}

/* Every other extension header of ours is eight bytes long. */
static size_t build_ip6(const struct plan *p, uint8_t *at)
{
	uint8_t *ext = at + 40;

	at[0] = 0x60;
	at[6] = next_header(p->chain[0]);
	at[7] = 64;
	memcpy(at + 8, p->src, 16);
	memcpy(at + 24, p->dst, 16);
	for (const char *c = p->chain; *c; ext += *c++ == 'D' ? LONG : 8) {
		ext[0] = next_header(c[1]);
		if (*c == 'D') {
			put_long_options(ext);
		} else if (*c == 'h' || *c == 'd') {
			ext[2] = 1; /* PadN, RFC 8200 4.2 */
			ext[3] = 4;
		} else if (*c == 'r') {
			ext[2] = 253; /* experimental (RFC 4727), no segments left:
					 ignored */
		}
	}
	return (size_t)(ext - at);
}

static void build(const struct plan *p, struct packet *out)
{
	size_t tcplen = 20 + p->payload, head;
	uint32_t sum;
	uint8_t *tcp;

	memset(out, 0, sizeof(*out));
	head = p->family == AF_INET ? build_ip4(p, out->bytes) : build_ip6(p, out->bytes);
	out->ip = p->family == AF_INET ? head : 40;
	tcp = out->bytes + head;
	put16(tcp, p->sport);
	put16(tcp + 2, p->port);
	put32(tcp + 4, p->seq);
	tcp[12] = (uint8_t)(p->doff << 4);
	tcp[13] = flag_bits(p->flags);
	put16(tcp + 14, 65535);
	memset(tcp + 20, 1, p->payload); /* as options: no operation */

	sum = sum16(p->src, 16, sum16(p->dst, 16, IPPROTO_TCP + (uint32_t)tcplen));
	sum = sum16(tcp, tcplen, sum);
	sum = (sum >> 16) + (sum & 0xffff);
	put16(tcp + 16, (uint16_t)~(sum + (sum >> 16)));
	out->len = head + tcplen;
	if (p->family == AF_INET)
		put16(out->bytes + 2, (unsigned)out->len);
	else
		put16(out->bytes + 4, (unsigned)out->len - 40);
}

static bool transmit(int fd, const struct plan *p, const struct packet *k)
{
	struct sockaddr_storage to = { .ss_family = (sa_family_t)p->family };
	socklen_t len = p->family == AF_INET ? sizeof(struct sockaddr_in)
					     : sizeof(struct sockaddr_in6);

	if (p->family == AF_INET)
		memcpy(&((struct sockaddr_in *)&to)->sin_addr, p->dst, 4);
	else
		memcpy(&((struct sockaddr_in6 *)&to)->sin6_addr, p->dst, 16);
	for (int tries = 0; tries < 100; tries++) {
		if (sendto(fd, k->bytes, k->len, 0, (const struct sockaddr *)&to, len) >=
		    0)
			return true;
		if (errno != ENOBUFS && errno != EAGAIN)
			return false;
		usleep(1000);
	}
	return false;
}

/* One piece of `whole`: `len` bytes from `offset` behind its IP header. */
static void fragment(const struct plan *p, const struct packet *whole, size_t offset,
		     size_t len, struct packet *out)
{
	bool last = whole->ip + offset + len == whole->len;
	uint8_t *b = out->bytes;

	*out = *whole;
	if (p->family == AF_INET) {
		put16(b + 4, 77);
		put16(b + 6, (unsigned)(offset / 8) | (last ? 0 : 0x2000));
		out->len = whole->ip + len;
		put16(b + 2, (unsigned)out->len);
	} else {
		memset(b + 40, 0, 8);
		b[40] = whole->bytes[6];
		b[6] = IPPROTO_FRAGMENT;
		put16(b + 42, (unsigned)offset | (last ? 0 : 1));
		put32(b + 44, 77);
		out->len = whole->ip + 8 + len;
		put16(b + 4, (unsigned)out->len - 40);
	}
	memcpy(b + out->len - len, whole->bytes + whole->ip + offset, len);
}

static bool send_one(int fd, const struct plan *p)
{
	struct packet whole, piece;
	size_t rest;

	build(p, &whole);
	if (p->cut == 0)
		return transmit(fd, p, &whole);
	rest = whole.len - whole.ip - p->cut;
	fragment(p, &whole, 0, p->cut, &piece);
	if (!transmit(fd, p, &piece))
		return false;
	fragment(p, &whole, p->cut, rest, &piece);
	return transmit(fd, p, &piece);
}

/* The TCP header of an answer to us, else NULL. Raw IPv6 sockets leave the IP header out.
 */
static const uint8_t *answer_in(const struct plan *p, const uint8_t *b, ssize_t len)
{
	size_t head = p->family == AF_INET ? (size_t)(b[0] & 15) * 4 : 0;

	if (len < (ssize_t)head + 20 || (b[head] << 8 | b[head + 1]) != (int)p->port ||
	    (b[head + 2] << 8 | b[head + 3]) != (int)p->sport)
		return NULL;
	return b + head;
}

static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 |
	       at[3];
}

static const char *hear(int fd, const struct plan *p)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	uint8_t b[2048];

	while (poll(&poller, 1, (int)p->wait) == 1) {
		const uint8_t *tcp = answer_in(p, b, recv(fd, b, sizeof(b), 0));

		if (tcp && p->show)
			printf("%u ", get32(tcp + 8));
		if (tcp)
			return tcp[13] & RST   ? "reset"
			       : tcp[13] & SYN ? "syn-ack"
					       : "ack";
	}
	return "nothing";
}

static bool set(struct plan *p, const char *name, const char *value)
{
	const struct {
		const char *name;
		unsigned   *number;
	} options[] = {
		{ "port", &p->port },	{ "sport", &p->sport },
		{ "seq", &p->seq },	{ "doff", &p->doff },
		{ "count", &p->count }, { "spread", &p->spread },
		{ "ipopt", &p->ipopt }, { "cut", &p->cut },
		{ "wait", &p->wait },	{ "payload", &p->payload },
		{ "guess", &p->guess }, { "show", &p->show },
		{ "pace", &p->pace },
	};

	if (strcmp(name, "flags") == 0)
		p->flags = value;
	else if (strcmp(name, "chain") == 0)
		p->chain = value;
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		if (strcmp(name, options[i].name) == 0)
			*options[i].number = (unsigned)strtoul(value, NULL, 10);
	return p->payload <= 1000 && p->ipopt <= 40 && strlen(p->chain) <= 16;
}

/* The byte of the source that `spread` counts in, and the one it carries to. */
static void next_source(struct plan *p)
{
	unsigned low = p->family == AF_INET ? 3 : 7;

	if (p->spread == 2)
		low = p->family == AF_INET ? 2 : 5;
	/* 256 addresses, then the next 256: no broadcast or own address is hit. */
	if (p->spread && ++p->src[low] == 0 && ++p->src[low - 1] == 0)
		p->src[low - 2]++;
}

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* The number-th of those that began at `begin` is due. */
static void keep_pace(const struct plan *p, int64_t begin, unsigned number)
{
	int64_t due = begin + (int64_t)number * 1000000 / p->pace;

	while (now_us() < due)
		usleep((useconds_t)(due - now_us() > 0 ? due - now_us() : 0));
}

static void say_sent(const struct plan *p)
{
	char text[INET6_ADDRSTRLEN];

	printf("%s %lld\n", inet_ntop((int)p->family, p->src, text, sizeof(text)),
	       (long long)now_us() / 1000);
	fflush(stdout);
}

static unsigned send_all(int out, struct plan *p)
{
	int64_t begin = now_us();
	unsigned sent = 0;

	for (unsigned i = 0; i < p->count; i++) {
		if (p->pace)
			keep_pace(p, begin, i);
		sent += send_one(out, p);
		if (p->pace)
			say_sent(p);
		if (i + 1 == p->count)
			break;
		p->seq++;
		if (!p->guess)
			p->sport = p->sport < 65535 ? p->sport + 1 : 1024;
		next_source(p);
	}
	return sent;
}

int main(int argc, char **argv)
{
	struct plan p = { .port = 25, .sport = 4000, .seq = 1000, .doff = 5, .count = 1,
			  .wait = 300, .flags = "S", .chain = "" };
	unsigned sent;
	int in, out;

	for (; argc > 4; argv += 2, argc -= 2)
		if (!set(&p, argv[1], argv[2]))
			return 64;
	if (argc != 3)
		return 64;
	p.family = strchr(argv[1], ':') ? AF_INET6 : AF_INET;
	if (inet_pton((int)p.family, argv[1], p.src) != 1 ||
	    inet_pton((int)p.family, argv[2], p.dst) != 1)
		return 64;

	in = socket((int)p.family, SOCK_RAW, IPPROTO_TCP);
	out = socket((int)p.family, SOCK_RAW, IPPROTO_RAW);
	if (in < 0 || out < 0)
		return 77;
	sent = send_all(out, &p);
	if (sent != p.count)
		fprintf(stderr, "sent %u of %u: %s\n", sent, p.count, strerror(errno));
	if (p.wait == 0)
		printf("%u\n", sent);
	else
		printf("%s\n", hear(in, &p));
	close(in);
	close(out);
	return sent == p.count ? 0 : 1;
}
