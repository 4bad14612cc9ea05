/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * folder_int.h - the folder of the state file: ours alone, and what is in it
 */
#ifndef STORE_FOLDER_INT_H
#define STORE_FOLDER_INT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "store/store.h"

#define FOLDER_FILE "state.db"

enum { FOLDER_PATH_MAX = STORE_DIR_MAX + 128, FOLDER_APPLICATION = 0x6d78616c };

struct folder {
	char  dir[STORE_DIR_MAX];
	char  path[FOLDER_PATH_MAX]; /* of the file */
	int   fd;                    /* locked as long as it is open; -1 */
	dev_t device;                /* of the file in use; see folder_note_file() */
	ino_t inode;
	off_t size;                  /* it had, when it was noted last */
};

/* What lies at the file's place, by its first bytes. */
enum folder_find {
	FOLDER_EMPTY,   /* no file, or one without content */
	FOLDER_OURS,
	FOLDER_DAMAGED, /* no database of SQLite */
	FOLDER_FOREIGN, /* one of another program, or no file at all */
};

void folder_init(struct folder *f, const char *dir);

/* Makes it if need be and locks it. Negative errno; -EBUSY: another process has it;
 * -EPERM: everybody may write into it. Does nothing when it is open and still stands
 * where it did. */
int folder_open(struct folder *f);
void folder_close(struct folder *f);

/* Negative errno, or an enum folder_find. */
int folder_look(const struct folder *f);

/* Makes the file if it is not there, and sees that only we can read it: SQLite gives the
 * files it puts beside it the same rights. Negative errno. */
int folder_make_file(const struct folder *f);

/* Remembers which file is in use and how long it is; and says whether that still lies
 * there and is at least as long. The length is noted after a commit: what a transaction
 * adds to it goes again when it fails, and else we never shorten it. */
bool folder_note_file(struct folder *f);
void folder_note_size(struct folder *f);
bool folder_has_file(const struct folder *f);

/*
 * Gives the file, and what SQLite put beside it, a name of its own that ends with `why`
 * and the time. Nothing is overwritten. *name (FOLDER_PATH_MAX bytes) is its new path.
 * Negative errno.
 */
int folder_set_aside(const struct folder *f, const char *why, int64_t wall, char *name);

#endif
