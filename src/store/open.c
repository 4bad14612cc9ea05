/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * open.c - from a folder to rows that are handed over
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_int.h"

enum { TRIES_MAX = 3 }; /* a file is set aside once, and what takes its place is ours */

void store_give_up_file(struct store *s)
{
	database_close(&s->database);
	reading_free(s->reading);
	s->reading = NULL;
	s->has_next = false;
}

/* False: it cannot be renamed, and nothing can be stored. */
static bool set_aside(struct store *s, const char *why, const char *what)
{
	char name[FOLDER_PATH_MAX];
	int err;

	store_give_up_file(s);
	err = folder_set_aside(&s->folder, why, s->stamp.at.wall, name);
	if (err < 0) {
		store_has_trouble(s, "%s %s, and cannot be renamed: %s", s->folder.path,
				  what, strerror(-err));
		return false;
	}
	s->is_anew = true;
	store_say(s, STORE_NOTE, "%s %s; it is now %s, and an empty one takes its place",
		  s->folder.path, what, name);
	return true;
}

static bool set_aside_find(struct store *s, enum database_find find)
{
	switch (find) {
	case DATABASE_FINE:
		return true;
	case DATABASE_DAMAGED:
		return set_aside(s, "damaged", "is damaged");
	case DATABASE_NEWER:
		return set_aside(s, "newer", "was written by a newer mxallowd");
	case DATABASE_OTHER_SHAPE:
		break;
	}
	return set_aside(s, "prefix", "holds sources of another prefix4 or prefix6");
}

/* What lies at the file's place is a database of ours, or nothing. */
static bool clear_place(struct store *s)
{
	int find = folder_look(&s->folder);

	if (find == FOLDER_DAMAGED)
		return set_aside(s, "damaged", "is no database");
	if (find == FOLDER_FOREIGN)
		return set_aside(s, "foreign", "belongs to another program");
	if (find < 0)
		store_has_trouble(s, "cannot read %s: %s", s->folder.path,
				  strerror(-find));
	return find >= 0;
}

static int64_t file_now(struct store *s, const struct clocks_stamp *then)
{
	enum clocks_doubt doubt;
	int64_t elapsed;

	if (then->at.wall == 0) /* an empty file */
		return s->stamp.at.wall;
	elapsed = clocks_elapsed(then, s->stamp.boot, &s->stamp.at, &doubt);
	if (doubt == CLOCKS_BACKWARDS)
		store_say(s, STORE_NOTE,
			  "%s was written later than it is now by the system's clock: no "
			  "time counts as passed", s->folder.path);
	else if (doubt == CLOCKS_TOO_FAR)
		store_say(s, STORE_NOTE,
			  "%s was written more than a week ago by the system's clock: "
			  "one week counts as passed", s->folder.path);
	return then->at.wall + elapsed;
}

/* Reads everything, and tells how much room it needs. */
static int load(struct store *s, const struct clocks_stamp *then)
{
	struct store_news news = { .kind = STORE_OPENED };
	int64_t now = file_now(s, then);
	int rc = reading_start(&s->reading, s->database.db, &s->conf, now);

	if (rc != SQLITE_OK)
		return rc;
	atomic_fetch_add(&s->skipped, reading_useless(s->reading));
	s->is_whole = false;
	s->stamp.at.wall = now;
	news.of.opened.now = now;
	news.of.opened.is_anew = s->is_anew;
	news.of.opened.entry_places = reading_places(s->reading, CHANGE_ENTRY);
	news.of.opened.record_places = reading_places(s->reading, CHANGE_RECORD);
	store_tell(s, &news);
	store_is_well(s);
	return SQLITE_OK;
}

/* False: once more, as what was there had to be set aside. *is_locked: another program
 * has it. */
static bool try_file(struct store *s, bool *is_locked)
{
	enum database_find find = DATABASE_FINE;
	struct clocks_stamp then;
	int rc, err;

	if (!clear_place(s))
		return true;
	err = folder_make_file(&s->folder);
	if (err < 0) {
		store_has_trouble(s, "cannot write %s: %s", s->folder.path,
				  strerror(-err));
		return true;
	}
	rc = database_open(&s->database, s->folder.path, &s->conf, &find, &then);
	if (rc == SQLITE_OK && find == DATABASE_FINE)
		rc = load(s, &then);
	if (database_is_damage(rc)) {
		find = DATABASE_DAMAGED;
		rc = SQLITE_OK;
	}
	if (rc == SQLITE_OK && find == DATABASE_FINE && folder_note_file(&s->folder))
		return true;
	if (rc == SQLITE_OK && find != DATABASE_FINE)
		return !set_aside_find(s, find);
	*is_locked = (rc & 0xff) == SQLITE_BUSY;
	if (!*is_locked)
		store_has_trouble(s, "cannot use %s: %s", s->folder.path,
				  s->database.db ? sqlite3_errmsg(s->database.db)
						 : sqlite3_errstr(rc));
	store_give_up_file(s);
	return true;
}

/* Whoever has it when we start is one too many of us; later on it is trouble like any. */
static void tell_taken(struct store *s, bool is_first)
{
	struct store_news news = { .kind = STORE_TAKEN };

	if (!is_first)
		store_has_trouble(s, "%s: another mxallowd uses this folder",
				  s->folder.dir);
	else
		store_tell(s, &news);
}

int store_open_file(struct store *s, const struct store_clocks *now)
{
	bool is_locked = false, is_first = !s->has_tried;
	int err;

	s->stamp.at = *now;
	s->shift = s->shifted = 0;
	err = folder_open(&s->folder);
	s->has_tried = true;
	if (err == -EBUSY)
		tell_taken(s, is_first);
	else if (err == -EPERM)
		store_has_trouble(s, "everybody may write into %s; give it mode 0700",
				  s->folder.dir);
	else if (err < 0)
		store_has_trouble(s, "cannot use the folder %s: %s", s->folder.dir,
				  strerror(-err));
	for (unsigned i = 0; err == 0 && i < TRIES_MAX && !try_file(s, &is_locked); i++)
		;
	return is_locked ? SQLITE_BUSY : SQLITE_OK;
}

void store_replace_file(struct store *s, const char *why)
{
	struct store_clocks now = s->stamp.at;

	store_has_trouble(s, "%s: %s", s->folder.path, why);
	if (set_aside(s, "damaged", "is damaged"))
		(void)store_open_file(s, &now); /* nobody locks what was made just now */
}
