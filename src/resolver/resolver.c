/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * resolver.c - the resolver thread, and the two mailboxes between it and its caller
 *
 * Questions wait in one ring, answers in the other; a bell next to each wakes the
 * reader. The thread drives c-ares with poll(2) and takes a question only when one of its
 * flights is free, so what it holds is bounded whatever DNS does.
 */
#include "resolver/resolver.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include <ares.h>
#include <sodium.h>

#include "base/ring.h"
#include "thread/bell.h"
#include "thread/thread.h"

#include "resolver/asked_int.h"
#include "resolver/lookup_int.h"

enum {
	ANSWERS = 256, /* waiting for the caller; a power of two */
	SOCKETS = 128, /* that c-ares has at a time: one or two for each of its servers */
};

struct resolver {
	/* The caller's side. */
	struct asked           asked;
	struct resolver_counts counts; /* the last four stay zero */

	/* Between the two. */
	struct ring  *questions[RESOLVER_RANKS]; /* of struct addr */
	struct ring  *answers;     /* of struct dns_answer */
	struct bell   asking;      /* wakes the thread; also to end it */
	struct bell   answering;   /* wakes the caller */
	atomic_bool   ending;
	atomic_bool   has_ended;
	atomic_bool   refreshing;  /* resolv.conf is to be read again */
	atomic_ullong confirmed;
	atomic_ullong unconfirmed;
	atomic_ullong failed;
	atomic_ullong unread;

	/* The thread's side. */
	pthread_t     thread;
	struct pollfd socket[SOCKETS];
	unsigned      sockets;
	struct lookup_channels channels;
	struct lookup flight[RESOLVER_FLIGHTS];
};

/* c-ares opened, wants, or is about to close a socket. One that finds no place is one
 * whose server seems to be silent. */
static void mind_socket(void *arg, ares_socket_t fd, int readable, int writable)
{
	struct resolver *r = arg;
	unsigned place = 0;

	while (place < r->sockets && r->socket[place].fd != fd)
		place++;
	if (!readable && !writable) {
		if (place < r->sockets)
			r->socket[place] = r->socket[--r->sockets];
		return;
	}
	if (place == SOCKETS)
		return;
	if (place == r->sockets)
		r->sockets++;
	r->socket[place] = (struct pollfd){
		.fd = fd,
		.events = (short)((readable ? POLLIN : 0) | (writable ? POLLOUT : 0)),
	};
}

/* Hands the confirmed names over and says how the source counts. */
static atomic_ullong *hand_over(struct resolver *r, struct lookup *l)
{
	struct dns_answer none = { .who = l->who,
				   .is_final = true,
				   .is_failure = l->failed };
	struct dns_answer *last = NULL;
	unsigned confirmed = 0, lost = 0;

	for (unsigned i = 0; i < l->names; i++)
		if (l->name[i].confirmed)
			last = &l->name[i].answer;
	for (unsigned i = 0; i < l->names; i++) {
		if (!l->name[i].confirmed)
			continue;
		l->name[i].answer.is_final = &l->name[i].answer == last;
		if (ring_put(r->answers, &l->name[i].answer))
			confirmed++;
		else
			lost++;
	}
	if (!last)
		(void)ring_put(r->answers, &none); /* lost: it will be asked for again */
	bell_ring(&r->answering);
	if (lost > 0)
		return &r->failed;
	if (confirmed > 0)
		return &r->confirmed;
	return l->failed ? &r->failed : &r->unconfirmed;
}

static bool is_ending(struct resolver *r)
{
	return atomic_load_explicit(&r->ending, memory_order_acquire);
}

/* The next question for that flight: those of known senders first. */
static bool take_question(struct resolver *r, unsigned flight, struct addr *who)
{
	return ring_take(r->questions[RESOLVER_KNOWN], who) ||
	       (flight >= RESOLVER_RESERVED &&
		ring_take(r->questions[RESOLVER_STRANGER], who));
}

/* One round over all flights: go on with each, and fill the free ones. */
static bool turn_flights(struct resolver *r)
{
	bool moved = false;

	for (unsigned i = 0; i < RESOLVER_FLIGHTS && !is_ending(r); i++) {
		struct lookup *l = &r->flight[i];
		struct addr who;

		if (lookup_step(l, &r->channels)) {
			atomic_fetch_add(hand_over(r, l), 1);
			l->stage = LOOKUP_IDLE;
			moved = true;
		}
		if (l->stage == LOOKUP_IDLE && take_question(r, i, &who)) {
			lookup_begin(l, &r->channels, &who);
			moved = true;
		}
	}
	return moved;
}

/* c-ares takes a file that it cannot open, perhaps for want of a descriptor, for an empty
 * one. */
static bool is_readable(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd >= 0)
		close(fd);
	return fd >= 0 || errno == ENOENT;
}

/* Closing the old channels ends what is under way with failures, which nobody gets to
 * see: each begins anew. */
static void refresh(struct resolver *r)
{
	struct lookup_channels fresh = { 0 };

	if (!is_readable("/etc/resolv.conf") || lookup_open(&fresh, mind_socket, r) < 0) {
		lookup_close(&fresh);
		atomic_fetch_add(&r->unread, 1);
		return;
	}
	lookup_close(&r->channels);
	r->channels = fresh;
	for (unsigned i = 0; i < RESOLVER_FLIGHTS && !is_ending(r); i++) {
		struct addr who = r->flight[i].who;

		if (r->flight[i].stage != LOOKUP_IDLE)
			lookup_begin(&r->flight[i], &r->channels, &who);
	}
}

