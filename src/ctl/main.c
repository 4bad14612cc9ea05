/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - one command to the daemon, its answer to the screen, its meaning to the status
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "ctl/args_int.h"
#include "ctl/check_int.h"
#include "ctl/link_int.h"
#include "ctl/view_int.h"

enum { STATUS_NO = 1 };

static const struct view_ops *view_for(const struct args *a)
{
	if (a->output == OUTPUT_JSON)
		return a->command->kind == CTL_WATCH ? &view_json_lines : &view_json;
	if (a->output == OUTPUT_PROMETHEUS)
		return &view_prometheus;
	switch (a->command->kind) {
	case CTL_STATUS:
		return &view_status;
	case CTL_LIST:
		return &view_list;
	case CTL_WHY:
		return &view_why;
	case CTL_WATCH:
		return &view_watch;
	case CTL_STATS:
		return &view_stats;
	case CTL_REPORT:
		return &view_report;
	case CTL_RULES:
	case CTL_EXPORT:
		return &view_verbatim;
	case CTL_WHITE:
	case CTL_BLACK:
	case CTL_FORGET:
	case CTL_FLUSH:
	case CTL_RELOAD:
	case CTL_CHECK:
	case CTL_IMPORT:
		break;
	}
	return &view_outcome;
}

/* NO_COLOR: no-color.org, set to anything but nothing. */
static bool wants_colour(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return (!no_color || no_color[0] == '\0') && isatty(STDOUT_FILENO) && term &&
	       strcmp(term, "dumb") != 0;
}

static int complain(const char *prefix, const char *row, int status)
{
	fprintf(stderr, "mxallowctl: %s\n", row + strlen(prefix));
	return status;
}

static void show_row(struct view *v, const struct args *a, const char *row)
{
	v->rows++;
	v->ops->row(v, row);
	if (a->command->kind == CTL_WHY && row_is(row, "why"))
		v->is_denied = !row_says(row, "verdict", "accept");
	if (a->command->kind == CTL_IMPORT && row_is(row, "refused"))
		v->is_denied = true;
	if (a->command->kind == CTL_WATCH)
		fflush(v->out);
}

static int tell_broken(const struct link *l)
{
	if (l->is_silent)
		fprintf(stderr,
			"mxallowctl: the daemon does not answer: not a byte in %d "
			"seconds; it is stopped, or it hangs\n", LINK_PATIENCE_S);
	else
		fprintf(stderr,
			"mxallowctl: the daemon hung up before the end of its answer\n");
	return EX_UNAVAILABLE;
}

/* Rows up to `end`; the exit status. */
static int show_answer(struct link *l, struct view *v, const struct args *a)
{
	int status = EX_OK;
	const char *row;

	while ((row = link_read(l)) && strcmp(row, "end") != 0 && !ferror(v->out)) {
		if (strncmp(row, "no: ", 4) == 0)
			status = complain("no: ", row, STATUS_NO);
		else if (strncmp(row, "error: ", 7) == 0)
			status = complain("error: ", row, EX_USAGE);
		else
			show_row(v, a, row);
	}
	if (v->ops->end)
		v->ops->end(v);
	if (!row)
		return tell_broken(l);
	return status == EX_OK && v->is_denied ? STATUS_NO : status;
}

/* What cannot be sent as it is cannot be a line of an export either; the daemon, which
 * counts the lines, is to refuse it. */
static bool is_sendable(const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)line[i] < ' ')
			return false;
	return len < PROTO_LINE_MAX && strcmp(line, "end") != 0;
}

/* Standard input, line by line. Stops early when the daemon has had enough: its answer
 * tells why. */
static void send_lines(struct link *l)
{
	bool is_good = true;
	char *line = NULL;
	size_t size = 0;
	ssize_t len;

	while (is_good && (len = getline(&line, &size, stdin)) >= 0) {
		if (len > 0 && line[len - 1] == '\n')
			line[--len] = '\0';
		is_good = link_send(l,
				    is_sendable(line, (size_t)len) ? line : "unreadable");
	}
	if (is_good)
		(void)link_send(l, "end");
	free(line);
}

/* What to do about it, where that is known. */
static const char *advice(int err)
{
	switch (err) {
	case -ENOENT:
	case -ECONNREFUSED:
		return "; is mxallowd running?";
	case -EACCES:
		return "; only root may, and the group of mxallowd.conf";
	case -EAGAIN:
		return "; many wait there already: it is stopped, or it hangs";
	default:
		return "";
	}
}

static int talk(const struct args *a, const char *line, struct link *l, struct view *v)
{
	int err = link_open(l, a->socket), status;

	if (err < 0) {
		fprintf(stderr, "mxallowctl: cannot reach the daemon at %s: %s%s\n",
			a->socket, strerror(-err), advice(err));
		return EX_UNAVAILABLE;
	}
	*v = (struct view){ .ops = view_for(a),
			    .out = stdout,
			    .has_colour = wants_colour() };
	(void)link_send(l, line); /* if it hung up, the answer will not come either */
	if (a->command->kind == CTL_IMPORT)
		send_lines(l);
	status = show_answer(l, v, a);
	link_close(l);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "mxallowctl: cannot write: %s\n", strerror(errno));
	return EX_IOERR;
}

static int run(const struct args *a)
{
	char line[PROTO_LINE_MAX], error[ARGS_ERROR_MAX];
	struct link *l;
	struct view *v;
	int status;

	if (a->command->kind == CTL_CHECK)
		return check_run(a->count > 0 ? a->words[0] : NULL);
	if (!args_line(a, line, error)) {
		fprintf(stderr, "mxallowctl: %s\n", error);
		return EX_USAGE;
	}
	l = calloc(1, sizeof(*l));
	v = calloc(1, sizeof(*v));
	status = l && v ? talk(a, line, l, v) : EX_OSERR;
	free(l);
	free(v);
	return status;
}

int main(int argc, char **argv)
{
	char error[ARGS_ERROR_MAX];
	struct args a;

	if (!args_parse(&a, argc, argv, error)) {
		fprintf(stderr, "mxallowctl: %s\n", error);
		return EX_USAGE;
	}
	if (a.help)
		args_help(stdout);
	else if (!a.command)
		printf("mxallowctl %s\n", PACKAGE_VERSION);
	else
		return run(&a);
	return EX_OK;
}
