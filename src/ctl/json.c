/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json.c - an array of objects, one a row, printed as the rows come
 *
 * What never ends is no array: there each line is an object.
 *
 * Values are strings, but those of the keys below are numbers. Whatever a stranger put
 * into a value, what comes out is JSON (RFC 8259).
 */
#include "ctl/view_int.h"

#include <string.h>

static const char *const number_keys[] = {
	"asked",       "bad",		"buffer",      "capped",      "clients",
	"confirmed",   "connections",	"count",       "dropped",     "entries",
	"entries-max", "escalate",	"evicted",     "expired",     "failed",
	"fakes",       "forged",	"gone",	       "good",	      "held",
	"kept",	       "kernel-buffer", "kernel-full", "let-go",      "let-in",
	"limit",       "limited",	"line",	       "num",	      "odd",
	"over",	       "overruns",	"owed",	       "packets",     "penalties",
	"pid",	       "reals",		"records",     "refused",     "remembered",
	"sent",	       "sources",	"strikes",     "unconfirmed", "unsent",
	"value",       "votes",		"whites",
	/* of a report */
	"attempts",    "black",		"knocks",      "stuck",	      "unfollowed",
	"unplaced",
};

static bool is_number_key(const char *key, size_t len)
{
	for (size_t i = 0; i < sizeof(number_keys) / sizeof(number_keys[0]); i++)
		if (strlen(number_keys[i]) == len &&
		    memcmp(number_keys[i], key, len) == 0)
			return true;
	return false;
}

/* JSON numbers have no leading zeros. */
static bool is_number(const char *text, size_t len)
{
	if (len == 0 || len > 20 || (text[0] == '0' && len > 1))
		return false;
	for (size_t i = 0; i < len; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return true;
}

/* Bytes beyond ASCII become the character of that number: valid, and nothing is lost. */
static void put_string(FILE *out, const char *text, size_t len)
{
	fputc('"', out);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < ' ' || c >= 0x7f)
			fprintf(out, "\\u%04x", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

static void put_pair(FILE *out, const struct proto_pair *p)
{
	char text[ROW_MAX];
	size_t len = row_readable(text, sizeof(text), p->value, p->value_len);

	put_string(out, p->key, p->key_len);
	fputc(':', out);
	if (is_number_key(p->key, p->key_len) && is_number(text, len))
		fwrite(text, 1, len, out);
	else
		put_string(out, text, len);
}

static void json_object(FILE *out, const char *row)
{
	const char *comma = "";
	struct proto_pair p;
	const char *pairs;
	size_t len;

	pairs = row_pairs(row, &len);
	fputc('{', out);
	if (len > 0) {
		fputs("\"row\":", out);
		put_string(out, row, len);
		comma = ",";
	}
	while (proto_next_pair(&pairs, &p)) {
		fputs(comma, out);
		put_pair(out, &p);
		comma = ",";
	}
	fputc('}', out);
}

static void json_row(struct view *v, const char *row)
{
	fputs(v->rows == 1 ? "[\n" : ",\n", v->out);
	json_object(v->out, row);
}

static void json_end(struct view *v)
{
	fputs(v->rows == 0 ? "[]\n" : "\n]\n", v->out);
}

static void json_line(struct view *v, const char *row)
{
	json_object(v->out, row);
	fputc('\n', v->out);
}

const struct view_ops view_json = { json_row, json_end };
const struct view_ops view_json_lines = { json_line, NULL };
