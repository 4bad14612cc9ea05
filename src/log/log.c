/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log.c - format in the caller's thread, write in another
 */
#include "log/log.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "base/ring.h"
#include "thread/bell.h"
#include "thread/thread.h"

enum { LINES = 1024, PATIENCE_MS = 1000 };

struct line {
	enum log_level level;
	char           text[LOG_LINE_MAX];
};

struct log {
	const char     *program; /* borrowed for good */
	struct log_conf conf;
	struct ring    *lines;   /* owned; NULL until log_start() */
	pthread_t       writer;
	struct bell     wake;    /* lines are waiting */
	struct bell     gone;    /* the writer has written all and ended */
	bool            is_flushed;
	uint64_t        lost;
	uint64_t        lost_told;
	_Atomic bool    is_ending;
	_Atomic bool    to_stdout; /* of conf, for the writer */
	_Atomic int     facility;
};

struct log *log_new(const char *program)
{
	struct log *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->program = program;
	l->conf = (struct log_conf){ .facility = LOG_MAIL, .level = LEVEL_NOTE };
	atomic_store(&l->facility, l->conf.facility);
	l->wake = l->gone = (struct bell)BELL_CLOSED;
	l->is_flushed = true;
	/* Once: a later call would wait for a writer that a dead syslogd holds up. */
	openlog(program, LOG_PID, LOG_MAIL);
	return l;
}

void log_set(struct log *l, const struct log_conf *c)
{
	l->conf = *c;
	atomic_store(&l->facility, c->facility);
	atomic_store(&l->to_stdout, c->to_stdout);
}

static int syslog_priority(enum log_level level)
{
	switch (level) {
	case LEVEL_ERROR: return LOG_ERR;
	case LEVEL_NOTE:  return LOG_INFO;
	case LEVEL_TALK:
	case LEVEL_TRACE: return LOG_DEBUG;
	}
	return LOG_ERR;
}

/* The whole of standard output is ours, so a short write is simply gone on with. */
static void write_stdout(const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(STDOUT_FILENO, text, len);

		if (n < 0 && errno == EAGAIN) {
			struct pollfd p = { .fd = STDOUT_FILENO, .events = POLLOUT };

			(void)poll(&p, 1, PATIENCE_MS);
		} else if (n < 0 && errno != EINTR) {
			return;
		} else if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
}

static void write_lines(struct log *l)
{
	char block[8 * LOG_LINE_MAX];
	size_t used = 0;
	struct line line;

	while (ring_take(l->lines, &line)) {
		size_t len = strlen(line.text);

		if (!atomic_load(&l->to_stdout)) {
			syslog(syslog_priority(line.level) | atomic_load(&l->facility),
			       "%s", line.text);
			continue;
		}
		if (used + len + 1 > sizeof(block)) {
			write_stdout(block, used);
			used = 0;
		}
		memcpy(block + used, line.text, len);
		block[used + len] = '\n';
		used += len + 1;
	}
	write_stdout(block, used);
}

static void *writer_main(void *arg)
{
	struct log *l = arg;
	bool is_ending;

	do {
		(void)bell_wait(&l->wake, -1);
		is_ending = atomic_load(&l->is_ending);
		write_lines(l);
	} while (!is_ending);
	bell_ring(&l->gone);
	return NULL;
}

int log_start(struct log *l)
{
	int err = bell_open(&l->wake);

	if (err == 0)
		err = bell_open(&l->gone);
	if (err < 0)
		return err;
	l->lines = ring_new(LINES, sizeof(struct line));
	if (!l->lines)
		return -ENOMEM;
	err = thread_start(&l->writer, writer_main, l);
	if (err < 0) {
		ring_free(l->lines);
		l->lines = NULL;
	}
	return err;
}

/* False when the writer is stuck in a write that nobody takes: it keeps its memory. */
static bool stop_writer(struct log *l)
{
	atomic_store(&l->is_ending, true);
	l->is_flushed = false;
	log_flush(l);
	if (!bell_wait(&l->gone, PATIENCE_MS)) {
		pthread_detach(l->writer);
		return false;
	}
	pthread_join(l->writer, NULL);
	return true;
}

void log_free(struct log *l)
{
	if (!l || (l->lines && !stop_writer(l)))
		return;
	ring_free(l->lines);
	bell_close(&l->wake);
	bell_close(&l->gone);
	free(l);
}

bool log_has(const struct log *l, enum log_level level)
{
	return level <= l->conf.level;
}

/* systemd.exec(5): device:inode, while standard error is the journal. Syslog ends up
 * there too. */
static bool is_journal(int fd)
{
	const char *said = getenv("JOURNAL_STREAM");
	char is[64];
	struct stat st;

	if (!said || fstat(fd, &st) < 0)
		return false;
	snprintf(is, sizeof(is), "%ju:%ju", (uintmax_t)st.st_dev,
		 (uintmax_t)st.st_ino);
	return strcmp(said, is) == 0;
}

/* Before there is a writer, errors go where the person who starts us looks, and where a
 * person who looks later will, once where that is one place. The rest is for the latter:
 * a good start says nothing. */
static void write_now(const struct log *l, const struct line *line)
{
	bool is_error = line->level == LEVEL_ERROR;

	if (l->conf.to_stdout || (is_error && !is_journal(STDERR_FILENO)))
		fprintf(stderr, "%s: %s\n", l->program, line->text);
	if (!l->conf.to_stdout && (!is_error || !isatty(STDERR_FILENO)))
		syslog(syslog_priority(line->level) | l->conf.facility, "%s", line->text);
}

static void put_line(struct log *l, const struct line *line)
{
	if (!l->lines)
		write_now(l, line);
	else if (ring_put(l->lines, line))
		l->is_flushed = false;
	else
		l->lost++;
}

static void tell_lost(struct log *l)
{
	struct line line = { .level = LEVEL_ERROR };

	if (l->lost == l->lost_told)
		return;
	snprintf(line.text, sizeof(line.text),
		 "log lines lost: %llu so far; whoever reads the log is too slow",
		 (unsigned long long)l->lost);
	if (ring_put(l->lines, &line)) {
		l->is_flushed = false;
		l->lost_told = l->lost;
	}
}

static void __attribute__((format(printf, 3, 0)))
add_line(struct log *l, enum log_level level, const char *fmt, va_list ap)
{
	struct line line = { .level = level };

	vsnprintf(line.text, sizeof(line.text), fmt, ap);
	put_line(l, &line);
}

#define LOG_VERB(verb, of_level)                                                         \
	void verb(struct log *l, const char *fmt, ...)                                   \
	{                                                                                \
		va_list ap;                                                              \
                                                                                         \
		if (!log_has(l, of_level))                                               \
			return;                                                          \
		va_start(ap, fmt);                                                       \
		add_line(l, of_level, fmt, ap);                                          \
		va_end(ap);                                                              \
	}

LOG_VERB(log_bad, LEVEL_ERROR)
LOG_VERB(log_note, LEVEL_NOTE)
LOG_VERB(log_talk, LEVEL_TALK)
LOG_VERB(log_trace, LEVEL_TRACE)

void log_flush(struct log *l)
{
	if (!l->lines)
		return;
	tell_lost(l);
	if (l->is_flushed)
		return;
	bell_ring(&l->wake);
	l->is_flushed = true;
}

uint64_t log_lost(const struct log *l)
{
	return l->lost;
}
