/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arguments.c - getopt's arrays, the help and the hints, all from the option table
 *
 * Long options may be cut as far as they stay unique; words without a dash mean nothing
 * to this program and are refused.
 */
#include "daemon/arguments.h"

#include <getopt.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/text.h"
#include "daemon/source_int.h"

#define DEFAULT_CONFIG "/etc/mxallowd.conf"

enum {
	LONG_FIRST = 256, /* getopt's value of row 0; below are letters */
	RANGE_MAX = 200,
	SHOWN_MAX = 100,
};

struct getopt_arrays {
	struct option longs[CONF_OPTIONS + 1];
	char shorts[2 * CONF_OPTIONS + 3];
};

static void fill_arrays(struct getopt_arrays *g)
{
	size_t used = 0;

	/* + stops at the first stray word, : tells a missing value from a bad flag. */
	memset(g, 0, sizeof(*g));
	g->shorts[used++] = '+';
	g->shorts[used++] = ':';
	for (unsigned i = 0; i < CONF_OPTIONS; i++) {
		const struct conf_option *o = conf_option_at(i);

		g->longs[i].name = o->name;
		g->longs[i].has_arg = !o->argument    ? no_argument
				      : o->is_optional ? optional_argument
						       : required_argument;
		g->longs[i].val = LONG_FIRST + (int)i;
		if (!o->letter)
			continue;
		g->shorts[used++] = o->letter;
		if (o->argument)
			g->shorts[used++] = ':';
	}
}

static const struct conf_option *option_of(int code)
{
	if (code >= LONG_FIRST)
		return conf_option_at((unsigned)(code - LONG_FIRST));
	return conf_option_letter((char)code);
}

__attribute__((format(printf, 2, 3)))
static bool complain(struct complaint *why, const char *fmt, ...)
{
	va_list ap;

	why->kind = COMPLAINT_USAGE;
	va_start(ap, fmt);
	vsnprintf(why->text, sizeof(why->text), fmt, ap);
	va_end(ap);
	return false;
}

static const char *shown(const char *text, size_t len, char *out)
{
	return text_escape(out, SHOWN_MAX, text, len);
}

static const char *flag_name(const struct conf_option *o, char *out, size_t size)
{
	if (o->letter)
		snprintf(out, size, "-%c", o->letter);
	else
		snprintf(out, size, "--%s", o->name);
	return out;
}

static bool complain_no_value(const struct conf_option *o, struct complaint *why)
{
	char name[64], range[RANGE_MAX];

	return complain(why, "%s needs a value: give %s",
			flag_name(o, name, sizeof(name)),
			conf_option_range(o, range, sizeof(range)));
}

/* A long option that is unknown, or short for several. */
static bool complain_long(const char *word, struct complaint *why)
{
	size_t len = strcspn(word, "=");
	char name[SHOWN_MAX], text[SHOWN_MAX];
	const char *near;

	snprintf(name, sizeof(name), "%.*s", (int)(len < SHOWN_MAX ? len : SHOWN_MAX),
		 word);
	near = conf_option_nearest(name);
	shown(name, strlen(name), text);
	if (near)
		return complain(why, "unknown option \"--%s\"; did you mean \"--%s\"?",
				text, near);
	for (unsigned i = 0; i < CONF_OPTIONS; i++)
		if (len > 0 && strncmp(conf_option_at(i)->name, word, len) == 0)
			return complain(why,
					"\"--%s\" is short for several options, one of "
					"them \"--%s\"",
					text, conf_option_at(i)->name);
	return complain(
		why, "unknown option \"--%s\"; \"mxallowd --help\" lists all there are",
		text);
}

static bool complain_letter(char letter, struct complaint *why)
{
	char other = (char)(letter ^ ('a' ^ 'A'));
	char text[8];

	shown(&letter, 1, text);
	if (((letter | 0x20) >= 'a' && (letter | 0x20) <= 'z') &&
	    conf_option_letter(other))
		return complain(why,
				"unknown option \"-%s\"; did you mean \"-%c\" (--%s)?",
				text, other, conf_option_letter(other)->name);
	return complain(why,
			"unknown option \"-%s\"; \"mxallowd --help\" lists all there are",
			text);
}

