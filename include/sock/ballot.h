/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ballot.h - where votes come in: unix sockets, FIFOs, TCP with a key
 *
 * Every byte is an enemy's until it has been read as a vote. A bad line ends nothing but
 * itself, ten in a row end the connection; each peer has a quota. A FIFO takes any number
 * of writers, survives those that die in the middle of a line, and blocks nobody. libuv,
 * main thread.
 */
#ifndef SOCK_BALLOT_H
#define SOCK_BALLOT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <uv.h>

#include "base/addr.h"
#include "base/tick.h"
#include "wire/proto.h"

enum {
	BALLOT_BOXES_MAX = 16,
	BALLOT_CLIENTS_MAX = 64,      /* of one box at one time */
	BALLOT_BAD_LINES = 10,        /* in a row */
	BALLOT_PER_SECOND = 20000,    /* votes of one peer, twice that in a burst */
	BALLOT_KEY_MIN = 16,          /* bytes */
	BALLOT_KEY_MAX = 256,
};

enum ballot_kind {
	BALLOT_UNIX,
	BALLOT_FIFO,
	BALLOT_TCP,
};

/* One endpoint. Values only. */
struct ballot_conf {
	enum ballot_kind kind;
	char             path[PROTO_PATH_MAX]; /* UNIX, FIFO */
	struct addr      addr;                 /* TCP */
	uint16_t         port;
	mode_t           mode;                 /* UNIX, FIFO: 0660 unless told */
	gid_t            group;                /* (gid_t)-1 = leave it */
	uid_t            owner;                /* (uid_t)-1 = leave it */
	uint8_t          key[BALLOT_KEY_MAX];  /* TCP */
	unsigned         key_bytes;
};

struct ballot_counts {
	uint64_t votes;     /* well-formed, handed on */
	uint64_t bad;       /* lines that were none */
	uint64_t forged;    /* wrong key, nonce, or sequence number */
	uint64_t over;      /* beyond the quota */
	uint64_t clients;
	uint64_t refused;   /* clients beyond the limit */
	uint64_t no_files;  /* clients not taken: descriptors had run out */
	uint64_t no_memory; /* the same, memory */
	uint64_t slow;      /* clients sent away: they did not read their answers */
};

/* A vote came in. Returns the answer for a socket: NULL for `ok`, or why not. */
typedef const char *(*ballot_fn)(void *arg, const struct proto_vote *vote,
				 const char *from);

struct ballot;

/* Opens all of them or none. Negative errno; *which is the number of the one that would
 * not. A unix socket or FIFO that nobody holds any more is replaced, anything else at its
 * path is -EEXIST. */
int ballot_open(struct ballot **out, uv_loop_t *loop, const struct ballot_conf *conf,
		unsigned count, unsigned *which);
void ballot_set_handler(struct ballot *b, ballot_fn fn, void *arg);

/*
 * Takes up what differs, all of it or nothing (then as ballot_open()). A box whose place
 * stays goes on with its clients, whatever else of it changes; one whose path was removed
 * or replaced is made anew; those that are no more close when all others are open.
 */
int ballot_change(struct ballot *b, const struct ballot_conf *conf, unsigned count,
		  unsigned *which);

/* Closes all and removes the paths it made. NULL is allowed. Memory goes when the loop
 * has run once more. */
void ballot_close(struct ballot *b);

struct ballot_counts ballot_count(const struct ballot *b);

#endif
