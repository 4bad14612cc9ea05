/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * args.c - commands and options as tables, read by getopt
 *
 * Options may stand behind the command too. Addresses, spans and words of a set are
 * checked here, so that a slip of the finger is told without a daemon as well.
 */
#include "ctl/args_int.h"

#include <getopt.h>
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "base/tick.h"

#define DEFAULT_SOCKET RUN_DIR "/control"

enum { WORDS_MANY = 1000, SHOWN_MAX = 80 };

static const struct command commands[] = {
	{ CTL_STATUS, "status", "", "what runs, and how it is doing", TAKES_JSON, 0, 0 },
	{ CTL_LIST, "list", "[open|pausing|penalty|all]", "what is known of every source",
	  TAKES_JSON, 0, 1 },
	{ CTL_WHY, "why", "ADDRESS", "what the address would meet now, and why",
	  TAKES_JSON, 1, 1 },
	{ CTL_WHITE, "white", "ADDRESS [TEXT]", "trust the address", TAKES_FOR, 1,
	  WORDS_MANY },
	{ CTL_BLACK, "black", "ADDRESS [TEXT]", "a strike for the address", TAKES_FOR, 1,
	  WORDS_MANY },
	{ CTL_FORGET, "forget", "ADDRESS", "forget all that is known of the address", 0,
	  1, 1 },
	{ CTL_FLUSH, "flush", "penalties|all",
	  "forget penalties and strikes, or everything", 0, 1, 1 },
	{ CTL_WATCH, "watch", "", "show events as they happen", TAKES_JSON, 0, 0 },
	{ CTL_STATS, "stats", "", "print all counters", TAKES_JSON | TAKES_PROMETHEUS, 0,
	  0 },
	{ CTL_REPORT, "report", "", "whom the rule turned away, and who was no bot",
	  TAKES_JSON, 0, 0 },
	{ CTL_RELOAD, "reload", "", "have the daemon read its configuration again", 0, 0,
	  0 },
	{ CTL_CHECK, "check", "[FILE]", "check a configuration file", 0, 0, 1 },
	{ CTL_RULES, "rules", "", "print firewall rules that fit the configuration",
	  TAKES_FORM, 0, 0 },
	{ CTL_EXPORT, "export", "", "write what is known to standard output", 0, 0, 0 },
	{ CTL_IMPORT, "import", "", "read an export from standard input", 0, 0, 0 },
};

static const struct {
	struct option as_getopt;
	unsigned takes; /* bit of the commands that take it; 0 = all */
	const char *argument;
	const char *help;
} options[] = {
	{ { "json", no_argument, NULL, 'j' }, TAKES_JSON, "", "print JSON" },
	{ { "prometheus", no_argument, NULL, 'p' },
	  TAKES_PROMETHEUS,
	  "",
	  "print the Prometheus text format" },
	{ { "for", required_argument, NULL, 'f' },
	  TAKES_FOR,
	  " TIME",
	  "at once, for this long: 90s, 10m, 12h, 36d" },
	{ { "iptables", no_argument, NULL, 'i' },
	  TAKES_FORM,
	  "",
	  "for iptables (default)" },
	{ { "nft", no_argument, NULL, 'n' }, TAKES_FORM, "", "for nft" },
	{ { "socket", required_argument, NULL, 's' },
	  0,
	  " PATH",
	  "the daemon's socket instead of " DEFAULT_SOCKET },
	{ { "help", no_argument, NULL, 'h' }, 0, "", "print this and end" },
	{ { "version", no_argument, NULL, 'V' }, 0, "", "print the version and end" },
};

enum {
	COMMANDS = sizeof(commands) / sizeof(commands[0]),
	OPTIONS = sizeof(options) / sizeof(options[0]),
};

__attribute__((format(printf, 2, 3))) static bool complain(char *error, const char *fmt,
							   ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(error, ARGS_ERROR_MAX, fmt, ap);
	va_end(ap);
	return false;
}

static const char *shown(const char *text, char *out)
{
	return text_escape(out, SHOWN_MAX, text, strlen(text));
}

static bool take_option(struct args *a, int code)
{
	switch (code) {
	case 'j':
		a->output = OUTPUT_JSON;
		return true;
	case 'p':
		a->output = OUTPUT_PROMETHEUS;
		return true;
	case 'f':
		a->span = optarg;
		return true;
	case 'i':
		a->form = "iptables";
		return true;
	case 'n':
		a->form = "nft";
		return true;
	case 's':
		a->socket = optarg;
		return true;
	case 'h':
		a->help = true;
		return true;
	case 'V':
		return true;
	default:
		return false;
	}
}

/* The bits of `takes` that the options said so far need. */
static unsigned needed(const struct args *a)
{
	return (a->output == OUTPUT_JSON ? TAKES_JSON : 0) |
	       (a->output == OUTPUT_PROMETHEUS ? TAKES_PROMETHEUS : 0) |
	       (a->span ? TAKES_FOR : 0) | (a->form ? TAKES_FORM : 0);
}

