/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * arguments.h - the command line, kept as it was said
 *
 * What was said is put over the configuration file each time that is read, at a reload
 * too, so that a flag always beats the file. Prints nothing but the help.
 */
#ifndef DAEMON_ARGUMENTS_H
#define DAEMON_ARGUMENTS_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

#include "conf/conf.h"
#include "conf/options.h"

enum arguments_mode {
	ARGUMENTS_RUN,
	ARGUMENTS_REPLAY,
	ARGUMENTS_CHECK,
	ARGUMENTS_PRINT_CONFIG,
	ARGUMENTS_HELP,
	ARGUMENTS_VERSION,
};

enum arguments_report {
	REPORT_NOT_WANTED,
	REPORT_AS_ROWS,
	REPORT_AS_JSON,
};

enum { ARGUMENTS_MAX = 256 }; /* flags in one command line */

struct arguments {
	enum arguments_mode mode;
	char config[PATH_MAX]; /* ARGUMENTS_RUN: absolute, so that chdir() is harmless */
	bool config_said;      /* then it must exist */
	const char *replay;    /* ARGUMENTS_REPLAY: the capture; borrowed from argv */
	const char *names;     /* its reverse names, NULL = none; borrowed */
	enum arguments_report report; /* what is printed of it besides */
	unsigned count;
	struct {
		const struct conf_option *option;
		const char *value; /* borrowed from argv */
	} flag[ARGUMENTS_MAX];
};

/* Takes the command line apart; values are not looked at yet. -h and -V win over all that
 * follows them. `argv` must live as long as *a. False: *why. */
bool arguments_parse(struct arguments *a, int argc, char **argv, struct complaint *why);

/* Defaults, the file, the flags, and conf_check(); to check or print, the files that
 * lists and votes name are read too. Ended with conf_free(). False: *why, *s owns
 * nothing. */
bool arguments_settings(const struct arguments *a, struct settings *s,
			struct complaint *why);

void arguments_help(FILE *out);

#endif
