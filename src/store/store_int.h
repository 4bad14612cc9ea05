/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store_int.h - what the two sides of the store share
 */
#ifndef STORE_STORE_INT_H
#define STORE_STORE_INT_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/ring.h"
#include "store/database_int.h"
#include "store/folder_int.h"
#include "store/read_int.h"
#include "store/store.h"
#include "thread/bell.h"

enum request_kind {
	REQUEST_TRY,
	REQUEST_PUT,
	REQUEST_COMMIT,
	REQUEST_SHIFT,
	REQUEST_END,
};

struct request {
	enum request_kind kind;
	union {
		struct store_row    row;
		struct store_clocks now;
		int64_t             by;
	} of;
};

struct store {
	struct store_conf conf; /* read by both */

	/* The caller's side. */
	uint64_t     asked; /* requests put so far */
	uint64_t     taken; /* news */

	/* Between the two. */
	struct ring *requests;
	struct ring *news;
	struct bell  asking;  /* wakes the thread */
	struct bell  telling; /* wakes the caller */
	atomic_ullong done;      /* requests taken so far */
	atomic_ullong written, commits, failed, skipped, tried, marked;
	atomic_bool  has_ended;
	atomic_bool  has_parted; /* one side is done with it: the other one frees it */

	/* The thread's side. */
	pthread_t       thread;
	struct folder   folder;
	bool            has_tried; /* to take it */
	struct database database;
	struct reading *reading; /* NULL = nothing is being handed over */
	struct store_news next;  /* row of it, when there was no room */
	bool            has_next;
	struct request  request; /* the one in hand */
	bool            has_request;
	bool            is_ending;
	bool            is_troubled;
	bool            is_anew;  /* a file was set aside */
	bool            is_whole; /* what moved while loading is on disk */
	struct clocks_stamp stamp;
	int64_t         shift;   /* of rows in the file, not yet on disk */
	int64_t         shifted; /* of these, in the transaction */
	uint64_t        rows;    /* in the transaction */
};

/* store.c: everything but the thread. */
void store_discard(struct store *s);

/* thread.c */
void *store_thread(void *arg);

/* open.c: from a folder to rows that are handed over, or to trouble. SQLITE_BUSY when
 * another program holds the file: nothing was told, and it is to be tried again. */
int store_open_file(struct store *s, const struct store_clocks *now);

/* The file is of no use: it gets another name, and an empty one takes its place. */
void store_replace_file(struct store *s, const char *why);

void store_give_up_file(struct store *s);

/* news.c: waits while the ring is full. */
void store_tell(struct store *s, struct store_news *news);
void store_say(struct store *s, enum store_news_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Once, until store_is_well(); counts each time. */
void store_has_trouble(struct store *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void store_is_well(struct store *s);

#endif
