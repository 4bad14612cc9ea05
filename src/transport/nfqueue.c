/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nfqueue.c - the netlink socket: open, read in batches, answer in runs
 */
#include "transport/nfqueue.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Before any header of the library: they share an include guard, and its copy is older.
 */
#include <linux/netfilter/nfnetlink_queue.h>

#include <libmnl/libmnl.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/capability.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>

#include "transport/nfqueue_int.h"

enum {
	/* A copy and the attributes around it; an odd number of cache lines, so that the
	 * beginnings of the buffers do not all fall on the same few lines of a cache. */
	BUFFER_BYTES = NFQUEUE_COPY_BYTES + 1024 + 64,
	ANSWER_BYTES = 40,		   /* one verdict message with a mark */
	ANSWERS_BYTES = NFQUEUE_BATCH * ANSWER_BYTES + 1024,
	SEND_TRIES = 3,
};

/* Neighbouring packets with the same answer. */
struct run {
	uint32_t    count;
	uint32_t    last; /* highest id */
	enum answer answer;
};

struct nfqueue {
	struct mnl_socket    *socket; /* owned */
	struct nfqueue_conf   conf;
	struct nfqueue_counts counts;
	struct nfqueue_kernel kernel;   /* as last read */
	int                   proc;     /* where it is read, or negative */
	bool                  is_fail_open;
	uint32_t              owed;
	struct run            run;      /* not yet in `answers` */
	uint32_t              gathered; /* packets that `answers` settles */
	size_t                answers_len;
	struct mmsghdr        msg[NFQUEUE_BATCH];
	struct iovec          iov[NFQUEUE_BATCH];
	uint8_t               answers[ANSWERS_BYTES] __attribute__((aligned(8)));
	uint8_t buffer[NFQUEUE_BATCH][BUFFER_BYTES] __attribute__((aligned(8)));
};

static void put_config(struct nlmsghdr *nlh, const struct nfqueue_conf *c, uint32_t flags)
{
	nfq_nlmsg_cfg_put_cmd(nlh, AF_UNSPEC, NFQNL_CFG_CMD_BIND);
	nfq_nlmsg_cfg_put_params(nlh, NFQNL_COPY_PACKET, NFQUEUE_COPY_BYTES);
	nfq_nlmsg_cfg_put_qmaxlen(nlh, c->maxlen);
	if (flags != 0) {
		mnl_attr_put_u32(nlh, NFQA_CFG_FLAGS, htonl(flags));
		mnl_attr_put_u32(nlh, NFQA_CFG_MASK, htonl(flags));
	}
	nlh->nlmsg_flags |= NLM_F_ACK;
}

/* A packet that came between the queue's birth and the kernel's word of it: no one is
 * ready to judge it, so it passes. */
static void let_pass(struct nfqueue *q, const uint8_t *bytes, size_t len)
{
	struct held early;

	if (!nfqueue_parse(bytes, len, &early))
		return;
	q->owed++;
	nfqueue_answer(q, early.ticket, ANSWER_ACCEPT);
}

/* 0, or the errno the kernel answered the configuration with. */
static int configure(struct nfqueue *q, uint32_t flags)
{
	uint8_t *buf = q->buffer[0];
	struct nlmsghdr *nlh = nfq_nlmsg_put((char *)buf, NFQNL_MSG_CONFIG, q->conf.num);

	put_config(nlh, &q->conf, flags);
	if (mnl_socket_sendto(q->socket, nlh, nlh->nlmsg_len) < 0)
		return errno;
	for (unsigned tries = 0; tries < 65536; tries++) {
		ssize_t len = mnl_socket_recvfrom(q->socket, buf, BUFFER_BYTES);

		if (len < 0 && errno != EINTR && errno != ENOBUFS)
			return errno;
		if (len < (ssize_t)sizeof(*nlh))
			continue;
		nlh = (struct nlmsghdr *)(void *)buf;
		if (nlh->nlmsg_type == NLMSG_ERROR)
			return -((struct nlmsgerr *)mnl_nlmsg_get_payload(nlh))->error;
		let_pass(q, buf, (size_t)len);
	}
	return EPROTO;
}

/* /proc/net/netfilter would say who has the queue, but not in a user namespace. */
static bool may_admin(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[2] = { 0 };

	return syscall(SYS_capget, &head, caps) == 0 &&
	       (caps[0].effective & (1U << CAP_NET_ADMIN)) != 0;
}

