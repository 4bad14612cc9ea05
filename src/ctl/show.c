/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * show.c - answers for people, a row a line
 */
#include "ctl/view_int.h"

#include <string.h>

#define PLAIN "\033[0m"

void view_word(const struct view *v, const char *verdict, const char *word)
{
	static const struct {
		const char *verdict;
		const char *colour;
	} colours[] = {
		{ "accept", "\033[32m" }, { "open", "\033[32m" },
		{ "drop", "\033[31m" },	  { "reset", "\033[31m" },
		{ "tarpit", "\033[31m" }, { "penalty", "\033[31m" },
	};

	for (size_t i = 0; v->has_colour && i < sizeof(colours) / sizeof(colours[0]);
	     i++) {
		if (strcmp(colours[i].verdict, verdict) != 0)
			continue;
		fprintf(v->out, "%s%s" PLAIN, colours[i].colour, word);
		return;
	}
	fputs(word, v->out);
}

/* What stands in the way of a row: the text behind its kind word, as it is. */
static void verbatim_row(struct view *v, const char *row)
{
	if (strncmp(row, "rule ", 5) == 0)
		row += 5;
	else if (strcmp(row, "rule") == 0)
		row += 4;
	fprintf(v->out, "%s\n", row);
}

/* `key value` for each pair, with commas. */
static void put_pairs(struct view *v, const char *pairs)
{
	char text[ROW_MAX];
	struct proto_pair p;
	const char *comma = "";

	while (proto_next_pair(&pairs, &p)) {
		row_readable(text, sizeof(text), p.value, p.value_len);
		fprintf(v->out, "%s%.*s %s", comma, (int)p.key_len, p.key, text);
		comma = ", ";
	}
	fputc('\n', v->out);
}

static void put_if(struct view *v, const char *row, const char *key, const char *words)
{
	char value[ROW_WORD_MAX];

	if (row_get(row, key, value) && strcmp(value, "0") != 0)
		fprintf(v->out, ", %s %s", words, value);
}

static void list_row(struct view *v, const char *row)
{
	char src[ROW_WORD_MAX], state[ROW_WORD_MAX], value[ROW_WORD_MAX];

	if (!row_is(row, "entry") || !row_get(row, "src", src) ||
	    !row_get(row, "state", state))
		return;
	fprintf(v->out, "%s ", src);
	view_word(v, state, state);
	put_if(v, row, "penalty", "penalty for another");
	if (row_get(row, "opens", value) && strcmp(value, "now") != 0)
		fprintf(v->out, ", opens in %s", value);
	put_if(v, row, "closes", "closes in");
	put_if(v, row, "via", "via");
	put_if(v, row, "of", "of");
	put_if(v, row, "queue", "queue");
	put_if(v, row, "connections", "connections");
	if (row_says(row, "used", "yes"))
		fputs(", used", v->out);
	if (row_says(row, "proven", "yes"))
		fputs(", proven", v->out);
	put_if(v, row, "strikes", "strikes");
	put_if(v, row, "whites", "white votes");
	put_if(v, row, "list", "list");
	put_if(v, row, "name", "name");
	fputc('\n', v->out);
}

/* Rows of one kind that hold one number each share a paragraph. */
static void status_row(struct view *v, const char *row)
{
	char kind[ROW_WORD_MAX], word[ROW_WORD_MAX], count[ROW_WORD_MAX];
	const char *pairs;
	size_t len;

	pairs = row_pairs(row, &len);
	snprintf(kind, sizeof(kind), "%.*s", (int)(len < sizeof(kind) ? len : 0), row);
	if (strcmp(kind, v->last) != 0)
		fprintf(v->out, "%s:\n", kind);
	memcpy(v->last, kind, sizeof(v->last));
	if (row_get(row, "count", count) &&
	    (row_get(row, "state", word) || row_get(row, "name", word))) {
		fprintf(v->out, "  %-18s %s\n", word, count);
		return;
	}
	fputs("  ", v->out);
	put_pairs(v, pairs);
}

static void stats_row(struct view *v, const char *row)
{
	char name[ROW_WORD_MAX], label[ROW_WORD_MAX], value[ROW_WORD_MAX];

	if (!row_is(row, "counter") || !row_get(row, "name", name) ||
	    !row_get(row, "value", value))
		return;
	if (row_get(row, "label", label))
		fprintf(v->out, "%s{%s} %s\n", name, label, value);
	else
		fprintf(v->out, "%s %s\n", name, value);
}

/* "203.0.113.9/32 penalised: strikes 1, of 1, penalty 12h"; nothing for a bare `ok`. */
static void outcome_row(struct view *v, const char *row)
{
	char word[ROW_WORD_MAX], src[ROW_WORD_MAX], value[ROW_WORD_MAX];
	size_t len;

	if (row_is(row, "refused") && row_get(row, "line", word) &&
	    row_get(row, "why", value)) {
		fprintf(v->out, "line %s refused: %s\n", word, value);
	} else if (row_is(row, "imported")) {
		fputs("imported: ", v->out);
		put_pairs(v, row_pairs(row, &len));
	} else if (row_get(row, "outcome", word)) {
		if (row_get(row, "src", src))
			fprintf(v->out, "%s ", src);
		fputs(word, v->out);
		if (row_get(row, "strikes", value)) {
			fprintf(v->out, ", strikes %s", value);
			if (row_get(row, "limit", value))
				fprintf(v->out, " of %s", value);
		}
		put_if(v, row, "penalty", "penalty for");
		put_if(v, row, "closes", "let in for");
		fputc('\n', v->out);
	}
}

static void watch_row(struct view *v, const char *row)
{
	size_t len = strncmp(row, "verdict=", 8) == 0 ? strcspn(row + 8, " ") : 0;
	char verdict[ROW_WORD_MAX];

	if (len > 0 && len < sizeof(verdict)) {
		snprintf(verdict, sizeof(verdict), "%.*s", (int)len, row + 8);
		fputs("verdict=", v->out);
		view_word(v, verdict, verdict);
		row += 8 + len;
	}
	fprintf(v->out, "%s\n", row);
}

const struct view_ops view_verbatim = { verbatim_row, NULL };
const struct view_ops view_list = { list_row, NULL };
const struct view_ops view_status = { status_row, NULL };
const struct view_ops view_stats = { stats_row, NULL };
const struct view_ops view_outcome = { outcome_row, NULL };
const struct view_ops view_watch = { watch_row, NULL };
