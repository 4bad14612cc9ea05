/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * print.c - settings as a configuration file, defaults included
 */
#include "conf/conf.h"

#include "conf/conf_int.h"

static void print_addrs(const struct conf_option *o, const struct setting_addrs *list,
			FILE *out)
{
	char text[ADDR_TEXT_MAX];

	if (list->count == 0) {
		fprintf(out, "# %s is not set\n", o->name);
		return;
	}
	fprintf(out, "%s = {", o->name);
	for (unsigned i = 0; i < list->count; i++)
		fprintf(out, "%s \"%s\"", i == 0 ? "" : ",",
			addr_format(&list->addr[i], text));
	fprintf(out, " }\n");
}

/* As a string that the lexer reads back. */
static void print_quoted(const char *text, FILE *out)
{
	putc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			putc('\\', out);
		putc(*text, out);
	}
	putc('"', out);
}

static bool is_text(enum conf_kind kind)
{
	return kind == CONF_PATH || kind == CONF_NAME || kind == CONF_GROUP ||
	       kind == CONF_USER || kind == CONF_LISTEN || kind == CONF_PF;
}

static bool is_number(enum conf_kind kind)
{
	return !is_text(kind) && kind != CONF_ENTRIES;
}

static void print_value(const struct conf_option *o, const void *base, FILE *out)
{
	char text[CONF_VALUE_MAX];

	if (!setting_format(base, o, text, sizeof(text))) {
		fprintf(out, "# %s is not set\n", o->name);
		return;
	}
	fprintf(out, "%s = ", o->name);
	if (is_text(o->kind))
		print_quoted(text, out);
	else
		fputs(text, out);
	putc('\n', out);
}

static void print_entries(const struct setting_entries *list, FILE *out)
{
	if (list->count == 0) {
		fputs("# entries is not set\n", out);
		return;
	}
	fputs("entries = {\n", out);
	for (unsigned i = 0; i < list->count; i++) {
		fputs("\t\t", out);
		print_quoted(list->entry[i].text, out);
		fputs(i + 1 < list->count ? ",\n" : "\n\t}\n", out);
	}
}

static void print_section(enum conf_section section, const struct setting_section *head,
			  FILE *out)
{
	const struct conf_option *o;

	fputs(conf_section_name(section), out);
	if (head->name[0])
		fprintf(out, " \"%s\"", head->name);
	fputs(" {\n", out);
	for (unsigned i = 0; (o = conf_key_at(section, i)); i++) {
		/* Of lists and votes, not every key fits every other. */
		bool is_shown_only = !head->said[i] && is_number(o->kind) &&
				     (section == SECTION_LIST || section == SECTION_VOTE);

		fputs(is_shown_only ? "\t# " : "\t", out);
		if (o->kind == CONF_ENTRIES)
			print_entries(setting_field(head, o), out);
		else
			print_value(o, head, out);
	}
	fputs("}\n", out);
}

static void print_sections(const struct settings *s, FILE *out)
{
	const struct setting_many *m = s->many;

	for (unsigned i = 0; i < s->queues; i++)
		print_section(SECTION_QUEUE, &s->queue[i].head, out);
	for (unsigned i = 0; m && i < m->lists; i++)
		print_section(SECTION_LIST, &m->list[i].head, out);
	for (unsigned i = 0; m && i < m->votes; i++)
		print_section(SECTION_VOTE, &m->vote[i].head, out);
	print_section(SECTION_PENALTY, &s->penalty.head, out);
	print_section(SECTION_TRUST, &s->trust.head, out);
}

void conf_print(const struct settings *s, FILE *out)
{
	for (unsigned i = 0; i < CONF_OPTIONS; i++) {
		const struct conf_option *o = conf_option_at(i);

		if (o->kind == CONF_ADDRS)
			print_addrs(o, setting_field(s, o), out);
		else if (o->bytes && conf_option_is_built(o))
			print_value(o, s, out);
	}
	print_sections(s, out);
}
