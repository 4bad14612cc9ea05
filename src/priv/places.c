/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * places.c - the files of a plan: what stays within reach, and what is given away
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "priv/priv_int.h"

/* `path` is taken over. */
static int add_place(struct priv_plan *p, char *path, enum priv_access access)
{
	struct priv_place *more;

	for (unsigned i = 0; i < p->places; i++) {
		if (strcmp(p->place[i].path, path) != 0)
			continue;
		if (access == PRIV_WRITE)
			p->place[i].access = PRIV_WRITE;
		free(path);
		return 0;
	}
	more = realloc(p->place, (p->places + 1) * sizeof(*more));
	if (!more) {
		free(path);
		return -ENOMEM;
	}
	more[p->places++] = (struct priv_place){ path, access };
	p->place = more;
	return 0;
}

int priv_allow(struct priv_plan *p, const char *path, enum priv_access access)
{
	char *real = realpath(path, NULL);

	if (!real)
		return errno == ENOMEM ? -ENOMEM : 0;
	return add_place(p, real, access);
}

/* The folder part; "" when the path has none, which realpath() refuses. */
static const char *folder_of(const char *file, char out[PATH_MAX])
{
	const char *slash = strrchr(file, '/');
	size_t len = slash ? (size_t)(slash - file) : 0;

	if (slash == file)
		len = 1;
	snprintf(out, PATH_MAX, "%.*s", (int)len, file);
	return out;
}

int priv_allow_around(struct priv_plan *p, const char *file, enum priv_access access)
{
	char *real = realpath(file, NULL);
	char folder[PATH_MAX];
	int err = priv_allow(p, folder_of(file, folder), access);

	if (err == 0 && real)
		err = priv_allow(p, folder_of(real, folder), access);
	free(real);
	return err;
}

void priv_free(struct priv_plan *p)
{
	for (unsigned i = 0; i < p->places; i++)
		free(p->place[i].path);
	free(p->place);
	p->place = NULL;
	p->places = 0;
}

static bool is_below(const char *path, const char *top)
{
	size_t len = strlen(top);

	if (strcmp(top, "/") == 0)
		return true;
	return strncmp(path, top, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

bool places_cover(const struct priv_plan *p, const char *real, enum priv_access access)
{
	bool found = false;

	for (unsigned i = 0; i < p->places && !found; i++)
		found = p->place[i].access >= access &&
			is_below(real, p->place[i].path);
	return found;
}

bool priv_reaches(const struct priv_plan *p, const char *file, enum priv_access access)
{
	char *real = realpath(file, NULL);
	char folder[PATH_MAX];
	bool found;

	if (!real)
		real = realpath(folder_of(file, folder), NULL);
	found = p->level < PRIV_FULL || (real && places_cover(p, real, access));
	free(real);
	return found;
}

/* Everybody may read the root folder elsewhere. */
int places_prove(struct settling *s)
{
	int fd;

	if (s->out->missing || places_cover(s->plan, "/", PRIV_READ))
		return 0;
	fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	close(fd);
	return settle_failed(s, "a folder outside of the plan can be read");
}

static bool is_ours(const char *name, const char *prefix)
{
	return prefix && strncmp(name, prefix, strlen(prefix)) == 0;
}

/* Whether the folder holds nothing that could be somebody else's. A file with a second
 * name could be, too. */
static bool is_all_ours(DIR *dir, const char *prefix)
{
	const struct dirent *e;
	struct stat st;

	while ((e = readdir(dir))) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return false;
		if (S_ISSOCK(st.st_mode) || S_ISFIFO(st.st_mode))
			continue;
		if (!S_ISREG(st.st_mode) || st.st_nlink > 1 ||
		    !is_ours(e->d_name, prefix))
			return false;
	}
	return true;
}

/* By a descriptor, for what was looked at and nothing else. */
static int give_file(DIR *dir, const char *name, const struct priv_plan *p)
{
	int fd = openat(dirfd(dir), name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	int err = 0;

	if (fd < 0 || fchown(fd, p->uid, p->gid) < 0)
		err = -errno;
	if (fd >= 0)
		close(fd);
	return err;
}

/* Only while the folder is root's alone can nobody exchange what lies in it: the folder
 * itself goes last. */
static int give_all(DIR *dir, const struct priv_plan *p, const char *prefix)
{
	const struct dirent *e;
	struct stat st;
	int err = 0;

	if (fstat(dirfd(dir), &st) < 0)
		return -errno;
	if (st.st_uid == p->uid)
		return 0;
	if (st.st_uid != 0 || (st.st_mode & 0022) != 0)
		return -EPERM;
	if (!is_all_ours(dir, prefix))
		return -ENOTEMPTY;
	rewinddir(dir);
	while (err == 0 && (e = readdir(dir)))
		if (is_ours(e->d_name, prefix))
			err = give_file(dir, e->d_name, p);
	if (err == 0 && fchown(dirfd(dir), p->uid, p->gid) < 0)
		err = -errno;
	return err;
}

int priv_give(const struct priv_plan *p, const char *folder, mode_t mode,
	      const char *prefix)
{
	DIR *dir;
	int fd, err = 0;

	if (mkdir(folder, mode) == 0)
		(void)chmod(folder, mode); /* whatever the umask says */
	else if (errno != EEXIST)
		return -errno;
	if (p->uid == (uid_t)-1)
		return 0;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		err = -errno;
		if (fd >= 0)
			close(fd);
		return err;
	}
	err = give_all(dir, p, prefix);
	closedir(dir);
	return err;
}
