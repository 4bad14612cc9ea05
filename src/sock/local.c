/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * local.c - unix sockets and FIFOs as files: made safely, removed only when still ours
 */
#include "sock/local_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 64 };

static int give_up(int fd, int err)
{
	if (fd >= 0)
		close(fd);
	return -err;
}

static int remember(struct local_file *file, const char *path)
{
	int len;

	memset(file, 0, sizeof(*file));
	len = snprintf(file->path, sizeof(file->path), "%s", path);
	return len < 0 || (size_t)len >= sizeof(file->path) ? -ENAMETOOLONG : 0;
}

static int set_address(struct sockaddr_un *sun, const char *path)
{
	if (!*path || strlen(path) >= sizeof(sun->sun_path))
		return *path ? -ENAMETOOLONG : -EINVAL;
	memset(sun, 0, sizeof(*sun));
	sun->sun_family = AF_UNIX;
	memcpy(sun->sun_path, path, strlen(path) + 1);
	return 0;
}

/* -EADDRINUSE, 0 when nobody listens, or why it cannot be known. */
static int is_live(const struct sockaddr_un *sun)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)sun, sizeof(*sun)) < 0)
		err = errno;
	close(fd);
	switch (err) {
	case ECONNREFUSED:
	case ENOENT:
		return 0;
	case 0:
	case EAGAIN:     /* its queue of clients is full */
	case EPROTOTYPE: /* it takes datagrams */
		return -EADDRINUSE;
	default:
		return -err;
	}
}

/* Makes the path free, when only a socket that nobody listens on is in the way. */
static int clear_stale(const struct sockaddr_un *sun)
{
	struct stat st;
	int err;

	if (lstat(sun->sun_path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -EEXIST;
	err = is_live(sun);
	if (err < 0)
		return err;
	return unlink(sun->sun_path) < 0 && errno != ENOENT ? -errno : 0;
}

bool local_is_to_change(const struct local_access *access)
{
	return access->owner != (uid_t)-1 || access->group != (gid_t)-1;
}

int local_note(struct local_file *file, const struct stat *st)
{
	if (!S_ISSOCK(st->st_mode) || st->st_uid != geteuid())
		return -EEXIST;
	file->dev = st->st_dev;
	file->ino = st->st_ino;
	file->is_made = true;
	return 0;
}

int local_listen(const char *path, const struct local_access *access,
		 struct local_file *file)
{
	struct sockaddr_un sun;
	int err, fd;
	mode_t mask;

	err = remember(file, path);
	if (err == 0)
		err = set_address(&sun, path);
	if (err == 0)
		err = clear_stale(&sun);
	if (err < 0)
		return err;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;

	/* bind() gives the file all rights less the umask, and until listen() every
	 * connect() is refused. */
	mask = umask(~access->mode & 0777);
	err = bind(fd, (const struct sockaddr *)&sun, sizeof(sun)) < 0 ? -errno : 0;
	(void)umask(mask);
	if (err < 0)
		return give_up(fd, -err);
	err = local_own(access, file);
	if (err == 0 && listen(fd, BACKLOG) < 0)
		err = -errno;
	if (err < 0) {
		local_remove(file);
		return give_up(fd, -err);
	}
	return fd;
}

/* Opening for writing only succeeds when somebody reads (fifo(7)). */
static int is_read(const char *path)
{
	int fd = open(path, O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return errno == ENXIO ? 0 : -errno;
	close(fd);
	return -EADDRINUSE;
}

static int take_fifo(int fd, const struct local_access *access, struct local_file *file)
{
	uid_t owner = access->owner;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISFIFO(st.st_mode))
		return -EEXIST;
	if (st.st_uid != geteuid() && st.st_uid != access->owner)
		return -EPERM;
	file->dev = st.st_dev;
	file->ino = st.st_ino;
	/* A second name may be somebody's who wants us to give him what is not his. */
	if (st.st_nlink > 1)
		owner = (uid_t)-1;
	/* Group first: the mode may let it in. */
	if (local_is_to_change(access) && fchown(fd, owner, access->group) < 0)
		return -errno;
	return fchmod(fd, access->mode) < 0 ? -errno : 0;
}

int local_fifo(const char *path, const struct local_access *access,
	       struct local_file *file)
{
	struct stat st;
	bool is_made;
	int err, fd;

	err = remember(file, path);
	if (err < 0)
		return err;
	is_made = mkfifo(path, 0600) == 0;
	if (!is_made) {
		if (errno != EEXIST)
			return -errno;
		/* Only a FIFO may be opened: with a device that alone can do harm. */
		if (lstat(path, &st) < 0 || !S_ISFIFO(st.st_mode))
			return -EEXIST;
		err = is_read(path);
		if (err < 0)
			return err;
	}
	fd = open(path, O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = take_fifo(fd, access, file);
	file->is_made = is_made && err != -EEXIST;
	if (err < 0) {
		local_remove(file);
		return give_up(fd, -err);
	}
	return fd;
}

bool local_is_at(const struct local_file *file, const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && st.st_dev == file->dev && st.st_ino == file->ino;
}

int local_adapt(const struct local_file *file, const struct local_access *access)
{
	gid_t group = access->group != (gid_t)-1 ? access->group : getegid();

	if (!local_is_at(file, file->path))
		return -ENOENT;
	/* Group first: the mode may let it in. */
	if (fchownat(AT_FDCWD, file->path, (uid_t)-1, group, AT_SYMLINK_NOFOLLOW) < 0 ||
	    fchmodat(AT_FDCWD, file->path, access->mode, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	return 0;
}

int local_move_aside(struct local_file *file)
{
	char path[sizeof(file->path)];
	int len = snprintf(path, sizeof(path), "%s.before", file->path);

	if (len < 0 || (size_t)len >= sizeof(path))
		return -ENAMETOOLONG;
	if (rename(file->path, path) < 0)
		return -errno;
	memcpy(file->path, path, sizeof(path));
	return 0;
}

void local_move_back(struct local_file *file)
{
	char path[sizeof(file->path)];
	size_t len = strlen(file->path);

	if (len <= LOCAL_ASIDE_BYTES)
		return;
	snprintf(path, sizeof(path), "%.*s", (int)(len - LOCAL_ASIDE_BYTES), file->path);
	if (rename(file->path, path) == 0)
		memcpy(file->path, path, sizeof(path));
}

void local_rename(struct local_file *file, const char *path)
{
	snprintf(file->path, sizeof(file->path), "%s", path);
}

void local_remove(struct local_file *file)
{
	if (!file->is_made)
		return;
	file->is_made = false;
	if (local_is_at(file, file->path))
		(void)unlink(file->path);
}
