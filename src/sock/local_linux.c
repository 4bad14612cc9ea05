/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * local_linux.c - what Linux knows of unix sockets
 */
#include "sock/local_int.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

bool local_peer(int fd, uid_t *out)
{
	struct ucred cred;
	socklen_t size = sizeof(cred);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &size) < 0)
		return false;
	*out = cred.uid;
	return true;
}

/* By a descriptor: a path could lead elsewhere by now. */
int local_own(const struct local_access *access, struct local_file *file)
{
	int fd = open(file->path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	int err;

	if (fd < 0)
		return -errno;
	err = fstat(fd, &st) < 0 ? -errno : local_note(file, &st);
	if (err == 0 && local_is_to_change(access) &&
	    fchownat(fd, "", access->owner, access->group, AT_EMPTY_PATH) < 0)
		err = -errno;
	close(fd);
	return err;
}
