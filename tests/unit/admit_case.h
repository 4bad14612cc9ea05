/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * admit_case.h - a pfctl that is a shell script, and a clock that runs as we wait
 *
 * The script keeps its table in a file, sorted, and notes how it was called. What it does
 * wrong stands in a file of its own, so that a test can change it on the way. Each test
 * is a process of its own (check forks), and so is its room.
 */
#ifndef TESTS_UNIT_ADMIT_CASE_H
#define TESTS_UNIT_ADMIT_CASE_H

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "admit/admit.h"

enum { TICK_MS = 10, FILE_MAX = 1 << 22, PATH_ROOM = 128 };

struct scene {
	char room[64];
	char pfctl[PATH_ROOM];
	struct admit_conf conf;
	struct admit *admit;
	struct mono now;
	unsigned speed;		  /* of our clock; the helper's is the real one */
	enum admit_news news[16]; /* other than none, in order */
	unsigned news_count;
};

static inline const char *in_room(const struct scene *s, const char *name)
{
	static char path[4][PATH_ROOM];
	static unsigned nr;
	char *here = path[nr++ % 4];

	snprintf(here, PATH_ROOM, "%s/%s", s->room, name);
	return here;
}

static inline void put(const struct scene *s, const char *name, const char *text)
{
	FILE *f = fopen(in_room(s, name), "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

/* "" when it is not there. */
static inline const char *get(const struct scene *s, const char *name)
{
	static char text[2][FILE_MAX];
	static unsigned nr;
	char *here = text[nr++ % 2];
	FILE *f = fopen(in_room(s, name), "r");
	size_t len = f ? fread(here, 1, FILE_MAX - 1, f) : 0;

	if (f)
		fclose(f);
	here[len] = '\0';
	return here;
}

static inline unsigned lines_of(const char *text)
{
	unsigned n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* `wrong` is run before the addresses are read: "exit 1", "exec /bin/sleep 100". */
static inline void write_script(const struct scene *s)
{
	char script[2048];

	snprintf(script, sizeof(script),
		 "#!/bin/sh\n"
		 "PATH=/usr/bin:/bin LC_ALL=C\n"
		 "export PATH LC_ALL\n"
		 "cd %s || exit 99\n"
		 "echo \"$*\" >>args\n"
		 "echo $$ >pid\n"
		 "tr '\\0' '\\n' </proc/$$/environ >environ\n"
		 ". ./wrong\n"
		 "cat >in\n"
		 "echo \"$5 $(wc -l <in)\" >>runs\n"
		 "case $5 in\n"
		 "add)	sort -u table in >new ;;\n"
		 "delete)	sort -u in | comm -23 table - >new ;;\n"
		 "replace)	sort -u in >new ;;\n"
		 "esac\n"
		 "mv new table\n"
		 ". ./late\n",
		 s->room);
	put(s, "pfctl", script);
	ck_assert_int_eq(chmod(s->pfctl, 0700), 0);
	put(s, "wrong", "");
	put(s, "late", "");
	put(s, "table", "");
}

static inline void scene_begin(struct scene *s)
{
	memset(s, 0, sizeof(*s));
	snprintf(s->room, sizeof(s->room), "/tmp/mxallowd-pfctl.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(s->room));
	snprintf(s->pfctl, sizeof(s->pfctl), "%s/pfctl", s->room);
	write_script(s);
	s->now.ms = 5000;
	s->speed = 1;
	s->conf = (struct admit_conf){ .pfctl = s->pfctl,
				       .table = "mx-white",
				       .timeout_s = 5,
				       .max = 1000,
				       .bits4 = 32,
				       .bits6 = 64 };
}

static inline void scene_open(struct scene *s)
{
	ck_assert_int_eq(admit_open_pf(&s->admit, &s->conf), 0);
}

static inline void scene_end(struct scene *s)
{
	char command[PATH_ROOM];

	admit_close(s->admit);
	snprintf(command, sizeof(command), "rm -rf %s", s->room);
	ck_assert_int_eq(system(command), 0);
}

static inline struct net net(const char *text)
{
	struct net n;

	ck_assert_msg(net_parse(text, &n), "%s", text);
	return n;
}

static inline void add(struct scene *s, const char *text)
{
	struct net n = net(text);

	admit_add(s->admit, &n, s->now);
}

static inline void take_out(struct scene *s, const char *text)
{
	struct net n = net(text);

	admit_remove(s->admit, &n, s->now);
}

/* A tick of the clock: as long as it takes until the helper says something, at most. */
static inline enum admit_news tick(struct scene *s)
{
	struct pollfd p = { .fd = admit_fd(s->admit), .events = POLLIN };
	enum admit_news news;

	if (admit_wants_write(s->admit))
		p.events |= POLLOUT;
	(void)poll(&p, 1, TICK_MS);
	s->now.ms += TICK_MS * s->speed;
	news = admit_turn(s->admit, s->now);
	if (news != ADMIT_NO_NEWS && s->news_count < 16)
		s->news[s->news_count++] = news;
	return news;
}

/* Until there is nothing more to do. */
static inline void rest(struct scene *s)
{
	for (unsigned i = 0; admit_wait_ms(s->admit, s->now) >= 0; i++) {
		ck_assert_uint_lt(i, 20000);
		(void)tick(s);
	}
}

static inline void until(struct scene *s, enum admit_news news)
{
	for (unsigned i = 0; tick(s) != news; i++)
		ck_assert_uint_lt(i, 20000);
}

/* The helper is the only process we have started. */
static inline pid_t helper_of(void)
{
	char path[64];
	long pid = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%ld/children", (long)getpid());
	f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fscanf(f, "%ld", &pid), 1);
	fclose(f);
	return (pid_t)pid;
}

/* A zombie has ended, too: whoever inherited it may take his time. */
static inline bool is_running(pid_t pid)
{
	char path[64], state = 'Z';
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	f = fopen(path, "r");
	if (!f)
		return false;
	if (fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
		state = 'Z'; /* it went just now */
	fclose(f);
	return state != 'Z' && state != 'X';
}

static inline bool has_ended(pid_t pid)
{
	for (unsigned i = 0; i < 200; i++) {
		if (!is_running(pid))
			return true;
		(void)poll(NULL, 0, TICK_MS);
	}
	return false;
}

#endif
