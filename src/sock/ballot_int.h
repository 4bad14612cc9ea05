/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ballot_int.h - boxes for votes, and those who put them in
 *
 * ballot.c looks after the boxes, change.c says which there are, box.c opens and closes
 * one, voter.c talks with one client of a unix or TCP box, fifo.c reads a FIFO.
 */
#ifndef SOCK_BALLOT_INT_H
#define SOCK_BALLOT_INT_H

#include "sock/ballot.h"
#include "sock/listener_int.h"
#include "sock/local_int.h"
#include "sock/peers_int.h"
#include "sock/stream_int.h"

enum {
	BALLOT_READS_A_TURN = 4, /* of LINES_READ_BYTES, by all boxes: packets go first */
	BALLOT_FLUSH_PRICE = 1000, /* votes that a `/` costs: it touches every source */
	BALLOT_FROM_MAX = 64,
	BALLOT_PARTIAL_MS = 1000,
	BALLOT_IDLE_MS = 10 * 60 * 1000, /* of a TCP client */
	BALLOT_QUIET_MS = 60 * 1000, /* then it makes room when all places are taken */
	BALLOT_PATIENCE_MS = 60 * 1000, /* with one that does not read its answers */
};

struct voter {
	struct stream stream; /* first; handle.data is the voter */
	struct box   *box;
	struct peer  *peer;
	char          from[BALLOT_FROM_MAX];
	unsigned      bad;     /* lines in a row */
	uint64_t      line_ms; /* when the last good line came, or the client */
	uint64_t      seq;     /* TCP: the next line's number */
	uint8_t       nonce[PROTO_NONCE_BYTES];
};

struct box {
	struct ballot     *ballot;
	struct ballot_conf conf;
	struct local_file  file;
	int                fd; /* FIFO; else until it is the listener's */
	bool               is_open;
	unsigned           handles; /* not yet closed; memory goes with the last */

	struct listener    listener; /* UNIX, TCP */
	struct voter      *voters[BALLOT_CLIENTS_MAX];

	uv_poll_t          handle;   /* FIFO; data is the box */
	struct lines       lines;
	struct peer       *peer;
	char               from[BALLOT_FROM_MAX];
	uint64_t           partial_ms; /* when the last bytes of a partial line came */
};

struct ballot {
	uv_loop_t           *loop;
	uv_timer_t           timer;   /* data is the ballot */
	uv_prepare_t         prepare; /* the same */
	unsigned             reads;   /* left in this turn */
	ballot_fn            fn;
	void                *arg;
	struct ballot_counts counts;
	struct peers         peers;
	unsigned             handles; /* not yet closed; memory goes with the last */
	unsigned             opened;  /* boxes so far; numbers FIFOs */
	unsigned             boxes;
	struct box          *box[BALLOT_BOXES_MAX];
};

enum ballot_outcome {
	BALLOT_TAKEN,
	BALLOT_REFUSED, /* well-formed, but not wanted; `why` says it */
	BALLOT_OVER,    /* beyond the quota */
	BALLOT_BAD,     /* no vote */
};

struct speaker {
	struct peer *peer;
	const char  *from;
};

/* Counts a line and hands its vote on. `why` (PROTO_ERROR_MAX bytes) unless TAKEN. */
enum ballot_outcome ballot_hear(struct ballot *b, const struct speaker *who,
				const char *line, size_t len, char *why);

/* Whether there may be one more read in this turn of the loop; takes it. */
bool ballot_may_read(struct ballot *b);

void ballot_drop_handle(struct ballot *b);

/* Takes in a client, or turns it away. */
void ballot_accept(void *arg, int fd);

/* Opens the box and watches it; negative errno. */
int box_open(struct box **out, struct ballot *b, const struct ballot_conf *conf);
/* Sends its clients away and removes its path. Memory goes when the loop has run. */
void box_close(struct box *box);
void box_drop_handle(struct box *box);
struct local_access box_access(const struct ballot_conf *conf);

/* What the timer does twice a second; `now_ms` is the loop's clock. */
void ballot_look_after(struct ballot *b, uint64_t now_ms);

/* Takes in `fd`, which is owned when it succeeds. */
bool voter_new(struct box *box, struct voter **place, int fd);
void voter_leave(struct voter *v);
void voter_look_after(struct voter *v, uint64_t now_ms);

int fifo_open(struct box *box);
void fifo_close(struct box *box);
void fifo_look_after(struct box *box, uint64_t now_ms);

#endif
