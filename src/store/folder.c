/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * folder.c - one daemon a folder; files that are of no use are renamed, never deleted
 */
#include "store/folder_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/reader.h"

enum {
	DIR_MODE = 0700,
	FILE_MODE = 0600,
	HEAD_BYTES = 100,    /* of a database, as sqlite.org/fileformat2.html has it */
	APPLICATION_AT = 68, /* in it, in network order */
	NUMBERS_MAX = 1000,
};

void folder_init(struct folder *f, const char *dir)
{
	*f = (struct folder){ .fd = -1 };
	snprintf(f->dir, sizeof(f->dir), "%s", dir);
	snprintf(f->path, sizeof(f->path), "%s/" FOLDER_FILE, dir);
}

void folder_close(struct folder *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

/* Somebody may have moved it away and made another one. */
static bool is_where_it_was(const struct folder *f)
{
	struct stat there, ours;

	return f->fd >= 0 && stat(f->dir, &there) == 0 && fstat(f->fd, &ours) == 0 &&
	       there.st_dev == ours.st_dev && there.st_ino == ours.st_ino;
}

int folder_open(struct folder *f)
{
	struct stat st;
	int err;

	if (is_where_it_was(f))
		return 0;
	folder_close(f);
	if (mkdir(f->dir, DIR_MODE) < 0 && errno != EEXIST)
		return -errno;
	f->fd = open(f->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->fd < 0)
		return -errno;
	if (flock(f->fd, LOCK_EX | LOCK_NB) < 0)
		err = errno == EWOULDBLOCK ? -EBUSY : -errno;
	else if (fstat(f->fd, &st) < 0)
		err = -errno;
	else
		err = st.st_mode & S_IWOTH ? -EPERM : 0;
	if (err < 0)
		folder_close(f);
	return err;
}

int folder_look(const struct folder *f)
{
	static const char magic[16] = "SQLite format 3";
	uint8_t head[HEAD_BYTES];
	struct reader r;
	struct stat st;
	ssize_t n;
	int fd;

	/* Each system has an error of its own for a link that is not followed. */
	if (fstatat(f->fd, FOLDER_FILE, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    !S_ISREG(st.st_mode))
		return FOLDER_FOREIGN;
	/* a FIFO must not hold us up */
	fd = openat(f->fd, FOLDER_FILE, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? FOLDER_EMPTY : -errno;
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)) {
		close(fd);
		return FOLDER_FOREIGN;
	}
	n = read(fd, head, sizeof(head));
	close(fd);
	if (n < 0)
		return -errno;
	if (n == 0)
		return FOLDER_EMPTY;
	if (n < HEAD_BYTES || memcmp(head, magic, sizeof(magic)) != 0)
		return FOLDER_DAMAGED;
	r = reader_over(head, sizeof(head));
	read_skip(&r, APPLICATION_AT);
	return read_be32(&r) == FOLDER_APPLICATION ? FOLDER_OURS : FOLDER_FOREIGN;
}

int folder_make_file(const struct folder *f)
{
	int fd = openat(f->fd, FOLDER_FILE, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
			FILE_MODE);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (fchmod(fd, FILE_MODE) < 0)
		err = -errno;
	close(fd);
	return err;
}

bool folder_note_file(struct folder *f)
{
	struct stat st;

	if (fstatat(f->fd, FOLDER_FILE, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return false;
	f->device = st.st_dev;
	f->inode = st.st_ino;
	f->size = st.st_size;
	return true;
}

static bool finds_file(const struct folder *f, struct stat *st)
{
	return stat(f->path, st) == 0 && st->st_dev == f->device &&
	       st->st_ino == f->inode;
}

bool folder_has_file(const struct folder *f)
{
	struct stat st;

	return finds_file(f, &st) && st.st_size >= f->size;
}

void folder_note_size(struct folder *f)
{
	struct stat st;

	if (finds_file(f, &st))
		f->size = st.st_size;
}

/* A look before the leap is enough: the folder is ours, and locked. */
static int rename_new(const struct folder *f, const char *from, const char *to)
{
	struct stat st;

	if (fstatat(f->fd, to, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return -EEXIST;
	return renameat(f->fd, from, f->fd, to) < 0 ? -errno : 0;
}

/* What SQLite needs of a file lies beside it, under its name. */
static int rename_companions(const struct folder *f, const char *to)
{
	static const char *const ends[] = { "-wal", "-journal", "-shm" };
	char from[64], name[128];
	int err = 0;

	for (unsigned i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		int rc;

		snprintf(from, sizeof(from), FOLDER_FILE "%s", ends[i]);
		snprintf(name, sizeof(name), "%s%s", to, ends[i]);
		rc = rename_new(f, from, name);
		if (rc < 0 && rc != -ENOENT)
			err = rc;
	}
	return err;
}

int folder_set_aside(const struct folder *f, const char *why, int64_t wall, char *name)
{
	time_t when = (time_t)wall;
	char stamp[32] = "", to[100], number[16] = "";
	struct tm tm;
	int err;

	if (gmtime_r(&when, &tm))
		strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &tm);
	for (unsigned i = 2;; i++) {
		snprintf(to, sizeof(to), FOLDER_FILE ".%s-%s%s", why, stamp, number);
		err = rename_new(f, FOLDER_FILE, to);
		if (err != -EEXIST || i > NUMBERS_MAX)
			break;
		snprintf(number, sizeof(number), "-%u", i);
	}
	if (err == 0)
		err = rename_companions(f, to);
	snprintf(name, FOLDER_PATH_MAX, "%s/%s", f->dir, to);
	return err;
}
