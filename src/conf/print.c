/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * print.c - settings as a configuration file, defaults included
 */
#include "conf/conf.h"

#include "conf_int.h"

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

static void print_value(const struct conf_option *o, const struct settings *s, FILE *out)
{
	char text[64];

	if (value_format(o, setting_get(s, o), text, sizeof(text)))
		fprintf(out, "%s = %s\n", o->name, text);
	else
		fprintf(out, "# %s is not set\n", o->name);
}

void conf_print(const struct settings *s, FILE *out)
{
	for (unsigned i = 0; i < CONF_OPTIONS; i++) {
		const struct conf_option *o = conf_option_at(i);

		if (o->kind == CONF_ADDRS)
			print_addrs(o,
				    o->offset == offsetof(struct settings, fake)
					    ? &s->fake
					    : &s->real,
				    out);
		else if (o->bytes)
			print_value(o, s, out);
	}
}
