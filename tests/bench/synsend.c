/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * synsend.c - sends SYNs to port 25 from a great many sources over a veth pair
 *
 * Raw frames, so that neither routes nor conntrack of the sending side cost anything.
 * Source number i is FIRST + (i * STEP mod RANGE): all of them differ until RANGE is used
 * up, in an order no table could profit from. IPv6 sources differ in their /64.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "bench.h"

enum {
	BATCH = 64,
	STEP = 7919, /* prime, so coprime to every range used */
	FRAME_MAX = sizeof(struct ether_header) + sizeof(struct ip6_hdr) +
		    sizeof(struct tcphdr),
};

/* Addresses of the two ends of the veth pair, as tests/bench/run sets them. */
static const uint8_t there[ETH_ALEN] = { 2, 0, 0, 0, 0, 2 };
static const uint8_t here[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };

struct job {
	const char *net;
	const char *iface;
	int         family;
	uint8_t     dst[16];
	uint8_t     first[16];
	uint64_t    range;
	uint64_t    offset;
	uint64_t    count;
	uint64_t    rate;
};

static uint32_t scramble(uint32_t x)
{
	x ^= x >> 16;
	x *= 0x7feb352dU;
	x ^= x >> 15;
	x *= 0x846ca68bU;
	return x ^ x >> 16;
}

/* Internet checksum (RFC 1071) of `len` bytes, `len` even, on top of `sum`. */
static uint32_t add_up(uint32_t sum, const void *bytes, size_t len)
{
	const uint8_t *b = bytes;

	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)b[i] << 8 | b[i + 1];
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

/* Adds to the 32 bits that tell sources apart: all of IPv4, /32 to /64 of IPv6. */
static void source(const struct job *j, uint64_t index, uint8_t out[16])
{
	size_t at = j->family == AF_INET ? 0 : 4;
	uint32_t n;

	memcpy(out, j->first, 16);
	memcpy(&n, out + at, 4);
	n = htonl(ntohl(n) + (uint32_t)(index * STEP % j->range));
	memcpy(out + at, &n, 4);
}

static size_t ip_header(const struct job *j, const uint8_t src[16], uint8_t *out)
{
	struct ip6_hdr six = { .ip6_plen = htons(sizeof(struct tcphdr)),
			       .ip6_nxt = IPPROTO_TCP, .ip6_hlim = 64 };
	struct ip four = { .ip_hl = 5, .ip_v = 4, .ip_len = htons(sizeof(struct ip) +
								   sizeof(struct tcphdr)),
			   .ip_off = htons(IP_DF), .ip_ttl = 64, .ip_p = IPPROTO_TCP };

	if (j->family == AF_INET) {
		memcpy(&four.ip_src, src, 4);
		memcpy(&four.ip_dst, j->dst, 4);
		four.ip_sum = fold(add_up(0, &four, sizeof(four)));
		memcpy(out, &four, sizeof(four));
		return sizeof(four);
	}
	six.ip6_vfc = 6 << 4;
	memcpy(&six.ip6_src, src, 16);
	memcpy(&six.ip6_dst, j->dst, 16);
	memcpy(out, &six, sizeof(six));
	return sizeof(six);
}

static size_t frame(const struct job *j, uint64_t index, uint8_t out[FRAME_MAX])
{
	bool is_ip4 = j->family == AF_INET;
	uint16_t type = is_ip4 ? ETHERTYPE_IP : ETHERTYPE_IPV6;
	struct ether_header eth = { .ether_type = htons(type) };
	size_t width = is_ip4 ? 4 : 16, at = sizeof(eth);
	struct tcphdr tcp = { .th_dport = htons(25), .th_off = 5, .th_flags = TH_SYN,
			      .th_win = htons(64240) };
	uint8_t src[16];

	memcpy(eth.ether_dhost, there, ETH_ALEN);
	memcpy(eth.ether_shost, here, ETH_ALEN);
	memcpy(out, &eth, sizeof(eth));
	source(j, index, src);
	at += ip_header(j, src, out + at);
	tcp.th_sport = htons((uint16_t)(1024 + scramble((uint32_t)index) % 60000));
	tcp.th_seq = htonl(scramble((uint32_t)index + 1));
	tcp.th_sum = fold(add_up(add_up(add_up(IPPROTO_TCP + sizeof(tcp), src, width),
					j->dst, width),
				 &tcp, sizeof(tcp)));
	memcpy(out + at, &tcp, sizeof(tcp));
	return at + sizeof(tcp);
}

