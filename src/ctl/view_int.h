/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view_int.h - ways to show an answer: for people, as JSON, for Prometheus
 *
 * A view gets the rows one by one, as they come, and is told of the end, which also comes
 * when the daemon hung up half-way: what it printed is well-formed then too.
 */
#ifndef CTL_VIEW_INT_H
#define CTL_VIEW_INT_H

#include <stdbool.h>
#include <stdio.h>

#include "ctl/row_int.h"

enum { VIEW_KEPT_MAX = 6 };

struct view {
	const struct view_ops *ops;
	FILE *out;
	bool has_colour;
	bool is_denied; /* `why` said so */
	unsigned rows;
	char last[ROW_WORD_MAX];	   /* kind or name of the row before */
	char kept[VIEW_KEPT_MAX][ROW_MAX]; /* rows that make sense together only */
	unsigned kepts;
};

struct view_ops {
	void (*row)(struct view *v, const char *row);
	void (*end)(struct view *v); /* NULL = nothing to do */
};

extern const struct view_ops view_json;
extern const struct view_ops view_json_lines; /* watch */
extern const struct view_ops view_prometheus;
extern const struct view_ops view_verbatim; /* export, rules */
extern const struct view_ops view_list;
extern const struct view_ops view_status;
extern const struct view_ops view_stats;
extern const struct view_ops view_outcome; /* of votes, reload, import */
extern const struct view_ops view_watch;
extern const struct view_ops view_why;
extern const struct view_ops view_report;

/* A word in the colour of a verdict of that name; plain when there is to be none. */
void view_word(const struct view *v, const char *verdict, const char *word);

#endif
