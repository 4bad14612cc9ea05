/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sock_case.h - a loop, a folder of its own, and clients that never wait
 *
 * Both ends of each socket live in the test's process; a turn of the loop is all the time
 * that passes.
 */
#ifndef TESTS_UNIT_SOCK_CASE_H
#define TESTS_UNIT_SOCK_CASE_H

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <uv.h>

#include "descriptors.h"

enum { CASE_TURNS = 200000, CASE_TEXT = 64 * 1024 };

struct sock_case {
	uv_loop_t loop;
	char      folder[64];
	char      path[96];
	char      text[CASE_TEXT]; /* what a client has read so far */
	size_t    len;
	size_t    start; /* behind the lines that next_line() gave */
};

static inline void case_start(struct sock_case *c)
{
	memset(c, 0, sizeof(*c));
	snprintf(c->folder, sizeof(c->folder), "/tmp/mxallowd-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(c->folder));
	snprintf(c->path, sizeof(c->path), "%s/it", c->folder);
	ck_assert_int_eq(uv_loop_init(&c->loop), 0);
}

/* The folder must be as empty as it was, and the loop without handles. */
static inline void case_end(struct sock_case *c)
{
	uv_run(&c->loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(uv_loop_close(&c->loop), 0);
	ck_assert_msg(rmdir(c->folder) == 0, "%s: %s", c->folder, strerror(errno));
}

static inline void case_turns(struct sock_case *c, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		uv_run(&c->loop, UV_RUN_NOWAIT);
}

static inline int try_connect_to(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", path);
	if (connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0)
		return fd;
	close(fd);
	return -1;
}

static inline int connect_to(const char *path)
{
	int fd = try_connect_to(path);

	ck_assert_msg(fd >= 0, "%s: %s", path, strerror(errno));
	return fd;
}

static inline void say_bytes(int fd, const char *bytes, size_t len)
{
	ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
}

static inline void say(int fd, const char *text)
{
	say_bytes(fd, text, strlen(text));
}

/* Takes what there is behind c->text; false at the end of it all. */
static inline bool take(struct sock_case *c, int fd)
{
	ssize_t got = read(fd, c->text + c->len, CASE_TEXT - 1 - c->len);

	if (got > 0)
		c->len += (size_t)got;
	c->text[c->len] = '\0';
	return got > 0 || (got < 0 && errno == EAGAIN);
}

/* The next whole line of what was taken, in place; NULL, keeping what is left, when there
 * is none. */
static inline char *next_line(struct sock_case *c)
{
	char *line = c->text + c->start, *newline = memchr(line, '\n', c->len - c->start);

	if (!newline) {
		c->len -= c->start;
		memmove(c->text, line, c->len + 1);
		c->start = 0;
		return NULL;
	}
	*newline = '\0';
	c->start += (size_t)(newline - line) + 1;
	return line;
}

/* Reads until the text ends with `tail`, and forgets what was read before. */
static inline const char *hear_until(struct sock_case *c, int fd, const char *tail)
{
	size_t want = strlen(tail);

	c->len = 0;
	for (unsigned i = 0; i < CASE_TURNS; i++) {
		bool is_open = take(c, fd);

		if (c->len >= want && memcmp(c->text + c->len - want, tail, want) == 0)
			return c->text;
		ck_assert_msg(is_open, "it closed after: %s", c->text);
		uv_run(&c->loop, UV_RUN_NOWAIT);
	}
	ck_abort_msg("waited in vain for %s, got: %s", tail, c->text);
	return NULL;
}

/* Says a line and expects exactly this answer. */
static inline void ask(struct sock_case *c, int fd, const char *line, const char *want)
{
	say(fd, line);
	ck_assert_str_eq(hear_until(c, fd, want), want);
}

/* The other end closes; what it says before is in c->text. */
static inline void hear_the_end(struct sock_case *c, int fd)
{
	c->len = 0;
	for (unsigned i = 0; i < CASE_TURNS; i++) {
		if (!take(c, fd))
			return;
		uv_run(&c->loop, UV_RUN_NOWAIT);
	}
	ck_abort_msg("it does not close, and says: %s", c->text);
}

static inline mode_t mode_of(const char *path)
{
	struct stat st;

	ck_assert_int_eq(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

/* The loop would wake at once. */
static inline bool has_work(struct sock_case *c)
{
	struct pollfd p = { .fd = uv_backend_fd(&c->loop), .events = POLLIN };

	return poll(&p, 1, 0) != 0;
}

/* The next open() or accept() of this process fails. Returns what allow_descriptors()
 * wants. */
static inline rlim_t leave_no_descriptor(void)
{
	int spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct rlimit limit;
	rlim_t before;

	ck_assert_int_ge(spare, 0);
	close(spare);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	before = limit.rlim_cur;
	limit.rlim_cur = (rlim_t)spare;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	return before;
}

static inline void allow_descriptors(rlim_t count)
{
	struct rlimit limit;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = count;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

/* The first loop of a process opens descriptors that stay. */
static inline unsigned count_descriptors_of_libuv(void)
{
	uv_loop_t loop;

	ck_assert_int_eq(uv_loop_init(&loop), 0);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	return count_descriptors();
}

#endif
