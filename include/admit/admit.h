/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * admit.h - a table outside the process that mirrors whom we let in
 *
 * For firewalls that decide by themselves, and look into a table: pf. What is wanted is
 * kept here; the table follows, in batches, within a moment. After a failure its contents
 * are unknown, and it is replaced as a whole, so that no address is lost by trouble; see
 * admit_keep() for the exception.
 *
 * Calls never wait, admit_open_pf() and admit_close() excepted. One thread; memory is
 * taken when opening, 36 bytes for each network there is room for.
 */
#ifndef ADMIT_ADMIT_H
#define ADMIT_ADMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/tick.h"

enum {
	ADMIT_GATHER_MS = 50,       /* changes within it go into one run */
	ADMIT_BATCH = 4096,         /* networks of one run, unless it replaces all */
	ADMIT_RETRY_MS = 1000,      /* after a failure; then twice as long, ... */
	ADMIT_RETRY_MAX_MS = 60000, /* ... up to this */
	ADMIT_CLOSE_MS = 3000,      /* at the end, for a run; then for the helper */
	ADMIT_TABLE_MAX = 32,       /* of a table's name, with its NUL (pf's limit) */
	ADMIT_WHY_MAX = 400,
};

struct admit_conf {
	const char *pfctl;     /* absolute path; borrowed until admit_close() */
	const char *table;     /* letters, digits, '-' and '_'; borrowed likewise */
	unsigned    timeout_s; /* after which a pfctl is killed, 1 to 3600 */
	uint32_t    max;       /* networks in the table at most, at least 1 */
	uint8_t     bits4, bits6; /* the widest networks that may ever be admitted */
};

enum admit_news {
	ADMIT_NO_NEWS,
	ADMIT_TROUBLE, /* a run failed, the first in a row: admit_why(); it is retried */
	ADMIT_WELL,    /* the table is as it should be again */
	/* The helper has gone; it was privileged, and we are not any more, so only a new
	 * start brings it back. admit_why() says what is known. Said again each turn. */
	ADMIT_LOST,
};

struct admit_counts {
	uint32_t wanted; /* networks that should be in the table */
	uint64_t runs;   /* that went well */
	uint64_t failed; /* that did not */
	uint64_t full;   /* networks refused because there was no room */
	uint64_t odd;    /* networks refused because no sender can be there */
};

struct admit;
struct log;

/*
 * Starts the helper, which runs pfctl. Call it while privileged, and before there is any
 * thread. 0, or a negative errno: -EINVAL for a path or name that is none, -ENOENT or
 * -EACCES for a pfctl that cannot be run. The first run replaces what the table held.
 */
int admit_open_pf(struct admit **out, const struct admit_conf *c);

/* The same interface where no table is: the log (borrowed) is told what would be done. */
int admit_open_null(struct admit **out, const struct admit_conf *c, struct log *l);

/* What has not been done by now is left to the next start. Waits for a pfctl that is
 * running, not for long, and has it killed then. NULL is allowed. */
void admit_close(struct admit *a);

/* Both may be repeated at will; the last word about a network counts. */
void admit_add(struct admit *a, const struct net *net, struct mono now);
void admit_remove(struct admit *a, const struct net *net, struct mono now);

/*
 * We do not know of all that belongs into the table: what it holds stays there, unless
 * admit_remove() names it, and every word about a network is passed on. Until
 * admit_resync(). Before the first turn, or there is nothing left to keep.
 */
void admit_keep(struct admit *a);

/* Somebody else may have changed the table: replace it. */
void admit_resync(struct admit *a, struct mono now);

/* Does what is due: when the descriptor is ready, and when admit_wait_ms() is over. */
enum admit_news admit_turn(struct admit *a, struct mono now);

/* -1 where there is nothing to watch. */
int admit_fd(const struct admit *a);
bool admit_wants_write(const struct admit *a); /* besides reading */

/* Until admit_turn() should be called whatever the descriptor says; -1 = no need. */
int64_t admit_wait_ms(const struct admit *a, struct mono now);

/* The last trouble, for people; "" before any. Borrowed until the next turn. */
const char *admit_why(const struct admit *a);

struct admit_counts admit_count(const struct admit *a);

/*
 * Steps through what is wanted, to ask the rule again of each: start with *cursor = 0;
 * false at the end. What changes meanwhile may be seen twice or not at all.
 */
bool admit_next(const struct admit *a, uint32_t *cursor, struct net *out);

#endif
