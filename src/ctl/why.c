/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * why.c - the chain of evidence in words
 *
 * The daemon sends what it knows as rows (why, queue, penalty, trust); sentences are made
 * here, when all have come.
 */
#include "ctl/view_int.h"

#include <string.h>

struct facts {
	const char *why;
	const char *queue; /* "" = that row did not come, as below */
	const char *penalty;
	const char *trust;
};

static const char *kept_row(const struct view *v, const char *kind)
{
	for (unsigned i = 0; i < v->kepts; i++)
		if (row_is(v->kept[i], kind))
			return v->kept[i];
	return "";
}

static void say_verdict(struct view *v, const struct facts *f)
{
	char src[ROW_WORD_MAX], verdict[ROW_WORD_MAX], would[ROW_WORD_MAX],
		reason[ROW_WORD_MAX];

	row_value(f->why, "src", src);
	row_value(f->why, "verdict", verdict);
	row_value(f->why, "reason", reason);
	v->is_denied = strcmp(verdict, "accept") != 0;
	if (row_get(f->why, "would", would)) {
		fprintf(v->out,
			"%s would be let in, because this daemon only observes; "
			"else: ",
			src);
		view_word(v, would, would);
	} else {
		fprintf(v->out, "%s would be %s: ", src,
			!v->is_denied			 ? "let in"
			: strcmp(verdict, "reset") == 0	 ? "refused at once"
			: strcmp(verdict, "tarpit") == 0 ? "held"
							 : "met with silence");
		view_word(v, verdict, verdict);
	}
	fprintf(v->out, " (%s).\n", reason);
}

static void say_list(const struct view *v, const struct facts *f)
{
	char list[ROW_WORD_MAX], action[ROW_WORD_MAX], name[ROW_WORD_MAX];

	if (row_get(f->why, "list", list)) {
		fprintf(v->out, "List %s: %s", list,
			row_value(f->why, "list-action", action));
		if (row_says(f->why, "by-name", "yes"))
			fprintf(v->out, ", by name %s", row_value(f->why, "name", name));
		fputs(".\n", v->out);
	} else if (row_get(f->why, "name", name) && !row_says(f->why, "via", "sibling")) {
		fprintf(v->out, "Its confirmed name is %s.\n", name);
	}
}

static void say_origin(const struct view *v, const struct facts *f)
{
	char of[ROW_WORD_MAX], name[ROW_WORD_MAX];

	if (row_says(f->why, "via", "knock")) {
		fputs("It knocked on a fake MX; ", v->out);
	} else if (row_says(f->why, "via", "attempt")) {
		fputs("It tried the real MX before; ", v->out);
	} else if (row_says(f->why, "via", "vote")) {
		fputs("White votes opened its window; ", v->out);
	} else if (row_get(f->why, "of", of)) {
		fprintf(v->out, "It is a sibling of %s", of);
		if (row_get(f->why, "name", name))
			fprintf(v->out, " (%s)", name);
		fputs("; ", v->out);
	} else {
		fputs("It is a sibling of a source that is no longer known; ", v->out);
	}
}

/* How its pause or window stands, behind the sentence that say_origin() began. */
static void say_window(const struct view *v, const struct facts *f)
{
	char opens[ROW_WORD_MAX], closes[ROW_WORD_MAX];

	row_value(f->why, "opens", opens);
	row_value(f->why, "closes", closes);
	if (strcmp(opens, "now") != 0)
		fprintf(v->out, "its pause ends in %s, its window %s from now.\n", opens,
			closes);
	else
		fprintf(v->out, "its window is open for another %s.\n", closes);
}

static void say_entry(const struct view *v, const struct facts *f)
{
	char count[ROW_WORD_MAX], most[ROW_WORD_MAX];

	if (!row_get(f->why, "via", count)) {
		if (!row_says(f->why, "reason", "listed-allow") &&
		    !row_says(f->why, "reason", "listed-deny"))
			fprintf(v->out, "It has no window: %s\n",
				row_says(f->queue, "start", "knock")
					? "it did not knock on a fake MX, or long ago."
					: "it did not come before, or long ago.");
		return;
	}
	say_origin(v, f);
	say_window(v, f);
	row_value(f->why, "connections", count);
	if (row_get(f->queue, "connections", most) && strcmp(most, "0") != 0)
		fprintf(v->out, "Connections: %s of %s in this window.\n", count, most);
	fputs(row_says(f->why, "used", "yes") ? "It was let in before.\n"
					      : "It was not let in so far.\n",
	      v->out);
	if (row_says(f->why, "proven", "yes"))
		fputs("Its address is proven.\n", v->out);
}

static void say_votes(const struct view *v, const struct facts *f)
{
	char count[ROW_WORD_MAX], of[ROW_WORD_MAX], span[ROW_WORD_MAX];

	if (row_get(f->why, "penalty", span))
		fprintf(v->out, "It is under penalty for another %s.\n", span);
	if (row_get(f->why, "strikes", count))
		fprintf(v->out, "Strikes: %s of %s within %s.\n", count,
			row_value(f->penalty, "strikes", of),
			row_value(f->penalty, "within", span));
	if (row_get(f->why, "whites", count))
		fprintf(v->out, "White votes: %s of %s.\n", count,
			row_value(f->trust, "votes", of));
	if (row_get(f->why, "penalties", count) && !row_says(f->penalty, "escalate", "1"))
		fprintf(v->out, "Penalties so far: %s.\n", count);
}

static void say_queue(const struct view *v, const struct facts *f)
{
	char name[ROW_WORD_MAX], start[ROW_WORD_MAX], pause[ROW_WORD_MAX];
	char window[ROW_WORD_MAX], most[ROW_WORD_MAX], deny[ROW_WORD_MAX];

	if (!row_get(f->queue, "name", name))
		return;
	row_value(f->queue, "start", start);
	row_value(f->queue, "connections", most);
	fprintf(v->out, "Queue %s: starts on %s, pause %s, window %s%s, ", name,
		strcmp(start, "either") == 0 ? "knock or attempt" : start,
		row_value(f->queue, "pause", pause),
		row_value(f->queue, "window", window),
		row_says(f->queue, "refresh", "yes") ? " renewed by use" : "");
	if (strcmp(most, "0") == 0)
		fputs("any number of connections, ", v->out);
	else
		fprintf(v->out, "%s connection%s, ", most,
			strcmp(most, "1") == 0 ? "" : "s");
	fprintf(v->out, "deny %s.\n", row_value(f->queue, "deny", deny));
}

static void why_row(struct view *v, const char *row)
{
	if (v->kepts < VIEW_KEPT_MAX)
		snprintf(v->kept[v->kepts++], ROW_MAX, "%s", row);
}

static void why_end(struct view *v)
{
	struct facts f = {
		.why = kept_row(v, "why"),
		.queue = kept_row(v, "queue"),
		.penalty = kept_row(v, "penalty"),
		.trust = kept_row(v, "trust"),
	};

	if (f.why[0] == '\0')
		return;
	say_verdict(v, &f);
	say_list(v, &f);
	say_votes(v, &f);
	say_entry(v, &f);
	say_queue(v, &f);
}

const struct view_ops view_why = { why_row, why_end };
