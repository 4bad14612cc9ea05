/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link.c - a unix stream socket, blocking, but not for ever
 */
#include "ctl/link_int.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

/* A descriptor, or negative errno. */
static int reach(const char *path)
{
	const struct timeval patience = { .tv_sec = LINK_PATIENCE_S };
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t len = strlen(path);
	int fd, err;

	if (len >= sizeof(to.sun_path))
		return -ENAMETOOLONG;
	memcpy(to.sun_path, path, len + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	err = -errno;
	close(fd);
	return err;
}

int link_open(struct link *l, const char *path)
{
	l->path = path;
	l->used = l->at = l->unsent = 0;
	l->is_silent = false;
	l->fd = reach(path);
	return l->fd < 0 ? l->fd : 0;
}

void link_close(struct link *l)
{
	close(l->fd);
	l->fd = -1;
}

/* What was just waited for in vain may be waited for again: somebody is there. Even one
 * that refuses us is. */
static bool may_wait_on(struct link *l)
{
	static const char question[] = "stats\n";
	int fd = reach(l->path);
	char answer;

	l->is_silent = fd == -EAGAIN;
	if (fd < 0)
		return !l->is_silent;
	(void)send(fd, question, sizeof(question) - 1, MSG_NOSIGNAL);
	l->is_silent = recv(fd, &answer, 1, 0) < 0 && errno == EAGAIN;
	close(fd);
	return !l->is_silent;
}

static bool flush(struct link *l)
{
	const char *bytes = l->out;
	size_t len = l->unsent;

	l->unsent = 0;
	while (len > 0) {
		ssize_t n = send(l->fd, bytes, len, MSG_NOSIGNAL);

		if (n < 0 && (errno == EINTR || (errno == EAGAIN && may_wait_on(l))))
			continue;
		if (n < 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

static bool put(struct link *l, const char *bytes, size_t len)
{
	while (len > 0) {
		size_t room = sizeof(l->out) - l->unsent;
		size_t part = len < room ? len : room;

		memcpy(l->out + l->unsent, bytes, part);
		l->unsent += part;
		bytes += part;
		len -= part;
		if (l->unsent == sizeof(l->out) && !flush(l))
			return false;
	}
	return true;
}

bool link_send(struct link *l, const char *line)
{
	return put(l, line, strlen(line)) && put(l, "\n", 1);
}

/* False at the end of the stream, or of our patience. */
static bool read_more(struct link *l)
{
	ssize_t n;

	(void)flush(l); /* what hung up may have said something before */
	if (l->is_silent)
		return false;
	memmove(l->buffer, l->buffer + l->at, l->used - l->at);
	l->used -= l->at;
	l->at = 0;
	do
		n = recv(l->fd, l->buffer + l->used, sizeof(l->buffer) - l->used, 0);
	while (n < 0 && (errno == EINTR || (errno == EAGAIN && may_wait_on(l))));
	if (n <= 0)
		return false;
	l->used += (size_t)n;
	return true;
}

/* No row of ours has one. What else listens there could have the terminal do things. */
static bool is_control(char c)
{
	return ((unsigned char)c < ' ' && c != '\t') || c == '\x7f';
}

/* Gives out `len` bytes as a line and passes over `skip` behind them. */
static const char *take_line(struct link *l, size_t len, size_t skip)
{
	char *line = l->buffer + l->at;

	l->at += len + skip;
	len = len < ROW_MAX ? len : ROW_MAX - 1;
	line[len] = '\0';
	for (size_t i = 0; i < len; i++)
		if (is_control(line[i]))
			line[i] = '?';
	return line;
}

/* Reads on behind a line that is too long, to the byte behind its newline. */
static bool skip_line(struct link *l)
{
	for (;;) {
		char *newline = memchr(l->buffer + l->at, '\n', l->used - l->at);

		if (newline) {
			l->at = (size_t)(newline - l->buffer) + 1;
			return true;
		}
		l->at = l->used;
		if (!read_more(l))
			return false;
	}
}

const char *link_read(struct link *l)
{
	for (;;) {
		char *start = l->buffer + l->at;
		char *newline = memchr(start, '\n', l->used - l->at);

		if (newline)
			return take_line(l, (size_t)(newline - start), 1);
		/* No row of ours is that long: this is another program, or a later one.
		 */
		if (l->used - l->at == sizeof(l->buffer)) {
			if (!skip_line(l))
				return NULL;
		} else if (!read_more(l)) {
			return NULL;
		}
	}
}