static bool find_command(struct args *a, const char *name, char *error)
{
	char text[SHOWN_MAX];
	unsigned extra;

	for (unsigned i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			a->command = &commands[i];
	if (!a->command)
		return complain(
			error,
			"there is no command \"%s\"; \"mxallowctl --help\" lists all",
			shown(name, text));
	extra = needed(a) & ~a->command->takes;
	for (unsigned i = 0; i < OPTIONS; i++)
		if (options[i].takes & extra)
			return complain(error, "%s takes no --%s", a->command->name,
					options[i].as_getopt.name);
	return true;
}

static bool is_one_of(const char *word, const char *set)
{
	size_t len = strlen(word);

	for (const char *at = set; *at; at += strcspn(at, "|"), at += *at == '|')
		if (strcspn(at, "|") == len && memcmp(at, word, len) == 0)
			return true;
	return false;
}

static bool check_first_word(const struct args *a, char *error)
{
	const char *word = a->count > 0 ? a->words[0] : NULL;
	char text[SHOWN_MAX];
	struct addr addr;

	if (!word || a->command->kind == CTL_CHECK)
		return true;
	if (a->command->kind == CTL_LIST && !is_one_of(word, "open|pausing|penalty|all"))
		return complain(error,
				"list shows open, pausing, penalty or all, not \"%s\"",
				shown(word, text));
	if (a->command->kind == CTL_FLUSH && !is_one_of(word, "penalties|all"))
		return complain(error, "flush takes penalties or all, not \"%s\"",
				shown(word, text));
	if (a->command->kind != CTL_LIST && a->command->kind != CTL_FLUSH &&
	    !addr_parse(word, &addr))
		return complain(error, "\"%s\" is no IPv4 or IPv6 address",
				shown(word, text));
	return true;
}

static bool check_words(const struct args *a, char *error)
{
	const struct command *c = a->command;
	char text[SHOWN_MAX];
	int64_t us;

	if (a->count < c->least)
		return complain(error, "%s needs more: %s %s", c->name, c->name,
				c->words);
	if (a->count > c->most)
		return complain(error, "\"%s\" is too much: %s%s%s",
				shown(a->words[c->most], text), c->name,
				c->words[0] ? " " : "", c->words);
	if (a->span && (!span_parse(a->span, &us) || us < 1000000))
		return complain(error,
				"--for: \"%s\" is no time such as 90s, 10m, 12h or 36d",
				shown(a->span, text));
	return check_first_word(a, error);
}

/* What getopt_long() did not know, or knew too well. */
static bool complain_option(char **argv, int code, char *error)
{
	const char *word = argv[optind - 1];
	char text[SHOWN_MAX];

	text_escape(text, sizeof(text), word, strcspn(word, "="));
	if (code == ':')
		return complain(error, "%s needs a value", text);
	if (optopt >= 'a' && word[1] == '-')
		return complain(error, "%s takes no value", text);
	return complain(error, "unknown option \"%s\"; \"mxallowctl --help\" lists all",
			text);
}

bool args_parse(struct args *a, int argc, char **argv, char *error)
{
	struct option longs[OPTIONS + 1] = { { 0 } };
	int code;

	*a = (struct args){ .socket = DEFAULT_SOCKET };
	for (unsigned i = 0; i < OPTIONS; i++)
		longs[i] = options[i].as_getopt;
	optind = 0; /* glibc: forget an earlier command line */
	opterr = 0;
	while ((code = getopt_long(argc, argv, ":hV", longs, NULL)) != -1) {
		if (!take_option(a, code))
			return complain_option(argv, code, error);
		if (code == 'h' || code == 'V')
			return true;
	}
	if (optind >= argc)
		return complain(error,
				"no command given; \"mxallowctl --help\" lists all");
	a->words = argv + optind + 1;
	a->count = (unsigned)(argc - optind - 1);
	return find_command(a, argv[optind], error) && check_words(a, error);
}

struct line {
	char *out;
	size_t used;
};

static bool add_word(struct line *l, const char *word, char *error)
{
	size_t len = strlen(word);

	for (size_t i = 0; i < len; i++)
		if ((unsigned char)word[i] < ' ' || word[i] == 0x7f)
			return complain(error, "control characters cannot be sent");
	/* A blank before it, and behind it a newline and our NUL. */
	if (l->used + len + 3 > PROTO_LINE_MAX)
		return complain(error, "that is more than the %d bytes a line may have",
				PROTO_LINE_MAX);
	if (l->used > 0)
		l->out[l->used++] = ' ';
	memcpy(l->out + l->used, word, len + 1);
	l->used += len;
	return true;
}

bool args_line(const struct args *a, char out[PROTO_LINE_MAX], char *error)
{
	struct line l = { out, 0 };

	if (!add_word(&l, a->command->name, error))
		return false;
	for (unsigned i = 0; i < a->count; i++) {
		if (!add_word(&l, a->words[i], error))
			return false;
		if (i == 0 && a->span &&
		    (!add_word(&l, "for", error) || !add_word(&l, a->span, error)))
			return false;
	}
	return !a->form || add_word(&l, a->form, error);
}

static void help_usage(const struct command *c, FILE *out)
{
	fprintf(out, "  %s%s%s", c->name, c->words[0] ? " " : "", c->words);
	for (unsigned i = 0; i < OPTIONS; i++)
		if (options[i].takes & c->takes)
			fprintf(out, " [--%s%s]", options[i].as_getopt.name,
				options[i].argument);
	fprintf(out, "\n      %s\n", c->help);
}

void args_help(FILE *out)
{
	fputs("usage: mxallowctl [--socket PATH] COMMAND\n"
	      "       mxallowctl -h | -V\n\ncommands:\n",
	      out);
	for (unsigned i = 0; i < COMMANDS; i++)
		help_usage(&commands[i], out);
	fputs("\noptions:\n", out);
	for (unsigned i = 0; i < OPTIONS; i++) {
		char flag[40];

		snprintf(flag, sizeof(flag), "%s--%s%s",
			 options[i].as_getopt.val == 'h'   ? "-h, "
			 : options[i].as_getopt.val == 'V' ? "-V, "
							   : "    ",
			 options[i].as_getopt.name, options[i].argument);
		fprintf(out, "  %-22s %s\n", flag, options[i].help);
	}
	fputs("\nExit status: 0 fine; 1 no, or would be denied; 64 wrong usage; 69 no "
	      "daemon.\n"
	      "See mxallowctl(8).\n",
	      out);
}