static enum nfqueue_trouble trouble_of(int err)
{
	switch (err) {
	case 0:
		return NFQUEUE_FINE;
	case EBUSY:
		return NFQUEUE_TAKEN;
	case EPERM:
		/* The kernel says the same to a stranger and to one who lacks the right.
		 */
		return may_admin() ? NFQUEUE_TAKEN : NFQUEUE_FORBIDDEN;
	case EPROTONOSUPPORT:
	case EAFNOSUPPORT:
	case EINVAL: /* nfnetlink knows no such subsystem */
	case EOPNOTSUPP:
		return NFQUEUE_NO_KERNEL;
	default:
		return NFQUEUE_BROKEN;
	}
}

/* The kernel doubles what it is told and counts its own overhead in. */
static void size_buffer(struct nfqueue *q)
{
	uint64_t want = (uint64_t)q->conf.maxlen * NFQUEUE_BYTES_PER_SYN / 2;
	int bytes = want > INT32_MAX / 2 ? INT32_MAX / 2 : (int)want;
	int fd = mnl_socket_get_fd(q->socket);

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
}

enum nfqueue_trouble nfqueue_open(struct nfqueue **out, const struct nfqueue_conf *c,
				  int *err)
{
	struct nfqueue *q = calloc(1, sizeof(*q));
	struct timeval patience = { .tv_sec = 2 };
	enum nfqueue_trouble trouble;

	if (!q) {
		*err = ENOMEM;
		return NFQUEUE_BROKEN;
	}
	q->conf = *c;
	q->proc = nfqueue_proc_open();
	q->socket = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	if (!q->socket || mnl_socket_bind(q->socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		*err = errno;
		goto discard;
	}
	size_buffer(q);
	(void)setsockopt(mnl_socket_get_fd(q->socket), SOL_SOCKET, SO_RCVTIMEO, &patience,
			 sizeof(patience));

	/* One flag the kernel does not know rejects the whole message. */
	*err = configure(q, NFQA_CFG_F_FAIL_OPEN | NFQA_CFG_F_GSO);
	q->is_fail_open = *err == 0;
	if (*err == EOPNOTSUPP || *err == EINVAL)
		*err = configure(q, 0);
	if (*err != 0)
		goto discard;

	for (unsigned i = 0; i < NFQUEUE_BATCH; i++) {
		q->iov[i] = (struct iovec){ q->buffer[i], BUFFER_BYTES };
		q->msg[i].msg_hdr =
			(struct msghdr){ .msg_iov = &q->iov[i], .msg_iovlen = 1 };
	}
	nfqueue_flush(q);
	*out = q;
	return NFQUEUE_FINE;

discard:
	trouble = trouble_of(*err);
	nfqueue_close(q);
	return trouble;
}

void nfqueue_close(struct nfqueue *q)
{
	if (!q)
		return;
	/* The queue goes with the socket (nfqnl_rcv_nl_event()). */
	if (q->socket)
		mnl_socket_close(q->socket);
	if (q->proc >= 0)
		close(q->proc);
	free(q);
}

int nfqueue_fd(const struct nfqueue *q)
{
	return mnl_socket_get_fd(q->socket);
}

bool nfqueue_is_fail_open(const struct nfqueue *q)
{
	return q->is_fail_open;
}

uint32_t nfqueue_room(const struct nfqueue *q)
{
	int bytes = 0;
	socklen_t len = sizeof(bytes);

	if (getsockopt(nfqueue_fd(q), SOL_SOCKET, SO_RCVBUF, &bytes, &len) < 0 ||
	    bytes < 0)
		return 0;
	return (uint32_t)bytes / NFQUEUE_BYTES_PER_SYN;
}

/* Anything but a packet: mostly the kernel's complaint about an answer. */
static void count_stray(struct nfqueue *q, const uint8_t *bytes, size_t len)
{
	const struct nlmsghdr *nlh = (const void *)bytes;

	if (len < MNL_NLMSG_HDRLEN + sizeof(struct nlmsgerr) ||
	    nlh->nlmsg_type != NLMSG_ERROR)
		q->counts.odd++;
	else if (((const struct nlmsgerr *)mnl_nlmsg_get_payload(nlh))->error == -ENOENT)
		q->counts.gone++;
	else
		q->counts.unsent++;
}

/* How many messages came; overruns are counted and read past. */
static int receive(struct nfqueue *q)
{
	/* An overrun is reported once and cleared by the report; two tries would do. */
	for (unsigned tries = 0; tries < 4; tries++) {
		int n = recvmmsg(nfqueue_fd(q), q->msg, NFQUEUE_BATCH, MSG_DONTWAIT,
				 NULL);

		if (n >= 0)
			return n;
		if (errno == EAGAIN)
			return 0;
		if (errno == ENOBUFS)
			q->counts.overruns++;
		else if (errno != EINTR)
			return -errno;
	}
	return 0;
}

int nfqueue_read(struct nfqueue *q, struct held batch[NFQUEUE_BATCH], bool *drained)
{
	int got, packets = 0;

	*drained = true;
	nfqueue_flush(q);
	if (q->owed > 0)
		return 0; /* the kernel did not take our last answers: debts first */

	got = receive(q);
	if (got < 0)
		return got;
	for (int i = 0; i < got; i++) {
		if (nfqueue_parse(q->buffer[i], q->msg[i].msg_len, &batch[packets]))
			packets++;
		else
			count_stray(q, q->buffer[i], q->msg[i].msg_len);
	}
	*drained = got < NFQUEUE_BATCH;
	q->owed += (uint32_t)packets;
	q->counts.packets += (uint64_t)packets;
	return packets;
}

/* NF_REPEAT sends the packet through the same table again (nf_reinject()); the mark tells
 * the operator's rule, and us, that it comes for the second time. */
static void put_verdict(const struct nfqueue *q, struct nlmsghdr *nlh)
{
	static const int verdicts[] = {
		[ANSWER_ACCEPT] = NF_ACCEPT,
		[ANSWER_DROP] = NF_DROP,
		[ANSWER_REFUSE] = NF_REPEAT,
	};

	nfq_nlmsg_verdict_put(nlh, (int)q->run.last, verdicts[q->run.answer]);
	if (q->run.answer == ANSWER_REFUSE)
		nfq_nlmsg_verdict_put_mark(nlh, q->conf.mark);
}

/* A batch answer settles all packets up to its id (nfqnl_recv_verdict_batch()); it may be
 * used because we answer in the order in which the kernel queued. */
static void end_run(struct nfqueue *q)
{
	int type = q->run.count > 1 ? NFQNL_MSG_VERDICT_BATCH : NFQNL_MSG_VERDICT;
	struct nlmsghdr *nlh;

	if (q->run.count == 0)
		return;
	nlh = nfq_nlmsg_put((char *)q->answers + q->answers_len, type, q->conf.num);
	put_verdict(q, nlh);
	q->answers_len += MNL_ALIGN(nlh->nlmsg_len);
	q->gathered += q->run.count;
	q->run.count = 0;
}

void nfqueue_answer(struct nfqueue *q, struct ticket t, enum answer a)
{
	assert(q->gathered + q->run.count < q->owed);

	if (q->run.count > 0 && q->run.answer != a)
		end_run(q);
	q->run.count++;
	q->run.last = t.id;
	q->run.answer = a;
	if (q->answers_len + 2 * ANSWER_BYTES > sizeof(q->answers))
		nfqueue_flush(q);
}

void nfqueue_flush(struct nfqueue *q)
{
	end_run(q);
	for (unsigned tries = 0; q->answers_len > 0 && tries < SEND_TRIES; tries++) {
		if (mnl_socket_sendto(q->socket, q->answers, q->answers_len) < 0) {
			q->counts.unsent++;
			continue; /* out of kernel memory; kept for the next flush */
		}
		q->owed -= q->gathered;
		q->gathered = 0;
		q->answers_len = 0;
	}
}

uint32_t nfqueue_owed(const struct nfqueue *q)
{
	return q->owed;
}

struct nfqueue_counts nfqueue_count(const struct nfqueue *q)
{
	return q->counts;
}

struct nfqueue_kernel nfqueue_kernel(struct nfqueue *q)
{
	unsigned long column[NFQUEUE_PROC_COLUMNS];

	if (q->proc >= 0 && nfqueue_proc_line(q->proc, q->conf.num, column))
		q->kernel = (struct nfqueue_kernel){
			(uint32_t)column[NFQUEUE_PROC_WAITING],
			(uint32_t)column[NFQUEUE_PROC_FULL],
			(uint32_t)column[NFQUEUE_PROC_BUFFER],
		};
	return q->kernel;
}
