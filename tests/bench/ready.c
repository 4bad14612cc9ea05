/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ready.c - time from starting the daemon to its line `ready`
 *
 * Runs the given command again and again, reads its standard output and ends it with
 * SIGTERM as soon as it has said so. Ending with another status than 0 is a failure.
 */
#include <fcntl.h>
#include <poll.h>

#include "bench.h"

enum { GIVE_UP_MS = 5000 };

static pid_t start(char **command, int *out)
{
	int pipes[2];
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC) < 0)
		give_up("pipe");
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		give_up("fork");
	if (pid == 0) {
		dup2(pipes[1], STDOUT_FILENO);
		execv(command[0], command);
		_exit(127);
	}
	close(pipes[1]);
	*out = pipes[0];
	return pid;
}

/* Whether a line of `text` starts with "ready". */
static bool says_ready(const char *text)
{
	while (text && strncmp(text, "ready", 5) != 0) {
		text = strchr(text, '\n');
		if (text)
			text++;
	}
	return text != NULL;
}

static bool wait_ready(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };
	char text[4096];
	size_t have = 0;
	ssize_t n;

	while (have < sizeof(text) - 1 && poll(&p, 1, GIVE_UP_MS) > 0) {
		n = read(fd, text + have, sizeof(text) - 1 - have);
		if (n <= 0)
			return false;
		have += (size_t)n;
		text[have] = '\0';
		if (says_ready(text))
			return true;
	}
	return false;
}

static double once(char **command)
{
	uint64_t begin = now_ns(), took;
	int fd = -1, status;
	pid_t pid = start(command, &fd);
	bool ready = wait_ready(fd);

	took = now_ns() - begin;
	kill(pid, SIGTERM);
	if (waitpid(pid, &status, 0) != pid)
		give_up("waitpid");
	close(fd);
	if (!ready || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		errno = 0;
		give_up(ready ? "the daemon does not end well" : "never ready");
	}
	return (double)took / 1e6;
}

int main(int argc, char **argv)
{
	unsigned rounds;

	if (argc < 4) {
		fprintf(stderr, "usage: ready name rounds command [argument...]\n");
		return 64;
	}
	rounds = (unsigned)to_number(argv[2]);
	for (unsigned r = 0; r < rounds; r++)
		printf("ready.%s %.3f\n", argv[1], once(argv + 3));
	return 0;
}
