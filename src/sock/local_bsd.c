/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * local_bsd.c - what the BSDs know of unix sockets
 */
#include "sock/local_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

bool local_peer(int fd, uid_t *out)
{
	gid_t group;

	return getpeereid(fd, out, &group) == 0;
}

/* Who can rename in a folder could put another file where the socket was, and have root
 * give that away. */
static bool is_folder_safe(const char *path, const struct local_access *access)
{
	size_t len = (size_t)(strrchr(path, '/') - path) + 1;
	char folder[sizeof(((struct local_file *)0)->path) + 1];
	struct stat st;

	snprintf(folder, sizeof(folder), "%.*s.", (int)len, path);
	return stat(folder, &st) == 0 &&
	       (st.st_uid == 0 || st.st_uid == access->owner) &&
	       ((st.st_mode & (S_IWGRP | S_IWOTH)) == 0 || (st.st_mode & S_ISVTX));
}

/* By its path: the BSDs have no descriptor for a socket's file. */
int local_own(const struct local_access *access, struct local_file *file)
{
	struct stat st;
	int err = lstat(file->path, &st) < 0 ? -errno : local_note(file, &st);

	if (err < 0 || !local_is_to_change(access))
		return err;
	if (geteuid() == 0 && !is_folder_safe(file->path, access))
		return -ENOTSUP;
	return fchownat(AT_FDCWD, file->path, access->owner, access->group,
			AT_SYMLINK_NOFOLLOW) < 0
		       ? -errno
		       : 0;
}
