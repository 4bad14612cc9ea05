/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * canon.c - both ways to write an option, rewritten to one
 *
 * The lines of mxallowd 1.x (`word`, `word value`) and libconfuse's `name = value` may
 * stand in one file. What comes out keeps every value on its line, so that whoever reads
 * it counts lines as the operator does. Sections come out flat: `queue += {"slow"}`
 * begins one, `queue.pause += {"10m"}` belongs to the last that began.
 */
#include "conf/canon_int.h"

#include <stdlib.h>

void canon_line(struct canon *c)
{
	for (; c->line < c->t.line; c->line++)
		putc('\n', c->out);
}

static void emit_value(struct canon *c, const char *value)
{
	canon_line(c);
	putc('"', c->out);
	for (; *value; value++) {
		if (*value == '"' || *value == '\\' || *value == '$')
			putc('\\', c->out);
		putc(*value, c->out);
	}
	putc('"', c->out);
}

/* To libconfuse all that can be said again is a list. */
static void emit_only_value(struct canon *c, const struct conf_option *o)
{
	bool is_list_there = o->section != SECTION_NONE || o->kind == CONF_ADDRS;

	fputs(is_list_there ? " += {" : " = ", c->out);
	emit_value(c, c->t.text);
	fputs(is_list_there ? "} " : " ", c->out);
}

const char *canon_in_hand(const struct canon *c, char *out)
{
	if (c->t.kind == TOKEN_WORD || c->t.kind == TOKEN_STRING)
		return value_quoted(c->t.text, out);
	if (c->t.kind == TOKEN_NEWLINE)
		return "end of line";
	return c->t.kind == TOKEN_END ? "end of file" : c->t.text;
}

bool canon_complain(struct canon *c, const char *message)
{
	char shown[CONF_QUOTED_MAX];

	return complain_at(c->x.why, c->x.name, c->t.line, "\"%s\" %s",
			   canon_in_hand(c, shown), message);
}

bool canon_complain_no_value(struct canon *c, const struct conf_option *o, unsigned line)
{
	char range[CONF_RANGE_MAX];

	return complain_at(c->x.why, c->x.name, line, "%s needs a value: give %s",
			   o->name, conf_option_range(o, range, sizeof(range)));
}

bool canon_complain_behind(struct canon *c, const struct conf_option *o)
{
	char shown[CONF_QUOTED_MAX];

	if (o->kind == CONF_ENTRIES)
		return complain_at(c->x.why, c->x.name, c->t.line,
				   "\"%s\" behind the value of entries: write entries = "
				   "{ \"...\", \"...\" }",
				   canon_in_hand(c, shown));
	if (o->kind == CONF_ADDRS)
		return complain_at(
			c->x.why, c->x.name, c->t.line,
			"\"%s\" behind the value of %s: give one address a line, "
			"or %s = { \"...\", \"...\" }",
			canon_in_hand(c, shown), o->name, o->name);
	return complain_at(c->x.why, c->x.name, c->t.line,
			   "\"%s\" behind the value of %s, which takes only one",
			   canon_in_hand(c, shown), o->name);
}

/* The option that the word in hand names; NULL with a complaint when it may not. */
static const struct conf_option *known_option(struct canon *c)
{
	const struct conf_option *o = conf_option_find(c->t.text);

	if (!o && c->behind)
		(void)canon_complain_behind(c, c->behind);
	else if (!o)
		(void)complain_unknown(c->x.why, c->x.name, c->t.line, c->t.text);
	else if (o->kind == CONF_COMMAND && o->letter == 'c')
		(void)complain_at(
			c->x.why, c->x.name, c->t.line,
			"%s belongs on the command line: a configuration file cannot "
			"name another",
			o->name);
	else if (o->kind == CONF_COMMAND)
		(void)complain_at(c->x.why, c->x.name, c->t.line,
				  "%s belongs on the command line: write --%s there",
				  o->name, o->name);
	else if (!conf_option_is_built(o))
		(void)complain_at(
			c->x.why, c->x.name, c->t.line,
			"%s is for builds that watch pf; this one reads NFQUEUE: take "
			"the line out and set queue-num",
			o->name);
	else
		return o;
	return NULL;
}

static bool is_list(const struct conf_option *o)
{
	return o->kind == CONF_ADDRS || o->kind == CONF_ENTRIES;
}

bool canon_skip_newlines(struct canon *c)
{
	do {
		if (!lexer_next(&c->x, &c->t))
			return false;
	} while (c->t.kind == TOKEN_NEWLINE);
	return true;
}

static bool complain_unclosed(struct canon *c, unsigned begin)
{
	return complain_at(c->x.why, c->x.name, begin,
			   "the list that begins here is not closed: \"}\" is missing");
}

/* The word in hand can begin a statement where it stands. */
static bool is_statement(const struct canon *c)
{
	return conf_option_find(c->t.text) || conf_section_find(c->t.text) ||
	       conf_key_find(c->section, c->t.text);
}

/* One value of a list; the token behind it is then in hand. */
static bool list_value(struct canon *c, unsigned begin)
{
	if (c->t.kind == TOKEN_END)
		return complain_unclosed(c, begin);
	if (c->t.kind != TOKEN_WORD && c->t.kind != TOKEN_STRING)
		return canon_complain(c, c->section ? "stands where an entry should stand"
						    : "stands where an address should "
						      "stand");
	emit_value(c, c->t.text);
	return canon_skip_newlines(c);
}

