/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * canon_section.c - sections, made flat
 *
 * Within braces only `key = value` is known, as many to a line as one likes. What is left
 * open is complained of where it was opened.
 */
#include "conf/canon_int.h"

/* A section has begun, and something shows that it was meant to have ended. */
static bool complain_section(struct canon *c)
{
	const char *name = conf_section_name(c->section);
	char shown[CONF_QUOTED_MAX];

	if (c->t.kind == TOKEN_END)
		return complain_at(c->x.why, c->x.name, c->begin,
				   "the %s section that begins here is not closed: \"}\" "
				   "is missing",
				   name);
	return complain_at(c->x.why, c->x.name, c->begin,
			   "the %s section that begins here is not closed before \"%s\" "
			   "in line %u, which is none of its keys: \"}\" is missing",
			   name, canon_in_hand(c, shown), c->t.line);
}

static bool complain_key(struct canon *c)
{
	const char *name = conf_section_name(c->section);
	const char *near = conf_key_nearest(c->section, c->t.text);
	char shown[CONF_QUOTED_MAX];

	if (near)
		return complain_at(c->x.why, c->x.name, c->t.line,
				   "unknown key \"%s\" of %s; did you mean \"%s\"?",
				   canon_in_hand(c, shown), name, near);
	return complain_at(c->x.why, c->x.name, c->t.line,
			   "unknown key \"%s\" of %s; mxallowd.conf(5) lists all there "
			   "are",
			   canon_in_hand(c, shown), name);
}

/* A word is in hand that may be a key. */
static bool pair(struct canon *c)
{
	const struct conf_option *o = conf_key_find(c->section, c->t.text);
	struct lexer ahead = c->x;
	struct token next;
	unsigned line = c->t.line;

	if (!lexer_next(&ahead, &next))
		return false;
	if (!o && (conf_option_find(c->t.text) || conf_section_find(c->t.text)))
		return complain_section(c);
	if (!o && c->behind && next.kind != TOKEN_EQUALS)
		return canon_complain_behind(c, c->behind);
	if (!o)
		return complain_key(c);
	if (next.kind == TOKEN_NEWLINE || next.kind == TOKEN_CLOSE ||
	    next.kind == TOKEN_END)
		return canon_complain_no_value(c, o, line);
	if (next.kind != TOKEN_EQUALS)
		return complain_at(c->x.why, c->x.name, line,
				   "an equals sign is missing behind %s", o->name);

	canon_line(c);
	fprintf(c->out, "%s.%s", conf_section_name(c->section), o->name);
	return lexer_next(&c->x, &c->t) && canon_native_value(c, o, line);
}

/* Behind the opening brace, to the closing one. */
static bool pairs(struct canon *c)
{
	for (c->behind = NULL;;) {
		if (!lexer_next(&c->x, &c->t))
			return false;
		switch (c->t.kind) {
		case TOKEN_CLOSE:
			return true;
		case TOKEN_END:
			return complain_section(c);
		case TOKEN_NEWLINE:
			c->behind = NULL;
			break;
		case TOKEN_WORD:
			if (!pair(c))
				return false;
			break;
		case TOKEN_COMMA:
			return canon_complain(c, "between keys: a blank is enough");
		case TOKEN_STRING:
		case TOKEN_EQUALS:
		case TOKEN_OPEN:
			if (c->behind)
				return canon_complain_behind(c, c->behind);
			return canon_complain(c, "has no key in front of it");
		}
	}
}

/* How a section is written, for who did not. */
static bool complain_form(struct canon *c)
{
	bool is_named = c->section == SECTION_QUEUE || c->section == SECTION_LIST;
	const char *name = conf_section_name(c->section);

	return complain_at(c->x.why, c->x.name, c->begin,
			   "%s is a section: write %s%s { KEY = VALUE ... }", name, name,
			   is_named ? " \"NAME\"" : "");
}

static bool is_title(const struct canon *c)
{
	return (c->t.kind == TOKEN_WORD || c->t.kind == TOKEN_STRING) &&
	       c->t.line == c->begin;
}

/* The name, where there must be one; what is behind it is then in hand. */
static bool title(struct canon *c)
{
	bool is_named = c->section == SECTION_QUEUE || c->section == SECTION_LIST;

	if (!canon_skip_newlines(c))
		return false;
	if (is_title(c) != is_named)
		return complain_form(c);
	if (!is_named)
		return true;
	if (!is_name(c->t.text))
		return canon_complain(c, "is no name: give up to 31 letters, digits, - "
					 "and _");
	fputs(c->t.text, c->out);
	return canon_skip_newlines(c);
}

bool canon_section(struct canon *c)
{
	c->section = conf_section_find(c->t.text);
	c->begin = c->t.line;
	canon_line(c);
	fprintf(c->out, "%s += {\"", c->t.text);
	if (!title(c))
		return false;
	if (c->t.kind != TOKEN_OPEN)
		return complain_form(c);
	fputs("\"} ", c->out);
	if (!pairs(c))
		return false;
	c->section = SECTION_NONE;
	c->behind = NULL;
	c->taken = true;
	return true;
}
