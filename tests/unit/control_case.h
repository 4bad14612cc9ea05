/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * control_case.h - a control socket in a folder of its own, and what answers there
 */
#ifndef TESTS_UNIT_CONTROL_CASE_H
#define TESTS_UNIT_CONTROL_CASE_H

#include <check.h>

#include "sock/control.h"
#include "sock/control_int.h"

#include "sock_case.h"

/* Answers as the test wants. `list` gives `rows` rows, slice by slice. */
struct answerer {
	struct sock_case c;
	struct control  *control;
	uint64_t         rows;
	unsigned         begun;
	unsigned         gone;
	char             imported[256];
	bool             wants_import;
	bool             is_slow; /* `stats` is answered when the test says so */
	struct control_client *waiting;
	size_t           most; /* bytes that ever waited for a client */
};

static inline bool more(void *arg, struct control_client *client)
{
	struct answerer *a = arg;
	uint64_t *at = control_scratch(client);

	if (control_command(client)->kind == PROTO_IMPORT) {
		control_row(client, "imported");
		return false;
	}
	while (*at < a->rows && !control_is_full(client))
		control_row(client, "row=%llu", (unsigned long long)(*at)++);
	if (client->stream.out_len > a->most)
		a->most = client->stream.out_len;
	return *at < a->rows;
}

static inline bool begin(void *arg, struct control_client *client,
			 const struct proto_command *cmd)
{
	struct answerer *a = arg;

	a->begun++;
	ck_assert_uint_eq(*control_scratch(client), 0);
	switch (cmd->kind) {
	case PROTO_LIST:
		return more(arg, client);
	case PROTO_IMPORT:
		return a->wants_import;
	case PROTO_WATCH:
		return false;
	case PROTO_EXPORT:
		/* careless: never looks whether it is full */
		for (unsigned i = 0; i < 100000; i++)
			control_row(client, "careless=%u", i);
		return false;
	case PROTO_STATS:
		if (!a->is_slow)
			break;
		a->waiting = client;
		control_wait(client);
		return true;
	case PROTO_RELOAD:
		control_close(a->control);
		a->control = NULL;
		return true;
	case PROTO_STATUS:
	case PROTO_WHY:
	case PROTO_VOTE:
	case PROTO_FLUSH:
	case PROTO_REPORT:
	case PROTO_RULES:
		break;
	}
	control_row(client, "kind=%d", (int)cmd->kind);
	return false;
}

static inline void import_line(void *arg, struct control_client *client, const char *line)
{
	struct answerer *a = arg;
	size_t used = strlen(a->imported);

	(void)client;
	snprintf(a->imported + used, sizeof(a->imported) - used, "<%s>", line);
}

static inline void gone(void *arg, struct control_client *client)
{
	struct answerer *a = arg;

	if (a->waiting == client)
		a->waiting = NULL;
	a->gone++;
}

static const struct control_ops ops = { begin, more, import_line, gone };

static inline int open_at(struct answerer *a, struct control **out, gid_t group)
{
	struct control_conf conf = { .path = a->c.path, .group = group,
				     .owner = (uid_t)-1 };

	return control_open(out, &a->c.loop, &conf, &ops, a);
}

static inline struct answerer *start(void)
{
	struct answerer *a = calloc(1, sizeof(*a));

	ck_assert_ptr_nonnull(a);
	case_start(&a->c);
	a->wants_import = true;
	ck_assert_int_eq(open_at(a, &a->control, (gid_t)-1), 0);
	return a;
}

/* Whoever was told of a beginning is told of the end. */
static inline void end(struct answerer *a)
{
	control_close(a->control);
	case_end(&a->c);
	ck_assert_uint_eq(a->begun, a->gone);
	free(a);
}

#endif
