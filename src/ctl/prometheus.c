/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prometheus.c - counters in the Prometheus text exposition format
 *
 * Rows of one name stand together; HELP and TYPE are said before the first of them. The
 * names of counters end in _total, as is the custom there.
 */
#include "ctl/view_int.h"

#include <string.h>

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* mxallowd_NAME, with _total behind a counter's. */
static void metric_name(const char *name, bool is_counter, char *out, size_t size)
{
	const char *prefix = strncmp(name, "mxallowd_", 9) == 0 ? "" : "mxallowd_";
	size_t at;

	snprintf(out, size, "%s%.*s%s", prefix, ROW_WORD_MAX, name,
		 is_counter && !ends_with(name, "_total") ? "_total" : "");
	for (at = 0; out[at]; at++)
		if (!is_name_char(out[at]))
			out[at] = '_';
}

static void put_escaped(FILE *out, const char *text, bool is_label)
{
	for (; *text; text++) {
		if (*text == '\\' || (is_label && *text == '"'))
			fputc('\\', out);
		fputc(*text, out);
	}
}

/* reason=no-knock becomes {reason="no-knock"}. */
static void put_label(FILE *out, const char *label)
{
	const char *equals = strchr(label, '=');

	if (!equals)
		return;
	fputc('{', out);
	for (; label < equals; label++)
		fputc(is_name_char(*label) ? *label : '_', out);
	fputs("=\"", out);
	put_escaped(out, equals + 1, true);
	fputs("\"}", out);
}

static void prometheus_row(struct view *v, const char *row)
{
	char name[ROW_WORD_MAX], value[ROW_WORD_MAX], text[ROW_WORD_MAX];
	char metric[ROW_WORD_MAX + 20];
	bool is_counter = !row_says(row, "type", "gauge");

	if (!row_is(row, "counter") || !row_get(row, "name", name) ||
	    !row_get(row, "value", value))
		return;
	metric_name(name, is_counter, metric, sizeof(metric));
	if (strcmp(name, v->last) != 0) {
		(void)row_get(row, "help", text);
		fprintf(v->out, "# HELP %s ", metric);
		put_escaped(v->out, text, false);
		fprintf(v->out, "\n# TYPE %s %s\n", metric,
			is_counter ? "counter" : "gauge");
		memcpy(v->last, name, sizeof(v->last));
	}
	fputs(metric, v->out);
	if (row_get(row, "label", text))
		put_label(v->out, text);
	fprintf(v->out, " %s\n", value);
}

const struct view_ops view_prometheus = { prometheus_row, NULL };