static int open_port(const struct job *j)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET };
	int one = 1, fd;

	if (j->net) {
		fd = open(j->net, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
			give_up(j->net);
		close(fd);
	}
	/* Protocol 0: sends, and never gets a copy of anything. */
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0)
		give_up("packet socket");
	to.sll_ifindex = (int)if_nametoindex(j->iface);
	if (!to.sll_ifindex || bind(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		give_up(j->iface);
	(void)setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one));
	return fd;
}

static void send_all(int fd, struct mmsghdr *m, unsigned count)
{
	unsigned done = 0;
	int n;

	while (done < count) {
		n = sendmmsg(fd, m + done, count - done, 0);
		if (n > 0)
			done += (unsigned)n;
		else if (errno == ENOBUFS || errno == EAGAIN)
			nap_us(50);
		else if (errno != EINTR)
			give_up("sendmmsg");
	}
}

static void send_fast(const struct job *j, int fd)
{
	static uint8_t bytes[BATCH][FRAME_MAX];
	struct mmsghdr m[BATCH] = { 0 };
	struct iovec io[BATCH];
	unsigned n;

	for (uint64_t i = 0; i < j->count; i += n) {
		n = j->count - i < BATCH ? (unsigned)(j->count - i) : BATCH;
		for (unsigned k = 0; k < n; k++) {
			io[k].iov_base = bytes[k];
			io[k].iov_len = frame(j, j->offset + i + k, bytes[k]);
			m[k].msg_hdr.msg_iov = &io[k];
			m[k].msg_hdr.msg_iovlen = 1;
		}
		send_all(fd, m, n);
	}
}

/*
 * One SYN at a time, the gaps uneven: an even beat would keep step with the kernel's
 * tick, which is what its CPU accounts are sampled with.
 */
static void send_paced(const struct job *j, int fd)
{
	uint64_t gap = 1000000000U / j->rate, due = now_ns();
	uint8_t bytes[FRAME_MAX];
	struct iovec io = { bytes, 0 };
	struct mmsghdr m = { .msg_hdr = { .msg_iov = &io, .msg_iovlen = 1 } };
	struct timespec t;

	prctl(PR_SET_TIMERSLACK, 1UL);
	for (uint64_t i = 0; i < j->count; i++) {
		due += scramble((uint32_t)i) % (2 * gap);
		t = (struct timespec){ (time_t)(due / 1000000000U),
				       (long)(due % 1000000000U) };
		if (due > now_ns())
			clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
		io.iov_len = frame(j, j->offset + i, bytes);
		send_all(fd, &m, 1);
	}
}

static int family_of(const char *text, uint8_t out[16])
{
	if (inet_pton(AF_INET, text, out) == 1)
		return AF_INET;
	if (inet_pton(AF_INET6, text, out) == 1)
		return AF_INET6;
	errno = 0;
	give_up(text);
}

static void read_options(struct job *j, int argc, char **argv)
{
	int c, src = 0;

	while ((c = getopt(argc, argv, "N:i:d:s:r:o:n:p:")) != -1)
		switch (c) {
		case 'N': j->net = optarg; break;
		case 'i': j->iface = optarg; break;
		case 'd': j->family = family_of(optarg, j->dst); break;
		case 's': src = family_of(optarg, j->first); break;
		case 'r': j->range = to_number(optarg); break;
		case 'o': j->offset = to_number(optarg); break;
		case 'n': j->count = to_number(optarg); break;
		case 'p': j->rate = to_number(optarg); break;
		default:  exit(64);
		}
	if (optind == argc && j->family && j->family == src && j->range &&
	    j->range <= 1U << 31)
		return;
	fprintf(stderr, "usage: synsend [-N netns-file] [-i iface] -d addr -s first\n"
			"               [-r range] [-o offset] [-n count] [-p rate]\n");
	exit(64);
}

int main(int argc, char **argv)
{
	struct job j = { .iface = "peer0", .range = 1, .count = 1 };
	int fd;

	read_options(&j, argc, argv);
	fd = open_port(&j);
	if (j.rate)
		send_paced(&j, fd);
	else
		send_fast(&j, fd);
	return 0;
}
