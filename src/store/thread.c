/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * thread.c - one request after the other, and rows handed over in between
 *
 * A request that meets a locked file stays in hand: the ring behind it fills, the caller
 * sees that it is full, and nothing is lost. When writing fails, what was not committed
 * is lost; the caller hears of the trouble and hands over everything again later.
 */
#include <string.h>

#include "store/store_int.h"

enum {
	LOCKED_MS = 50,       /* between two looks at a locked file */
	SPLIT_ROWS = 50000,   /* of one transaction, where nothing has to be together */
};

static void lose(struct store *s)
{
	database_rollback(&s->database);
	s->rows = 0;
	s->shifted = 0;
}

/* A file that was removed or replaced takes writes as before, for nobody to read; and one
 * that was cut short takes them too, with a hole in it. */
static bool has_lost_file(struct store *s)
{
	if (!s->database.db || folder_has_file(&s->folder))
		return false;
	lose(s);
	store_has_trouble(s, "%s is not there any more, or was cut short",
			  s->folder.path);
	store_give_up_file(s);
	return true;
}

static void fail(struct store *s, const char *verb, int rc)
{
	char why[STORE_TEXT_MAX / 2];

	if (has_lost_file(s)) /* SQLite's word for it is no help */
		return;
	strncpy(why, sqlite3_errmsg(s->database.db), sizeof(why) - 1);
	why[sizeof(why) - 1] = '\0';
	lose(s);
	if (database_is_damage(rc))
		store_replace_file(s, why);
	else
		store_has_trouble(s, "cannot %s %s: %s", verb, s->folder.path, why);
}

/* What the wall clock did meanwhile comes before what is written by its new time. */
static int begin(struct store *s)
{
	int rc = database_begin(&s->database);

	if (rc == SQLITE_OK && s->shifted != s->shift) {
		rc = database_shift(&s->database, s->shift - s->shifted);
		if (rc == SQLITE_OK)
			s->shifted = s->shift;
	}
	return rc;
}

static int commit(struct store *s)
{
	int rc = database_commit(&s->database, &s->stamp);

	if (rc != SQLITE_OK)
		return rc;
	folder_note_size(&s->folder);
	atomic_fetch_add(&s->written, s->rows);
	atomic_fetch_add(&s->commits, 1);
	s->rows = 0;
	s->shift -= s->shifted;
	s->shifted = 0;
	return SQLITE_OK;
}

static int put(struct store *s, const struct store_row *row)
{
	int rc = begin(s);

	if (rc == SQLITE_OK)
		rc = database_put(&s->database, &s->conf, row);
	if (rc == SQLITE_OK && ++s->rows >= SPLIT_ROWS && s->is_whole)
		rc = commit(s);
	return rc;
}

/* The first one after loading has everything that had to move to another place. */
static int finish_round(struct store *s, const struct store_clocks *now)
{
	int rc;

	s->stamp.at = *now;
	rc = begin(s);
	if (rc == SQLITE_OK && !s->is_whole)
		rc = database_trim(&s->database, &s->conf);
	if (rc == SQLITE_OK)
		rc = commit(s);
	s->is_whole |= rc == SQLITE_OK;
	return rc;
}

/* A transaction of its own shows whether the trouble is over. */
static int probe(struct store *s)
{
	int rc = begin(s);

	if (rc == SQLITE_OK)
		rc = commit(s);
	if (rc == SQLITE_OK)
		store_is_well(s);
	return rc;
}

static int try(struct store *s, const struct store_clocks *now)
{
	int rc = SQLITE_OK;

	(void)has_lost_file(s);
	if (!s->database.db) {
		rc = store_open_file(s, now);
	} else if (s->is_troubled) {
		rc = probe(s);
	}
	if ((rc & 0xff) != SQLITE_BUSY)
		atomic_fetch_add(&s->tried, 1);
	return rc;
}

static bool can_write(const struct store *s)
{
	return s->database.db && !s->is_troubled;
}

static void end(struct store *s)
{
	if (s->database.has_begun)
		lose(s);
	store_give_up_file(s); /* empties the log into the file */
	folder_close(&s->folder);
	s->is_ending = true;
}

static int serve(struct store *s, const struct request *r)
{
	switch (r->kind) {
	case REQUEST_TRY:
		return try(s, &r->of.now);
	case REQUEST_PUT:
		return can_write(s) ? put(s, &r->of.row) : SQLITE_OK;
	case REQUEST_COMMIT:
		return can_write(s) && !has_lost_file(s) ? finish_round(s, &r->of.now)
							 : SQLITE_OK;
	case REQUEST_SHIFT:
		s->shift += r->of.by;
		s->stamp.at.wall += r->of.by;
		return SQLITE_OK;
	case REQUEST_END:
		end(s);
		break;
	}
	return SQLITE_OK;
}

/* False: it has to wait. */
static bool serve_one(struct store *s)
{
	int rc = serve(s, &s->request);

	if ((rc & 0xff) == SQLITE_BUSY)
		return false;
	if (rc != SQLITE_OK)
		fail(s, "write", rc);
	/* Whoever waits for it finds the news of its failure. */
	if (s->request.kind == REQUEST_COMMIT)
		atomic_fetch_add(&s->marked, 1);
	s->has_request = false;
	atomic_fetch_add(&s->done, 1);
	return true;
}

/* As much as fits; the caller wakes us when there is room again. */
static void hand_over(struct store *s)
{
	while (s->reading) {
		if (!s->has_next && !reading_next(s->reading, &s->next))
			s->next.kind = STORE_LOADED;
		s->has_next = true;
		if (!ring_put(s->news, &s->next))
			break;
		s->has_next = false;
		if (s->next.kind != STORE_LOADED)
			continue;
		reading_free(s->reading);
		s->reading = NULL;
	}
	bell_ring(&s->telling);
}

void *store_thread(void *arg)
{
	struct store *s = arg;

	/* The bell is hushed before the ring is looked at: what comes later rings. */
	while (!s->is_ending) {
		bool moved = false;

		if (!s->has_request)
			s->has_request = ring_take(s->requests, &s->request);
		if (s->has_request)
			moved = serve_one(s);
		if (s->reading)
			hand_over(s);
		if (!moved)
			(void)bell_wait(&s->asking, s->has_request ? LOCKED_MS : -1);
	}
	atomic_store(&s->has_ended, true);
	bell_ring(&s->telling);
	/* Who waited for this joins us and frees it; who did not wait is gone. */
	if (atomic_exchange(&s->has_parted, true))
		store_discard(s);
	return NULL;
}