static bool complain_flag(char **argv, struct complaint *why)
{
	if (optopt >= LONG_FIRST)
		return complain(why, "--%s takes no value", option_of(optopt)->name);
	if (optopt)
		return complain_letter((char)optopt, why);
	return complain_long(argv[optind - 1] + 2, why);
}

static bool take_config(struct arguments *a, const char *path, struct complaint *why)
{
	if (strlen(path) >= sizeof(a->config))
		return complain(why, "-c: the name is longer than %zu bytes",
				sizeof(a->config) - 1);
	snprintf(a->config, sizeof(a->config), "%s", path);
	a->config_said = true;
	return true;
}

static bool take_file(const char **file, const struct conf_option *o,
		      struct complaint *why)
{
	if (*file)
		return complain(why, "--%s is given twice: one file at a time", o->name);
	*file = optarg;
	return true;
}

static bool take_report(struct arguments *a, struct complaint *why)
{
	char text[SHOWN_MAX];

	if (optarg && strcmp(optarg, "json") != 0)
		return complain(why,
				"--report: \"%s\" is no form; leave it out or give json",
				shown(optarg, strlen(optarg), text));
	a->report = optarg ? REPORT_AS_JSON : REPORT_AS_ROWS;
	return true;
}

static bool take_long_command(struct arguments *a, const struct conf_option *o,
			      struct complaint *why)
{
	if (strcmp(o->name, "names") == 0)
		return take_file(&a->names, o, why);
	if (strcmp(o->name, "report") == 0)
		return take_report(a, why);
	if (strcmp(o->name, "replay") == 0) {
		if (a->mode == ARGUMENTS_RUN)
			a->mode = ARGUMENTS_REPLAY;
		return take_file(&a->replay, o, why);
	}
	a->mode = ARGUMENTS_PRINT_CONFIG; /* which checks as well */
	return true;
}

static bool take_command(struct arguments *a, const struct conf_option *o,
			 struct complaint *why)
{
	switch (o->letter) {
	case 'c':
		return take_config(a, optarg, why);
	case 'h':
		a->mode = ARGUMENTS_HELP;
		return true;
	case 'V':
		a->mode = ARGUMENTS_VERSION;
		return true;
	case 'T':
		if (a->mode != ARGUMENTS_PRINT_CONFIG)
			a->mode = ARGUMENTS_CHECK;
		return true;
	default:
		return take_long_command(a, o, why);
	}
}

static bool take_flag(struct arguments *a, const struct conf_option *o,
		      struct complaint *why)
{
	if (o->kind == CONF_COMMAND)
		return take_command(a, o, why);
	if (!conf_option_is_built(o))
		return complain(why,
				"-%c (--%s) is for builds that watch pf; this one reads "
				"NFQUEUE: leave it out and give -n",
				o->letter, o->name);
	if (a->count == ARGUMENTS_MAX)
		return complain(why, "more than %d flags", ARGUMENTS_MAX);
	a->flag[a->count].option = o;
	a->flag[a->count++].value = o->argument ? optarg : "yes";
	return true;
}

static bool make_absolute(struct arguments *a, struct complaint *why)
{
	char here[PATH_MAX], path[2 * PATH_MAX + 1];

	if (a->config[0] == '/')
		return true;
	if (!getcwd(here, sizeof(here)))
		return complain(why,
				"-c: the current directory has no name: give a path that "
				"begins with /");
	snprintf(path, sizeof(path), "%s/%s", here, a->config);
	return take_config(a, path, why);
}

static bool is_done(const struct arguments *a)
{
	return a->mode == ARGUMENTS_HELP || a->mode == ARGUMENTS_VERSION;
}

