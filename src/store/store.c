/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store.c - the caller's side of the store
 */
#include "store/store.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "store/store_int.h"

enum {
	NEWS = 4096,     /* on their way to the caller; a power of two */
	NEWS_PIECE = 256, /* taken, and the thread is told that there is room */
};

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

void store_discard(struct store *s)
{
	close_fd(s->request_fd);
	close_fd(s->news_fd);
	folder_close(&s->folder);
	ring_free(s->requests);
	ring_free(s->news);
	free(s);
}

static int start_thread(struct store *s)
{
	sigset_t all, before;
	int rc;

	/* Signals are for the main thread; this one inherits the full mask. */
	sigfillset(&all);
	rc = pthread_sigmask(SIG_SETMASK, &all, &before);
	if (rc != 0)
		return -rc;
	rc = pthread_create(&s->thread, NULL, store_thread, s);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -rc;
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
	s->request_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	s->news_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	rc = s->request_fd < 0 || s->news_fd < 0 ? -errno : 0;
	s->requests = ring_new(STORE_ROOM, sizeof(struct request));
	s->news = ring_new(NEWS, sizeof(struct store_news));
	if (rc == 0 && (!s->requests || !s->news))
		rc = -ENOMEM;
	if (rc == 0 && folder_open(&s->folder) == -EBUSY)
		rc = -EBUSY;
	if (rc == 0)
		rc = start_thread(s);
	if (rc < 0) {
		store_discard(s);
		return rc;
	}
	*out = s;
	return 0;
}

void store_wake(struct store *s)
{
	store_ring_bell(s->request_fd);
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
	return s->news_fd;
}

bool store_collect(struct store *s, struct store_news *out)
{
	bool has_one = ring_take(s->news, out);

	if (!has_one) {
		/* What comes between the two looks has rung before the bell is quieted:
		 * the second look finds it. What comes later rings again. */
		store_quiet_bell(s->news_fd);
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