/* Behind the opening brace. */
static bool list(struct canon *c, unsigned begin)
{
	fputs(" += {", c->out);
	if (!canon_skip_newlines(c))
		return false;
	for (;;) {
		bool is_comma;

		if (!list_value(c, begin))
			return false;
		is_comma = c->t.kind == TOKEN_COMMA;
		if (is_comma) {
			if (!canon_skip_newlines(c))
				return false;
			if (c->t.kind != TOKEN_CLOSE)
				putc(',', c->out);
		}
		if (c->t.kind == TOKEN_CLOSE)
			break;
		if (c->t.kind == TOKEN_END || c->t.kind == TOKEN_EQUALS ||
		    (c->t.kind == TOKEN_WORD && is_statement(c)))
			return complain_unclosed(c, begin);
		if (!is_comma)
			return canon_complain(
				c, c->section ? "stands behind an entry without a comma"
					      : "stands behind an address without a "
						"comma");
	}
	fputs("} ", c->out);
	c->taken = true;
	return true;
}

/* Behind the equals sign. */
bool canon_native_value(struct canon *c, const struct conf_option *o, unsigned line)
{
	if (!canon_skip_newlines(c))
		return false;
	switch (c->t.kind) {
	case TOKEN_OPEN:
		if (!is_list(o))
			return complain_at(c->x.why, c->x.name, c->t.line,
					   "%s takes one value, not a list", o->name);
		c->behind = o;
		return list(c, c->t.line);
	case TOKEN_WORD:
	case TOKEN_STRING:
		emit_only_value(c, o);
		c->behind = o;
		c->taken = true;
		return true;
	case TOKEN_END:
	case TOKEN_NEWLINE:
	case TOKEN_EQUALS:
	case TOKEN_CLOSE:
	case TOKEN_COMMA:
		break;
	}
	return canon_complain_no_value(c, o, line);
}

/* A filter of 1.x has no quotes: all words up to the end of the line are one value. */
static bool old_words(struct canon *c)
{
	char all[CONF_VALUE_MAX];
	size_t used = (size_t)snprintf(all, sizeof(all), "%s", c->t.text);

	fputs(" = ", c->out);
	for (;;) {
		if (!lexer_next(&c->x, &c->t))
			return false;
		if (c->t.kind == TOKEN_NEWLINE || c->t.kind == TOKEN_END)
			break;
		if (used < sizeof(all))
			used += (size_t)snprintf(all + used, sizeof(all) - used, " %s",
						 c->t.text);
	}
	emit_value(c, all);
	putc(' ', c->out);
	return true;
}

/* A value of 1.x is in hand; nothing but the end of the line may follow. */
static bool old_value(struct canon *c, const struct conf_option *o)
{
	if (o->kind == CONF_PF && c->t.kind == TOKEN_WORD)
		return old_words(c);
	emit_only_value(c, o);
	if (!lexer_next(&c->x, &c->t))
		return false;
	if (c->t.kind != TOKEN_NEWLINE && c->t.kind != TOKEN_END)
		return canon_complain_behind(c, o);
	return true;
}

/* An option's name is in hand. */
static bool statement(struct canon *c)
{
	const struct conf_option *o;
	unsigned line = c->t.line;

	if (conf_section_find(c->t.text) != SECTION_NONE)
		return canon_section(c);
	o = known_option(c);
	if (!o)
		return false;
	canon_line(c);
	fputs(o->name, c->out);
	if (!lexer_next(&c->x, &c->t))
		return false;

	switch (c->t.kind) {
	case TOKEN_EQUALS:
		return canon_native_value(c, o, line);
	case TOKEN_WORD:
	case TOKEN_STRING:
		return old_value(c, o);
	case TOKEN_NEWLINE:
	case TOKEN_END:
		if (o->kind != CONF_SWITCH)
			return canon_complain_no_value(c, o, line);
		fputs(" = \"yes\"", c->out);
		return true;
	case TOKEN_OPEN:
	case TOKEN_CLOSE:
	case TOKEN_COMMA:
		break;
	}
	return complain_at(c->x.why, c->x.name, c->t.line,
			   "\"%s\" behind %s: an equals sign is missing", c->t.text,
			   o->name);
}

/* Something else than a name stands where an option should begin. */
static bool complain_no_name(struct canon *c)
{
	if (c->t.kind == TOKEN_CLOSE)
		return canon_complain(c, "closes nothing: take it out");
	if (c->behind)
		return canon_complain_behind(c, c->behind);
	if (c->t.kind == TOKEN_STRING)
		return canon_complain(
			c, "begins a line: the name of an option stands there, "
			   "without quotes");
	return canon_complain(c, "has no option in front of it");
}

static bool statements(struct canon *c)
{
	do {
		if (!lexer_next(&c->x, &c->t))
			return false;
		if (c->t.kind == TOKEN_WORD && !statement(c))
			return false;
		/* statement() may have left the end of the line in hand, or a value */
		if (c->t.kind == TOKEN_NEWLINE)
			c->behind = NULL;
		else if (c->t.kind != TOKEN_END && !c->taken)
			return complain_no_name(c);
		c->taken = false;
	} while (c->t.kind != TOKEN_END);
	putc('\n', c->out);
	return true;
}

char *canon_text(const char *name, const char *text, size_t len, struct complaint *why)
{
	struct canon c = { .line = 1 };
	char *made = NULL;
	size_t made_len;
	bool fine;

	if (!lexer_init(&c.x, name, text, len, why))
		return NULL;
	c.out = open_memstream(&made, &made_len);
	if (!c.out) {
		(void)complain_at(why, name, 0, "out of memory");
		return NULL;
	}

	fine = statements(&c);
	if ((ferror(c.out) | fclose(c.out)) && fine)
		fine = complain_at(why, name, 0, "out of memory");
	if (!fine) {
		free(made);
		made = NULL;
	}
	return made;
}
