/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * input.c - files that the operator names: opened without waiting, read as far as wanted
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "conf/conf_int.h"

int input_open(const char *path, struct stat *st)
{
	/* Without O_NONBLOCK a FIFO would hold us up before we see that it is one. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int err;

	if (fd < 0)
		return -errno;
	if (fstat(fd, st) == 0)
		return fd;
	err = -errno;
	close(fd);
	return err;
}

ssize_t input_read(int fd, void *bytes, size_t size)
{
	size_t used = 0;

	while (used < size) {
		ssize_t n = read(fd, (char *)bytes + used, size - used);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		used += (size_t)n;
	}
	return (ssize_t)used;
}
