/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store.c - the caller's side of the store
 */
#include "store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_int.h"
#include "thread/thread.h"

enum {
	NEWS = 4096,     /* on their way to the caller; a power of two */
	NEWS_PIECE = 256, /* taken, and the thread is told that there is room */
};

void store_discard(struct store *s)
{
	bell_close(&s->asking);
	bell_close(&s->telling);
	folder_close(&s->folder);
	ring_free(s->requests);
	ring_free(s->news);
	free(s);
}

int store_start(struct store **out, const struct store_conf *c)
{
	struct store *s = calloc(1, sizeof(*s));
	int rc;

	if (!s)
		return -ENOMEM;
	s->conf = *c;
	memcpy(s->stamp.boot, c->boot, sizeof(s->stamp.boot));
	folder_init(&s->folder, c->dir);
	s->asking = s->telling = (struct bell)BELL_CLOSED;
	rc = bell_open(&s->asking);
	if (rc == 0)
		rc = bell_open(&s->telling);
	s->requests = ring_new(STORE_ROOM, sizeof(struct request));
	s->news = ring_new(NEWS, sizeof(struct store_news));
	if (rc == 0 && (!s->requests || !s->news))
		rc = -ENOMEM;
	if (rc == 0)
		rc = thread_start(&s->thread, store_thread, s);
	if (rc < 0) {
		store_discard(s);
		return rc;
	}
	*out = s;
	return 0;
}

void store_wake(struct store *s)
{
	bell_ring(&s->asking);
}

static bool ask(struct store *s, const struct request *r)
{
	if (!ring_put(s->requests, r))
		return false;
	s->asked++;
	return true;
}

bool store_try(struct store *s, const struct store_clocks *now)
{
	return ask(s, &(struct request){ .kind = REQUEST_TRY, .of.now = *now });
}

bool store_put(struct store *s, const struct store_row *row)
{
	return ask(s, &(struct request){ .kind = REQUEST_PUT, .of.row = *row });
}

bool store_commit(struct store *s, const struct store_clocks *now)
{
	return ask(s, &(struct request){ .kind = REQUEST_COMMIT, .of.now = *now });
}

bool store_shift(struct store *s, int64_t by)
{
	return ask(s, &(struct request){ .kind = REQUEST_SHIFT, .of.by = by });
}

bool store_end(struct store *s)
{
	return ask(s, &(struct request){ .kind = REQUEST_END });
}

unsigned store_room(const struct store *s)
{
	return STORE_ROOM - (unsigned)(s->asked - atomic_load(&s->done));
}

int store_fd(const struct store *s)
{
	return s->telling.in;
}

bool store_collect(struct store *s, struct store_news *out)
{
	bool has_one = ring_take(s->news, out);

	if (!has_one) {
		/* What comes between the two looks has rung before the bell is hushed:
		 * the second look finds it. What comes later rings again. */
		bell_hush(&s->telling);
		has_one = ring_take(s->news, out);
	}
	if (!has_one || ++s->taken % NEWS_PIECE == 0)
		store_wake(s);
	return has_one;
}

struct store_counts store_count(const struct store *s)
{
	return (struct store_counts){
		.written = atomic_load(&s->written),
		.commits = atomic_load(&s->commits),
		.failed = atomic_load(&s->failed),
		.skipped = atomic_load(&s->skipped),
		.tried = atomic_load(&s->tried),
		.marked = atomic_load(&s->marked),
	};
}

bool store_has_ended(const struct store *s)
{
	return atomic_load(&s->has_ended);
}

void store_close(struct store *s)
{
	if (!s)
		return;
	if (store_has_ended(s)) {
		(void)pthread_join(s->thread, NULL);
		store_discard(s);
		return;
	}
	(void)pthread_detach(s->thread);
	if (atomic_exchange(&s->has_parted, true))
		store_discard(s);
}
