/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log.h - four verbs, and a thread that does the writing
 *
 * Before log_start() lines are written at once, to standard error. From then on they
 * go into a bounded ring and a thread writes them, so that no slow disk, pipe or
 * syslogd ever holds up the caller; lines that do not fit are counted, and the count is
 * logged when there is room again. All verbs belong to the thread that made the log.
 */
#ifndef LOG_LOG_H
#define LOG_LOG_H

#include <stdbool.h>
#include <stdint.h>

enum { LOG_LINE_MAX = 512 }; /* with its NUL; longer lines are cut */

enum log_level {
	LEVEL_ERROR, /* log_bad */
	LEVEL_NOTE,  /* log_note: decisions, start and end */
	LEVEL_TALK,  /* log_talk: what helps to follow it */
	LEVEL_TRACE, /* log_trace: every detail */
};

struct log_conf {
	bool           to_stdout; /* else syslog */
	int            facility;  /* as <syslog.h> has it */
	enum log_level level;     /* what lies beyond is left out */
};

struct log;

/* NULL when out of memory. */
struct log *log_new(const char *program);

/* Ends the thread, giving it a second to write what is waiting. */
void log_free(struct log *l);

void log_set(struct log *l, const struct log_conf *c);

/* Starts the thread (after any fork). Negative errno on failure. */
int log_start(struct log *l);

bool log_has(const struct log *l, enum log_level level);

void log_bad(struct log *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_note(struct log *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_talk(struct log *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_trace(struct log *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Wakes the writer; once per turn of the loop. */
void log_flush(struct log *l);

/* Lines lost so far because the ring was full. */
uint64_t log_lost(const struct log *l);

#endif
