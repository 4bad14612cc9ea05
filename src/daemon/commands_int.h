/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands_int.h - what the control socket answers
 *
 * Rows are a kind word and key=value pairs, as mxallowd-protocol(7) has them. What is
 * long comes in pieces, one a turn of the loop, so that no packet waits for a list.
 */
#ifndef DAEMON_COMMANDS_INT_H
#define DAEMON_COMMANDS_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/app_int.h"
#include "sock/control.h"

/* For control_open(); its `arg` is the struct app. */
extern const struct control_ops commands_ops;

enum { COMMAND_ROW_MAX = 1024, COMMAND_STATES = STATE_PENALTY + 1 };

struct findings;

/* One row in the making. */
struct row {
	char text[COMMAND_ROW_MAX];
	size_t used;
};

/* What is remembered between the pieces of one answer. */
struct job {
	uint64_t cursor; /* of gate_walk() */
	uint64_t in_state[COMMAND_STATES];
	char *text; /* owned: rules */
	size_t at;
	struct findings *findings; /* owned: report */
	struct {
		unsigned lines;
		bool is_over;	    /* no export: the rest is not looked at */
		int64_t elapsed_ms; /* since it was written */
		unsigned sources;
		unsigned expired;
		unsigned refused;
	} import;
};

/* Appends; what does not fit is cut. */
void row_add(struct row *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void row_add_text(struct row *r, const char *key, const char *text);
/* From now, rounded up, no finer than people want to know: 35d23h, 3h20m, 10m5s. */
void row_add_span(struct row *r, const char *key, int64_t ms);
/* The pairs that say what is known of a source. */
void row_add_knowledge(struct row *r, const struct app *app, const struct knowledge *k);

/* commands_walk.c: each sends a piece and says whether there is more. */
bool walk_list(struct app *app, struct control_client *c, struct job *j);
bool walk_export(struct app *app, struct control_client *c, struct job *j);
bool walk_states(struct app *app, struct control_client *c, struct job *j);
void walk_export_head(struct control_client *c);

/* commands_status.c */
void status_rows(struct app *app, struct control_client *c);
void stats_rows(struct app *app, struct control_client *c);

/* commands_source.c: one source */
void source_why(struct app *app, struct control_client *c,
		const struct proto_command *cmd);
enum vote_kind source_vote_kind(enum proto_vote_kind kind); /* of any line */
void source_vote(struct app *app, struct control_client *c,
		 const struct proto_command *cmd);
void source_flush(struct app *app, struct control_client *c,
		  const struct proto_command *cmd);

/* commands_report.c */
bool report_begin(struct app *app, struct control_client *c, struct job *j);
bool report_more(struct control_client *c, struct job *j);

/* commands_import.c */
void import_line(struct app *app, struct control_client *c, struct job *j,
		 const char *line);
void import_end(struct control_client *c, const struct job *j);

#endif