/* Milliseconds until c-ares wants to look at its clock; -1 when it waits for nothing. */
static int patience(struct resolver *r)
{
	struct timeval tv;

	if (!ares_timeout(r->channels.dns, NULL, &tv))
		return -1;
	/* Rounded up: waking a little too early would only mean waking twice. */
	return (int)(tv.tv_sec * 1000 + (tv.tv_usec + 999) / 1000);
}

static void drive_sockets(struct resolver *r)
{
	enum { BROKEN = POLLERR | POLLHUP | POLLNVAL };
	/* A copy: c-ares opens and closes sockets while it is told of them. */
	struct pollfd ready[SOCKETS + 1];
	unsigned sockets = r->sockets;
	int n;

	memcpy(ready, r->socket, sockets * sizeof(ready[0]));
	ready[sockets] = (struct pollfd){ .fd = r->asking.in, .events = POLLIN };
	n = poll(ready, sockets + 1, patience(r));
	if (n > 0 && ready[sockets].revents)
		bell_hush(&r->asking);
	for (unsigned i = 0; n > 0 && i < sockets; i++) {
		bool in = ready[i].revents & (POLLIN | BROKEN);
		bool out = ready[i].revents & (POLLOUT | BROKEN);

		if (in || out)
			ares_process_fd(r->channels.dns,
					in ? ready[i].fd : ARES_SOCKET_BAD,
					out ? ready[i].fd : ARES_SOCKET_BAD);
	}
	/* Time-outs are due even when no socket has anything to say. */
	ares_process_fd(r->channels.dns, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

/* Everything but the thread. */
static void discard(struct resolver *r)
{
	lookup_close(&r->channels);
	bell_close(&r->asking);
	bell_close(&r->answering);
	for (unsigned i = 0; i < RESOLVER_RANKS; i++)
		ring_free(r->questions[i]);
	ring_free(r->answers);
	free(r);
}

static void *run_thread(void *arg)
{
	struct resolver *r = arg;

	while (!is_ending(r)) {
		if (atomic_exchange(&r->refreshing, false))
			refresh(r);
		/* A hosts file answers at once, and then there is more to do at once. */
		if (!turn_flights(r))
			drive_sockets(r);
	}
	atomic_store_explicit(&r->has_ended, true, memory_order_release);
	return NULL;
}

int resolver_start(struct resolver **out)
{
	struct resolver *r = calloc(1, sizeof(*r));
	int rc;

	if (!r)
		return -ENOMEM;
	r->asking = r->answering = (struct bell)BELL_CLOSED;
	r->answers = ring_new(ANSWERS, sizeof(struct dns_answer));
	rc = r->answers ? 0 : -ENOMEM;
	for (unsigned i = 0; i < RESOLVER_RANKS; i++) {
		r->questions[i] = ring_new(RESOLVER_QUESTIONS, sizeof(struct addr));
		if (!r->questions[i])
			rc = -ENOMEM;
	}
	if (rc == 0 && sodium_init() < 0)
		rc = -EIO;
	if (rc == 0) {
		randombytes_buf(r->asked.secret, sizeof(r->asked.secret));
		rc = bell_open(&r->asking);
	}
	if (rc == 0)
		rc = bell_open(&r->answering);
	if (rc == 0)
		rc = lookup_open(&r->channels, mind_socket, r);
	if (rc == 0)
		rc = thread_start(&r->thread, run_thread, r);
	if (rc < 0) {
		discard(r);
		return rc;
	}
	*out = r;
	return 0;
}

bool resolver_end(struct resolver *r)
{
	atomic_store_explicit(&r->ending, true, memory_order_release);
	bell_ring(&r->asking);
	return atomic_load_explicit(&r->has_ended, memory_order_acquire);
}

void resolver_stop(struct resolver *r)
{
	if (!r)
		return;
	(void)resolver_end(r);
	(void)pthread_join(r->thread, NULL);
	discard(r);
}

void resolver_refresh(struct resolver *r)
{
	atomic_store(&r->refreshing, true);
	bell_ring(&r->asking);
}

void resolver_ask(struct resolver *r, const struct addr *who, enum resolver_rank rank,
		  struct mono now)
{
	if (who->family == ADDR_NONE)
		return;
	switch (asked_look(&r->asked, who, rank, now)) {
	case ASKED_LATELY:
		r->counts.remembered++;
		return;
	case ASKED_TOO_MANY:
		r->counts.limited++;
		return;
	case ASKED_NOT:
		break;
	}
	if (!ring_put(r->questions[rank], who)) {
		r->counts.dropped++;
		return;
	}
	asked_note(&r->asked, who, now);
	r->counts.asked++;
	bell_ring(&r->asking);
}

int resolver_fd(const struct resolver *r)
{
	return r->answering.in;
}

bool resolver_collect(struct resolver *r, struct dns_answer *out)
{
	if (ring_take(r->answers, out))
		return true;
	/* An answer that comes between the two looks has rung before the bell is hushed:
	 * the second look finds it. One that comes later rings again. */
	bell_hush(&r->answering);
	return ring_take(r->answers, out);
}

struct resolver_counts resolver_count(const struct resolver *r)
{
	struct resolver_counts c = r->counts;

	c.confirmed = atomic_load_explicit(&r->confirmed, memory_order_acquire);
	c.unconfirmed = atomic_load_explicit(&r->unconfirmed, memory_order_acquire);
	c.failed = atomic_load_explicit(&r->failed, memory_order_acquire);
	c.unread = atomic_load_explicit(&r->unread, memory_order_acquire);
	return c;
}
