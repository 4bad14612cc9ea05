/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * args_int.h - the command line of mxallowctl
 *
 * Two tables, of commands and of options, say all there is; the usage text and the
 * shells' completions are made from them. Prints nothing but the help.
 */
#ifndef CTL_ARGS_INT_H
#define CTL_ARGS_INT_H

#include <stdbool.h>
#include <stdio.h>

#include "wire/proto.h"

enum { ARGS_ERROR_MAX = 256 };

enum command_kind {
	CTL_STATUS,
	CTL_LIST,
	CTL_WHY,
	CTL_WHITE,
	CTL_BLACK,
	CTL_FORGET,
	CTL_FLUSH,
	CTL_WATCH,
	CTL_STATS,
	CTL_REPORT,
	CTL_RELOAD,
	CTL_CHECK,
	CTL_RULES,
	CTL_EXPORT,
	CTL_IMPORT,
};

/* Options a command takes besides those that all take. */
enum {
	TAKES_JSON = 1,
	TAKES_PROMETHEUS = 2,
	TAKES_FOR = 4,
	TAKES_FORM = 8, /* --iptables, --nft */
};

struct command {
	enum command_kind kind;
	const char *name;
	const char *words; /* it takes, as the usage text shows them */
	const char *help;
	unsigned takes;
	unsigned least; /* words */
	unsigned most;
};

enum output {
	OUTPUT_PLAIN,
	OUTPUT_JSON,
	OUTPUT_PROMETHEUS,
};

struct args {
	const struct command *command; /* NULL: help or version was asked for */
	bool help;
	const char *socket;
	enum output output;
	const char *span; /* --for; NULL = not said */
	const char *form; /* of rules: "iptables", "nft", NULL = not said */
	char **words;	  /* borrowed from argv */
	unsigned count;
};

/* False: `error` (ARGS_ERROR_MAX bytes) says what is wrong. */
bool args_parse(struct args *a, int argc, char **argv, char *error);

/* The line for the daemon, without newline. False: `error`. Not for CTL_CHECK. */
bool args_line(const struct args *a, char out[PROTO_LINE_MAX], char *error);

void args_help(FILE *out);

#endif
