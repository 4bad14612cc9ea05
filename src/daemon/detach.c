/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * detach.c - one fork, one pipe, one pid file
 */
#include "daemon/detach_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

/* One byte means ready; the end of the pipe means that the child ended before it was. */
static void await_child(int from, pid_t child)
{
	ssize_t n;
	int status;
	char byte;

	do {
		n = read(from, &byte, 1);
	} while (n < 0 && errno == EINTR);
	if (n == 1)
		_exit(0);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	_exit(WIFEXITED(status) && WEXITSTATUS(status) != 0 ? WEXITSTATUS(status)
							    : EX_SOFTWARE);
}

int detach_begin(struct detached *d)
{
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	child = fork();
	if (child < 0) {
		close(ends[0]);
		close(ends[1]);
		return -errno;
	}
	if (child > 0) {
		close(ends[1]);
		await_child(ends[0], child);
	}
	close(ends[0]);
	d->ready = ends[1];
	d->is_detached = true;
	(void)setsid();
	return chdir("/") < 0 ? -errno : 0;
}

int detach_write_pid(struct detached *d)
{
	int fd;

	if (d->ready < 0)
		return 0;
	/* The queue is ours by now, and it has one owner: no race for the pid file. */
	fd = open(DETACH_PID_FILE, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		  0644);
	if (fd < 0)
		return -errno;
	if (dprintf(fd, "%ld\n", (long)getpid()) < 0) {
		int err = -errno;

		close(fd);
		return err;
	}
	d->pid_file = fd;
	return 0;
}

static void close_standard(bool keep_stdout)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return;
	(void)dup2(null, STDIN_FILENO);
	(void)dup2(null, STDERR_FILENO);
	if (!keep_stdout)
		(void)dup2(null, STDOUT_FILENO);
	if (null > STDERR_FILENO)
		close(null);
}

void detach_ready(struct detached *d, bool keep_stdout)
{
	if (d->ready < 0)
		return;
	close_standard(keep_stdout);
	(void)!write(d->ready, "", 1);
	close(d->ready);
	d->ready = -1;
}

void detach_end(struct detached *d)
{
	if (d->pid_file < 0)
		return;
	if (unlink(DETACH_PID_FILE) < 0)
		(void)!ftruncate(d->pid_file, 0);
	close(d->pid_file);
	d->pid_file = -1;
}
