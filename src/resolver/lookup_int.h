/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lookup_int.h - one source's way through DNS: its names, their addresses, confirmation
 *
 * Belongs to the resolver thread. Nothing here waits: queries are begun, c-ares calls
 * back while the thread drives its sockets, and lookup_step() does what comes next.
 */
#ifndef RESOLVER_LOOKUP_INT_H
#define RESOLVER_LOOKUP_INT_H

#include <ares.h>
#include <stdbool.h>

#include "base/addr.h"
#include "resolver/resolver.h"

enum lookup_stage {
	LOOKUP_IDLE,
	LOOKUP_NAMES,     /* waiting for the names of the source */
	LOOKUP_ADDRESSES, /* waiting for the addresses of these names */
	LOOKUP_DONE,
};

struct lookup_channels {
	ares_channel dns;   /* addresses from the hosts file, then DNS; PTR from DNS */
	ares_channel hosts; /* the hosts file alone: opens no socket, answers at once */
};

struct lookup;

/* One name of the source. The answer counts only when confirmed. */
struct lookup_name {
	struct lookup    *lookup;
	bool              confirmed; /* the source is among its addresses */
	struct dns_answer answer;
};

struct lookup {
	enum lookup_stage  stage;
	unsigned           pending; /* queries that have not called back */
	bool               failed;  /* at least one ended in a time-out or an error */
	struct addr        who;
	unsigned           names;
	struct lookup_name name[RESOLVER_NAMES_MAX];
};

/*
 * Opens both; `mind` hears of every socket that is opened, wanted or closed. After a
 * failure (negative errno) lookup_close() is still due. Closing answers what is under way
 * with failures, so lookups must outlive it. *c is all zero before and after.
 */
int lookup_open(struct lookup_channels *c, ares_sock_state_cb mind, void *arg);
void lookup_close(struct lookup_channels *c);

/* Begins; `l` is idle and stays where it is until it is idle again or the channels
 * are closed. */
void lookup_begin(struct lookup *l, const struct lookup_channels *c,
		  const struct addr *who);

/*
 * Goes on once every query of the present stage has called back; else does nothing.
 * Returns true when the lookup is done: then its confirmed names are to be read, and
 * `stage` set to LOOKUP_IDLE. Never to be called from inside a c-ares callback.
 */
bool lookup_step(struct lookup *l, const struct lookup_channels *c);

#endif
