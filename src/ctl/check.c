/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check.c - mxallowd -T, without a shell in between
 */
#include "ctl/check_int.h"

#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

extern char **environ;

/* The program next to the one that runs now; "" when that has no name. */
static void next_to_us(char *out, size_t size)
{
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	out[0] = '\0';
	if (len <= 0)
		return;
	self[len] = '\0';
	slash = strrchr(self, '/');
	if (slash)
		snprintf(out, size, "%.*s/mxallowd", (int)(slash - self), self);
}

static int wait_for(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return EX_OSERR;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EX_SOFTWARE;
}

int check_run(const char *file)
{
	char near[PATH_MAX], mxallowd[] = "mxallowd", check[] = "-T", from[] = "-c";
	char name[PATH_MAX];
	char *argv[] = { mxallowd, check, file ? from : NULL, name, NULL };
	const char *path = near;
	pid_t child;
	int err;

	next_to_us(near, sizeof(near));
	if (access(near, X_OK) != 0)
		path = SBINDIR "/mxallowd";
	if (file && strlen(file) >= sizeof(name)) {
		fprintf(stderr, "mxallowctl: the name of the file is too long\n");
		return EX_USAGE;
	}
	snprintf(name, sizeof(name), "%s", file ? file : "");
	err = posix_spawn(&child, path, NULL, NULL, argv, environ);
	if (err == 0)
		return wait_for(child);
	fprintf(stderr, "mxallowctl: cannot run %s: %s\n", path, strerror(err));
	return EX_UNAVAILABLE;
}
