/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.c - whom the rule turned away, and who was no bot, in words
 *
 * Rows of one kind share a heading. The first row, which is kept, says whether anybody
 * was turned away, or would have been.
 */
#include "ctl/view_int.h"

#include <string.h>

static bool is_observing(const struct view *v)
{
	return v->kepts > 0 && row_says(v->kept[0], "observe", "yes");
}

static void say_head(struct view *v, const char *row)
{
	char since[ROW_WORD_MAX], span[ROW_WORD_MAX], attempts[ROW_WORD_MAX],
		sources[ROW_WORD_MAX];

	snprintf(v->kept[0], ROW_MAX, "%s", row);
	v->kepts = 1;
	fprintf(v->out, "Since %s, for %s%s\n", row_value(row, "since", since),
		row_value(row, "for", span),
		is_observing(v) ? ", observing: nobody is turned away" : "");
	fprintf(v->out, "Attempts: %s, sources: %s\n",
		row_value(row, "attempts", attempts),
		row_value(row, "sources", sources));
}

static void say_heading(struct view *v, const char *row)
{
	const char *head = v->kepts > 0 ? v->kept[0] : "";
	char n[ROW_WORD_MAX], black[ROW_WORD_MAX];

	if (row_is(row, "turned-away"))
		fprintf(v->out, "\n%s away from the real MX: %s (voted black: %s)\n",
			is_observing(v) ? "Would have been turned" : "Turned",
			row_value(head, "refused", n), row_value(head, "black", black));
	else if (row_is(row, "good"))
		fprintf(v->out, "\nOf these, good: %s\n", row_value(head, "good", n));
	else if (row_is(row, "network"))
		fputs("\nThe networks hurt most:\n", v->out);
	else if (row_is(row, "hurt"))
		fputs("\nTurned away, and good:\n", v->out);
	else if (row_is(row, "stuck"))
		fprintf(v->out, "\nStuck, they knock and never come to the real MX: %s\n",
			row_value(head, "stuck", n));
}

static const char *words_for(const char *how)
{
	static const struct {
		const char *how;
		const char *words;
	} table[] = {
		{ "knocked", "knocked, and then came to the real MX in order" },
		{ "retried", "came again, and were let in" },
		{ "praised", "got a white vote" },
		{ "listed", "let in by a list" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (strcmp(table[i].how, how) == 0)
			return table[i].words;
	return how;
}

static void say_count(struct view *v, const char *row, const char *key)
{
	char word[ROW_WORD_MAX], sources[ROW_WORD_MAX];

	row_value(row, key, word);
	fprintf(v->out, "  %8s  %s\n", row_value(row, "sources", sources),
		words_for(word));
}

static void say_delay(struct view *v, const char *row)
{
	char sources[ROW_WORD_MAX], median[ROW_WORD_MAX], p95[ROW_WORD_MAX];

	fprintf(v->out, "\nDelay, for the %s let in later: median %s, 95 %% within %s\n",
		row_value(row, "sources", sources), row_value(row, "median", median),
		row_value(row, "p95", p95));
}

static void say_network(struct view *v, const char *row)
{
	char net[ROW_WORD_MAX], good[ROW_WORD_MAX], stuck[ROW_WORD_MAX];

	fprintf(v->out, "  %s  good: %s, stuck: %s\n", row_value(row, "net", net),
		row_value(row, "good", good), row_value(row, "stuck", stuck));
}

static void say_source(struct view *v, const char *row)
{
	char src[ROW_WORD_MAX], word[ROW_WORD_MAX], more[ROW_WORD_MAX];

	fprintf(v->out, "  %s", row_value(row, "src", src));
	if (row_get(row, "name", word))
		fprintf(v->out, " (%s)", word);
	if (row_get(row, "how", word))
		fprintf(v->out, "  %s, refused attempts: %s", word,
			row_value(row, "refused", more));
	if (row_get(row, "delay", word))
		fprintf(v->out, ", delay %s", word);
	if (row_get(row, "knocks", word))
		fprintf(v->out, "  knocks: %s", word);
	if (row_get(row, "first", word))
		fprintf(v->out, ", from %s to %s", word, row_value(row, "last", more));
	fputc('\n', v->out);
}

static void report_row(struct view *v, const char *row)
{
	if (v->rows > 1 && !row_is(row, v->last) && !row_is(row, "delay"))
		say_heading(v, row);
	if (row_is(row, "report"))
		say_head(v, row);
	else if (row_is(row, "turned-away"))
		say_count(v, row, "reason");
	else if (row_is(row, "good"))
		say_count(v, row, "how");
	else if (row_is(row, "delay"))
		say_delay(v, row);
	else if (row_is(row, "network"))
		say_network(v, row);
	else
		say_source(v, row);
	snprintf(v->last, sizeof(v->last), "%.*s", (int)strcspn(row, " "), row);
}

static void say_if(struct view *v, const char *key, const char *words)
{
	char n[ROW_WORD_MAX];

	if (row_get(v->kept[0], key, n) && strcmp(n, "0") != 0)
		fprintf(v->out, "\n%s %s.\n", n, words);
}

static void report_end(struct view *v)
{
	if (v->kepts == 0)
		return;
	if (row_says(v->kept[0], "refused", "0"))
		fprintf(v->out, "\nNobody %s turned away from the real MX.\n",
			is_observing(v) ? "would have been" : "was");
	else if (row_says(v->kept[0], "good", "0"))
		fputs("\nNone of these proved good.\n", v->out);
	say_if(v, "unfollowed",
	       "sources were forgotten for want of memory (entries-max)");
	say_if(v, "unplaced", "of the hurt are in networks that found no place above");
}

const struct view_ops view_report = { report_row, report_end };
