/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * local_bsd.c - what the BSDs know of unix sockets
 */
#include "sock/local_int.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

bool local_peer(int fd, uid_t *out)
{
	gid_t group;

	return getpeereid(fd, out, &group) == 0;
}

/* By its path, which must be of a folder that only we and root may write to: the BSDs
 * have no descriptor for a socket's file. */
int local_own(const struct local_access *access, struct local_file *file)
{
	struct stat st;
	int err = lstat(file->path, &st) < 0 ? -errno : local_note(file, &st);

	if (err == 0 && local_is_to_change(access) &&
	    fchownat(AT_FDCWD, file->path, access->owner, access->group,
		     AT_SYMLINK_NOFOLLOW) < 0)
		err = -errno;
	return err;
}
