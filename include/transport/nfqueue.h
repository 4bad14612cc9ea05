/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nfqueue.h - packets the kernel holds for us, and our answers
 *
 * Every packet read is a debt: it is answered exactly once, in the order read. Answers
 * are gathered and sent by nfqueue_flush() as run-length batches. One thread; allocates
 * in nfqueue_open() only. Rests on linux/net/netfilter/nfnetlink_queue.c.
 */
#ifndef TRANSPORT_NFQUEUE_H
#define TRANSPORT_NFQUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transport/held.h"

enum {
	NFQUEUE_BATCH = HELD_BATCH,
	/* Of each packet. IPv6 headers may fill a frame before the TCP header comes, and
	 * who sent a SYN that we cannot find would get past us: a jumbo frame fits. */
	NFQUEUE_COPY_BYTES = 9216,
	NFQUEUE_BYTES_PER_SYN = 832, /* of socket buffer, measured */
};

struct nfqueue_conf {
	uint16_t num;
	uint32_t maxlen; /* packets the kernel may hold; it caps this at 65536 */
	uint32_t mark;   /* set by ANSWER_REFUSE */
};

struct nfqueue_counts {
	uint64_t packets;  /* read */
	uint64_t overruns; /* times the kernel could not fit packets into our socket */
	uint64_t gone;     /* answers to packets the kernel had flushed meanwhile */
	uint64_t odd;      /* netlink messages we could not make sense of */
	uint64_t unsent;   /* answers the kernel did not take */
};

enum nfqueue_trouble {
	NFQUEUE_FINE,
	NFQUEUE_TAKEN,      /* another process listens on this number */
	NFQUEUE_NO_KERNEL,  /* this kernel has no NFQUEUE */
	NFQUEUE_FORBIDDEN,  /* CAP_NET_ADMIN is missing */
	NFQUEUE_BROKEN,     /* anything else; errno-like value in *err */
};

struct nfqueue;

/* Binds to the queue in one acknowledged message. On NFQUEUE_FINE *out is owned by the
 * caller; else *err is a positive errno. */
enum nfqueue_trouble nfqueue_open(struct nfqueue **out, const struct nfqueue_conf *c,
				  int *err);

/* Tells the kernel to let go of the queue; unanswered packets are dropped by it. NULL is
 * allowed. */
void nfqueue_close(struct nfqueue *q);

int nfqueue_fd(const struct nfqueue *q);

/* True when the kernel took fail-open: a full queue lets packets through. */
bool nfqueue_is_fail_open(const struct nfqueue *q);

/* How many SYNs the socket buffer holds; less than maxlen means losses under flood. */
uint32_t nfqueue_room(const struct nfqueue *q);

/*
 * Reads up to NFQUEUE_BATCH packets without waiting. Returns how many; *drained says
 * whether the socket was empty afterwards. Overruns and stray messages are counted and
 * read past. Negative errno only when the socket is of no more use.
 */
int nfqueue_read(struct nfqueue *q, struct held batch[NFQUEUE_BATCH], bool *drained);

/* Takes the answer; nfqueue_flush() sends it. */
void nfqueue_answer(struct nfqueue *q, struct ticket t, enum answer a);
void nfqueue_flush(struct nfqueue *q);

/* Packets read and not answered. */
uint32_t nfqueue_owed(const struct nfqueue *q);

struct nfqueue_counts nfqueue_count(const struct nfqueue *q);

/* What the kernel says of the queue. */
struct nfqueue_kernel {
	uint32_t waiting; /* packets held for us now; at maxlen, further ones fail open */
	uint32_t full;    /* dropped before we saw them: the queue was at its maximum */
	uint32_t buffer;  /* the same: our socket was */
};

/* From /proc/net/netfilter/nfnetlink_queue, which is held open; what was read last when
 * it cannot be read. */
struct nfqueue_kernel nfqueue_kernel(struct nfqueue *q);

/*
 * One netlink message as the kernel sends it for a queued packet. Pure; here for the
 * fuzzer. False when it is none or contradicts itself.
 */
bool nfqueue_parse(const uint8_t *bytes, size_t len, struct held *out);

#endif
