/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * floor.c - the least that answering a queue can cost: no parsing, no table, no rule
 *
 * By default the daemon's own transport with nothing on top: what it costs is the floor
 * the daemon is measured against. With -1 the classic loop instead: wait for one packet,
 * send one verdict, again.
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>

#include "bench.h"
#include "transport/nfqueue.h"

struct plan {
	struct nfqueue_conf queue;
	enum answer         answer;
	bool                one_by_one;
	unsigned            nap; /* us; 0 = never */
};

struct verdict_message {
	struct nlmsghdr              nl;
	struct nfgenmsg              nf;
	struct nlattr                attr;
	struct nfqnl_msg_verdict_hdr verdict;
};

static bool is_alive(int err)
{
	return err == EINTR || err == EAGAIN || err == ENOBUFS;
}

static void serve_one_by_one(struct nfqueue *q, const struct plan *p)
{
	struct verdict_message v = {
		.nl = { .nlmsg_len = sizeof(v),
			.nlmsg_type = NFNL_SUBSYS_QUEUE << 8 | NFQNL_MSG_VERDICT,
			.nlmsg_flags = NLM_F_REQUEST },
		.nf = { .version = NFNETLINK_V0, .res_id = htons(p->queue.num) },
		.attr = { .nla_len = sizeof(v.attr) + sizeof(v.verdict),
			  .nla_type = NFQA_VERDICT_HDR },
	};
	static uint8_t bytes[NFQUEUE_COPY_BYTES + 4096];
	int fd = nfqueue_fd(q);
	struct held h;
	ssize_t len;

	if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK) < 0)
		give_up("fcntl");
	v.verdict.verdict = htonl(p->answer == ANSWER_DROP ? NF_DROP : NF_ACCEPT);
	for (;;) {
		len = recv(fd, bytes, sizeof(bytes), 0);
		if (len < 0 && !is_alive(errno))
			give_up("recv");
		if (len <= 0 || !nfqueue_parse(bytes, (size_t)len, &h))
			continue;
		v.verdict.id = htonl(h.ticket.id);
		if (send(fd, &v, sizeof(v), 0) < 0)
			give_up("send");
	}
}

/* Sleeps before the next read while packets come faster than one in a nap. */
static void nap_maybe(const struct plan *p, unsigned packets, uint64_t *last)
{
	uint64_t now = now_ns();

	if ((uint64_t)packets * p->nap * 1000U > now - *last)
		nap_us(p->nap);
	*last = now;
}

static void serve_batches(struct nfqueue *q, const struct plan *p)
{
	static struct held batch[NFQUEUE_BATCH];
	struct pollfd wait = { nfqueue_fd(q), POLLIN, 0 };
	uint64_t last = now_ns();
	unsigned packets = 0;
	bool drained;
	int n;

	for (;;) {
		n = nfqueue_read(q, batch, &drained);
		if (n < 0)
			give_up("nfqueue_read");
		for (int i = 0; i < n; i++)
			nfqueue_answer(q, batch[i].ticket, p->answer);
		nfqueue_flush(q);
		packets += (unsigned)n;
		if (!drained)
			continue;
		if (p->nap && packets > 0)
			nap_maybe(p, packets, &last);
		packets = 0;
		if (poll(&wait, 1, -1) < 0 && errno != EINTR)
			give_up("poll");
	}
}

static void read_options(struct plan *p, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "n:m:a1c:")) != -1)
		switch (c) {
		case 'n': p->queue.num = (uint16_t)to_number(optarg); break;
		case 'm': p->queue.maxlen = (uint32_t)to_number(optarg); break;
		case 'a': p->answer = ANSWER_ACCEPT; break;
		case '1': p->one_by_one = true; break;
		case 'c': p->nap = (unsigned)to_number(optarg); break;
		default:
			fprintf(stderr, "usage: floor -n queue [-m maxlen] [-a] [-1] "
					"[-c nap-us]\n");
			exit(64);
		}
}

int main(int argc, char **argv)
{
	struct plan p = { .queue = { .maxlen = 4096 }, .answer = ANSWER_DROP };
	struct nfqueue *q;
	int err = 0;

	read_options(&p, argc, argv);
	prctl(PR_SET_TIMERSLACK, 1UL);
	if (nfqueue_open(&q, &p.queue, &err) != NFQUEUE_FINE) {
		errno = err;
		give_up("nfqueue_open");
	}
	puts("ready");
	fflush(stdout);
	if (p.one_by_one)
		serve_one_by_one(q, &p);
	else
		serve_batches(q, &p);
	return 0;
}
