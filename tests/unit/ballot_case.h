/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ballot_case.h - boxes for votes in a folder of their own, and what came out of them
 */
#ifndef TESTS_UNIT_BALLOT_CASE_H
#define TESTS_UNIT_BALLOT_CASE_H

#include <check.h>

#include "sock/ballot.h"
#include "sock/ballot_int.h"

#include "sock_case.h"

/* Remembers votes; refuses what the test wants refused. */
struct counter {
	struct sock_case  c;
	struct ballot    *ballot;
	unsigned          votes;
	struct proto_vote last;
	char              from[BALLOT_FROM_MAX];
	const char       *answer;
};

static inline const char *count_vote(void *arg, const struct proto_vote *vote,
				     const char *from)
{
	struct counter *t = arg;

	t->votes++;
	t->last = *vote;
	snprintf(t->from, sizeof(t->from), "%s", from);
	return t->answer;
}

static inline struct ballot_conf box_at(const struct counter *t, enum ballot_kind kind)
{
	struct ballot_conf conf = { .kind = kind, .mode = 0660, .group = (gid_t)-1,
				    .owner = (uid_t)-1 };

	snprintf(conf.path, sizeof(conf.path), "%s", t->c.path);
	return conf;
}

static inline int open_one(struct counter *t, const struct ballot_conf *conf)
{
	unsigned which = 99;
	int err = ballot_open(&t->ballot, &t->c.loop, conf, 1, &which);

	ck_assert_uint_eq(which, 0);
	if (err == 0)
		ballot_set_handler(t->ballot, count_vote, t);
	return err;
}

static inline struct counter *prepare(void)
{
	struct counter *t = calloc(1, sizeof(*t));

	ck_assert_ptr_nonnull(t);
	case_start(&t->c);
	return t;
}

static inline struct counter *start(enum ballot_kind kind)
{
	struct counter *t = prepare();
	struct ballot_conf conf = box_at(t, kind);

	ck_assert_int_eq(open_one(t, &conf), 0);
	return t;
}

static inline void end(struct counter *t)
{
	ballot_close(t->ballot);
	case_end(&t->c);
	free(t);
}

static inline void expect_last(const struct counter *t, enum proto_vote_kind kind,
			       const char *who)
{
	char text[ADDR_TEXT_MAX];

	ck_assert_int_eq(t->last.kind, kind);
	ck_assert_str_eq(addr_format(&t->last.who, text), who);
}

/* Writes until the kernel takes no more; at most 1 MB. */
static inline size_t stuff(int fd, const char *line)
{
	size_t len = strlen(line), sum = 0;

	while (sum < 1024 * 1024 && write(fd, line, len) == (ssize_t)len)
		sum += len;
	return sum / len;
}

#endif
