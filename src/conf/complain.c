/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * complain.c - how messages about a configuration begin
 *
 * "file:line: " in front of what the file is to blame for, so that editors can jump
 * there. What strangers wrote is escaped before it gets into a message.
 */
#include "conf/conf_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

const char *value_quoted(const char *text, char *out)
{
	return text_escape(out, CONF_QUOTED_MAX, text, strlen(text));
}

const char *option_said(const struct conf_option *o, struct origin origin, char *out,
			size_t size)
{
	if (origin.from != FROM_COMMAND_LINE)
		snprintf(out, size, "%s", o->name);
	else if (o->letter)
		snprintf(out, size, "-%c", o->letter);
	else
		snprintf(out, size, "--%s", o->name);
	return out;
}

bool complain(struct complaint *why, enum complaint_kind kind, const char *fmt, ...)
{
	va_list ap;

	why->kind = kind;
	va_start(ap, fmt);
	vsnprintf(why->text, sizeof(why->text), fmt, ap);
	va_end(ap);
	return false;
}

/* Writes "file:line: " and returns where the message goes. */
static size_t begin_at(struct complaint *why, const char *file, unsigned line)
{
	char name[CONF_PATH_MAX];

	why->kind = COMPLAINT_FILE;
	text_escape(name, sizeof(name), file, strlen(file));
	if (line == 0)
		return (size_t)snprintf(why->text, sizeof(why->text), "%s: ", name);
	return (size_t)snprintf(why->text, sizeof(why->text), "%s:%u: ", name, line);
}

bool complain_at(struct complaint *why, const char *file, unsigned line, const char *fmt,
		 ...)
{
	size_t used = begin_at(why, file, line);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why->text + used, sizeof(why->text) - used, fmt, ap);
	va_end(ap);
	return false;
}

bool complain_value(struct complaint *why, const struct saying *s, const char *fmt, ...)
{
	char value[CONF_QUOTED_MAX], name[64];
	size_t used = 0;
	va_list ap;

	if (s->origin.from == FROM_FILE)
		used = begin_at(why, s->file, s->origin.line);
	else
		why->kind = COMPLAINT_USAGE;
	used += (size_t)snprintf(why->text + used, sizeof(why->text) - used, "%s \"%s\" ",
				 option_said(s->option, s->origin, name, sizeof(name)),
				 value_quoted(s->value, value));

	va_start(ap, fmt);
	vsnprintf(why->text + used, sizeof(why->text) - used, fmt, ap);
	va_end(ap);
	return false;
}

bool complain_unknown(struct complaint *why, const char *file, unsigned line,
		      const char *name)
{
	const char *near = conf_section_nearest(name);
	char shown[CONF_QUOTED_MAX];

	if (!near)
		near = conf_option_nearest(name);
	value_quoted(name, shown);
	if (near)
		return complain_at(why, file, line,
				   "unknown option \"%s\"; did you mean \"%s\"?", shown,
				   near);
	return complain_at(why, file, line,
			   "unknown option \"%s\"; mxallowd.conf(5) lists all there are",
			   shown);
}