bool arguments_parse(struct arguments *a, int argc, char **argv, struct complaint *why)
{
	struct getopt_arrays g;
	char text[SHOWN_MAX];
	int code;

	memset(a, 0, sizeof(*a));
	snprintf(a->config, sizeof(a->config), "%s", DEFAULT_CONFIG);
	fill_arrays(&g);
	optind = 0; /* glibc: forget an earlier command line */
	opterr = 0;

	while ((code = getopt_long(argc, argv, g.shorts, g.longs, NULL)) != -1) {
		if (code == ':')
			return complain_no_value(option_of(optopt), why);
		if (code == '?')
			return complain_flag(argv, why);
		if (!take_flag(a, option_of(code), why))
			return false;
		if (is_done(a))
			return true;
	}
	if (optind < argc)
		return complain(
			why,
			"\"%s\" belongs to no option: addresses follow -f or -r, a "
			"configuration file -c",
			shown(argv[optind], strlen(argv[optind]), text));
	if (a->names && !a->replay)
		return complain(why, "--names is for a replay: give --replay FILE too");
	if (a->report && !a->replay)
		return complain(why,
				"--report is for a replay: give --replay FILE too; a "
				"running daemon answers mxallowctl report");
	return a->mode != ARGUMENTS_RUN || make_absolute(a, why);
}

/* What a start would read besides, lists and keys, and what libpcap is to understand. */
static bool rest_is_fine(const struct settings *s, struct complaint *why)
{
	struct conf_votes votes;
	struct lists *lists;
	bool fine = conf_compile_votes(s, &votes, why);

	sodium_memzero(&votes, sizeof(votes));
	if (!fine || !conf_compile_lists(s, &lists, why))
		return false;
	lists_free(lists);
	return source_check(s, why);
}

static bool take_flags(const struct arguments *a, struct settings *s,
		       struct complaint *why)
{
	for (unsigned i = 0; i < a->count; i++)
		if (!conf_set(s, a->flag[i].option->name, a->flag[i].value, why))
			return false;
	return true;
}

/* A replay opens no queue, and takes no votes: it need not be able to read their keys. */
static bool settings_are_fine(const struct arguments *a, const struct settings *s,
			      struct complaint *why)
{
	if (a->mode == ARGUMENTS_REPLAY)
		return conf_check_replay(s, why);
	return conf_check(s, why) &&
	       (a->mode == ARGUMENTS_RUN || rest_is_fine(s, why));
}

bool arguments_settings(const struct arguments *a, struct settings *s,
			struct complaint *why)
{
	conf_defaults(s);
	if (conf_load(s, a->config, a->config_said, why) && take_flags(a, s, why) &&
	    settings_are_fine(a, s, why))
		return true;
	conf_free(s);
	return false;
}

static void help_option(const struct conf_option *o, FILE *out)
{
	char flag[64], range[RANGE_MAX];

	if (o->is_optional)
		snprintf(flag, sizeof(flag), "    --%s[=%s]", o->name, o->argument);
	else if (o->letter)
		snprintf(flag, sizeof(flag), "-%c, --%s%s%s", o->letter, o->name,
			 o->argument ? " " : "", o->argument ? o->argument : "");
	else
		snprintf(flag, sizeof(flag), "    --%s%s%s", o->name,
			 o->argument ? " " : "", o->argument ? o->argument : "");
	fprintf(out, "  %-31s %s\n", flag, o->help);
	if (o->kind == CONF_NUMBER || o->kind == CONF_SPAN || o->kind == CONF_WORD ||
	    o->kind == CONF_PATH)
		fprintf(out, "  %-31s %s\n", "",
			conf_option_range(o, range, sizeof(range)));
}

void arguments_help(FILE *out)
{
	fputs("usage: mxallowd [-bdFOqsT] [-c file] [-t time] [-f fake]... [-r real]...",
	      out);
	fputs(WITH_PF ? "\n                [-p pflog-interface] [-l pcap-filter]\n"
		      : " [-n queue-num]\n",
	      out);
	fputs("       mxallowd --replay file [--names file] [--report[=json]] [-bdqO] "
	      "[-c file] ...\n"
	      "       mxallowd -h | -V\n\n",
	      out);
	for (unsigned i = 0; i < CONF_OPTIONS; i++)
		if (conf_option_is_built(conf_option_at(i)))
			help_option(conf_option_at(i), out);
	fputs("\nThe long names are also the keys of " DEFAULT_CONFIG
	      "; a flag beats the file.\n"
	      "A time is a number with a unit, such as 90s, 10m, 4h or 36d; without one "
	      "it is\n"
	      "seconds. Queues, lists, votes, penalty and trust are sections of the "
	      "file.\n"
	      "See mxallowd(8) and mxallowd.conf(5).\n",
	      out);
}
