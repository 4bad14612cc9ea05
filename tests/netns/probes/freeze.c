/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * freeze.c - hold one thread of another process still, as a disk that hangs would
 *
 * usage: freeze TID
 * Says "frozen" when the thread stands. It goes on when this program ends.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	pid_t tid = argc == 2 ? (pid_t)strtol(argv[1], NULL, 10) : 0;
	int status;

	if (tid <= 0)
		return 64;
	if (ptrace(PTRACE_SEIZE, tid, NULL, NULL) < 0 ||
	    ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) < 0 ||
	    waitpid(tid, &status, __WALL) != tid || !WIFSTOPPED(status)) {
		fprintf(stderr, "freeze: %s\n", strerror(errno));
		return 1;
	}
	puts("frozen");
	fflush(stdout);
	/* Its process cannot be waited for before its tracer has seen it end. */
	while (waitpid(tid, &status, __WALL) == tid && WIFSTOPPED(status))
		;
	return 0;
}
