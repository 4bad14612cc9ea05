/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spawn.c - start pfctl and end it
 */
#include "admit/spawn_int.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

const int spawn_ignored[] = { SIGPIPE, SIGINT,  SIGTERM, SIGHUP,
			      SIGQUIT, SIGUSR1, SIGUSR2, 0 };

static int set_up_pipes(posix_spawn_file_actions_t *fa, int in, int out)
{
	int err = posix_spawn_file_actions_adddup2(fa, in, STDIN_FILENO);

	if (err == 0)
		err = posix_spawn_file_actions_adddup2(fa, out, STDOUT_FILENO);
	if (err == 0)
		err = posix_spawn_file_actions_adddup2(fa, out, STDERR_FILENO);
	return err;
}

/* None of our signal handling, and a group that can be killed as a whole. FreeBSD refuses
 * to reset the signals that cannot be handled, so only those are named that we ignore. */
static int set_up_process(posix_spawnattr_t *attr)
{
	const short flags =
		POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP;
	sigset_t none, ignored;
	int err;

	sigemptyset(&none);
	sigemptyset(&ignored);
	for (size_t i = 0; spawn_ignored[i] != 0; i++)
		sigaddset(&ignored, spawn_ignored[i]);
	err = posix_spawnattr_setsigmask(attr, &none);
	if (err == 0)
		err = posix_spawnattr_setsigdefault(attr, &ignored);
	if (err == 0)
		err = posix_spawnattr_setpgroup(attr, 0);
	return err == 0 ? posix_spawnattr_setflags(attr, flags) : err;
}

static int spawn(pid_t *pid, const char *const *args, size_t size, int in, int out)
{
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	char *argv[16], *empty[] = { NULL };
	int err = posix_spawn_file_actions_init(&fa);

	memcpy(argv, args, size); /* which execve() does not write to */
	if (err != 0)
		return err;
	err = posix_spawnattr_init(&attr);
	if (err == 0) {
		err = set_up_pipes(&fa, in, out);
		if (err == 0)
			err = set_up_process(&attr);
		if (err == 0)
			err = posix_spawn(pid, argv[0], &fa, &attr, argv, empty);
		(void)posix_spawnattr_destroy(&attr);
	}
	(void)posix_spawn_file_actions_destroy(&fa);
	return err;
}

int spawned_start(struct spawned *s, const char *pfctl, const char *table,
		  const char *command)
{
	const char *args[] = { pfctl, "-q", "-t", table, "-T", command, "-f", "-", NULL };
	int in[2], out[2], err;

	if (pipe2(in, O_CLOEXEC) < 0)
		return errno;
	if (pipe2(out, O_CLOEXEC) < 0) {
		err = errno;
		goto discard;
	}
	s->pid = 0;
	err = spawn(&s->pid, args, sizeof(args), in[0], out[1]);
	(void)close(out[1]);
	if (err == 0) {
		(void)close(in[0]);
		s->in = in[1];
		s->out = out[0];
		(void)fcntl(s->in, F_SETFL, O_NONBLOCK);
		(void)fcntl(s->out, F_SETFL, O_NONBLOCK);
		return 0;
	}
	s->pid = 0;
	(void)close(out[0]);
discard:
	(void)close(in[0]);
	(void)close(in[1]);
	return err;
}

bool spawned_has_ended(struct spawned *s, int *status)
{
	if (s->pid == 0 || waitpid(s->pid, status, WNOHANG) != s->pid)
		return false;
	s->pid = 0;
	return true;
}

void spawned_kill(const struct spawned *s)
{
	if (s->pid > 0)
		(void)kill(-s->pid, SIGKILL);
}

void spawned_close(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}
