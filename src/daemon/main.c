/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - from arguments to exit status
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include <sodium.h>

#include "daemon/app_int.h"
#include "daemon/notify_int.h"
#include "daemon/replay_int.h"

static int complain(const struct complaint *why)
{
	if (why->kind == COMPLAINT_FILE) {
		fprintf(stderr, "%s\n", why->text);
		return EX_CONFIG;
	}
	fprintf(stderr, "mxallowd: %s\n", why->text);
	return EX_USAGE;
}

static int run(struct app *app, struct plan *plan)
{
	struct log_conf lc = app_log_conf(&plan->settings);
	int status;

	app->detached.ready = app->detached.pid_file = -1;
	app->log = log_new("mxallowd");
	if (!app->log || sodium_init() < 0) {
		fprintf(stderr, "mxallowd: no memory, or no source of random numbers\n");
		return EX_OSERR;
	}
	log_set(app->log, &lc);
	if (!plan->settings.foreground && !notify_is_wanted()) {
		int err = detach_begin(&app->detached);

		if (err < 0) {
			log_bad(app->log, "cannot go to the background: %s",
				strerror(-err));
			return EX_OSERR;
		}
	}
	status = app_start(app, plan);
	if (status == 0) {
		loop_run(app);
		status = app->status;
	}
	if (!app_stop(app))
		_exit(status);
	return status;
}

/* Whoever starts us may have closed them; then our own sockets would get their numbers,
 * to be written to as standard output and to be closed when we detach. */
static bool hold_standard(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
			return false;
	return true;
}

static int obey(struct app *app, struct plan *plan)
{
	struct complaint why;
	int status = 0;

	if (app->args.mode == ARGUMENTS_HELP) {
		arguments_help(stdout);
	} else if (app->args.mode == ARGUMENTS_VERSION) {
		printf("mxallowd %s\n", PACKAGE_VERSION);
	} else if (!plan_read(plan, &app->args, NULL, &why)) {
		status = complain(&why);
	} else {
		if (app->args.mode == ARGUMENTS_PRINT_CONFIG)
			conf_print(&plan->settings, stdout);
		else if (app->args.mode == ARGUMENTS_REPLAY)
			status = replay(&app->args, plan);
		else if (app->args.mode == ARGUMENTS_RUN)
			status = run(app, plan);
		plan_free(plan);
	}
	return status;
}

int main(int argc, char **argv)
{
	struct app *app = calloc(1, sizeof(*app));
	struct plan *plan = calloc(1, sizeof(*plan));
	struct complaint why;
	int status;

	if (!hold_standard() || !app || !plan) {
		fprintf(stderr, "mxallowd: no memory, or no /dev/null\n");
		status = EX_OSERR;
	} else if (!arguments_parse(&app->args, argc, argv, &why)) {
		status = complain(&why);
	} else {
		status = obey(app, plan);
	}
	free(plan);
	free(app);
	return status;
}
