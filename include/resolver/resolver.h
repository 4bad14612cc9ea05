/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * resolver.h - names of a source and the addresses of these names, in a thread of its own
 *
 * Questions and answers are values in bounded rings; the asking thread never waits. Only
 * forward-confirmed names are answered: those whose addresses contain the source.
 * /etc/resolv.conf is read at the start and when asked for, /etc/hosts at each look-up.
 */
#ifndef RESOLVER_RESOLVER_H
#define RESOLVER_RESOLVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/tick.h"
#include "wire/dnsname.h"

enum {
	RESOLVER_SIBLINGS_MAX = 64, /* addresses of one name; more are cut off */
	RESOLVER_NAMES_MAX = 4,     /* PTR names of one source that are followed */
	RESOLVER_QUESTIONS = 256, /* of a rank, waiting for the thread; a power of two */
	RESOLVER_FLIGHTS = 64,      /* sources being looked up at one time */
	RESOLVER_RESERVED = 16,     /* of these, for known ones only */
	RESOLVER_REMEMBER_MS = 10 * 60 * 1000, /* a source asked for is not asked again */
	RESOLVER_PER_SECOND = 50,   /* questions for long; twice that in a burst, */
	RESOLVER_BURST_KNOWN = 25,  /* the last of which are for known ones only */
};

/* One confirmed name of one source. A source with two of them gives two answers, one with
 * none gives one that says so. */
struct dns_answer {
	struct addr who;
	char        name[DNSNAME_MAX]; /* a clean host name; "" = none that counts */
	bool        is_final;          /* the last one for this source */
	bool        is_failure;        /* DNS did not say all it might have said */
	unsigned    count;             /* of siblings; not counting the source */
	struct addr siblings[RESOLVER_SIBLINGS_MAX];
};

/* Whose names are asked for. Some of what there is (questions at once, places in the
 * thread) is for senders that were let in or proven, so that strangers, who may be
 * forged, cannot use it up. */
enum resolver_rank {
	RESOLVER_KNOWN,
	RESOLVER_STRANGER,
};

enum { RESOLVER_RANKS = 2 };

/* Where questions went. All but the last four are written by the asking thread. */
struct resolver_counts {
	uint64_t asked;       /* handed to the thread */
	uint64_t remembered;  /* not asked: asked a while ago */
	uint64_t limited;     /* not asked: more than RESOLVER_PER_SECOND */
	uint64_t dropped;     /* not asked: the thread is behind */
	uint64_t confirmed;   /* sources with at least one confirmed name */
	uint64_t unconfirmed; /* sources without one: no name, or none that leads back */
	uint64_t failed;      /* DNS gave no answer in time, or an error */
	uint64_t unread;      /* times resolv.conf could not be read again */
};

struct resolver;

/* Starts the thread. *out is owned by the caller. Negative errno on failure. */
int resolver_start(struct resolver **out);

/* Asks the thread to end, and says whether it has; it waits for no DNS answer, but it may
 * hang in reading a file. */
bool resolver_end(struct resolver *r);

/* Ends the thread, waits for that and frees everything. NULL is allowed. */
void resolver_stop(struct resolver *r);

/* Has the thread read /etc/resolv.conf again, between two look-ups. Those under way begin
 * anew; should it not be readable, what was read before stays. */
void resolver_refresh(struct resolver *r);

/* Asks for the names of `who`, unless asked lately. Never waits. */
void resolver_ask(struct resolver *r, const struct addr *who, enum resolver_rank rank,
		  struct mono now);

/* Readable when resolver_collect() has something to give. */
int resolver_fd(const struct resolver *r);

/* Takes one answer; false when there is none. Call it until it says so. */
bool resolver_collect(struct resolver *r, struct dns_answer *out);

struct resolver_counts resolver_count(const struct resolver *r);

#endif
