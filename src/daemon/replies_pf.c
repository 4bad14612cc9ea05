/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replies_pf.c - none: pf refuses by itself, and holds and challenges nobody
 *
 * The configuration is checked for what it cannot do (conf/check.c).
 */
#include "daemon/replies_int.h"

int replies_open(struct app *app, struct plan *plan)
{
	(void)app;
	(void)plan;
	return 0;
}

void replies_close(struct app *app)
{
	(void)app;
}

bool replies_may_change(const struct app *app, const struct plan *plan)
{
	(void)app;
	(void)plan;
	return true;
}

void replies_change(struct app *app, const struct plan *plan)
{
	(void)app;
	(void)plan;
}

void replies_find(struct app *app, unsigned count, struct mono now)
{
	(void)app;
	(void)count;
	(void)now;
}

void replies_send(struct app *app, unsigned count, struct mono now)
{
	(void)app;
	(void)count;
	(void)now;
}

void replies_watch(struct app *app)
{
	(void)app;
}

void replies_row(const struct app *app, struct control_client *c)
{
	(void)app;
	(void)c;
}

unsigned replies_counters(const struct app *app, struct counter *out)
{
	(void)app;
	(void)out;
	return 0;
}

uint64_t replies_challenges(const struct app *app)
{
	(void)app;
	return 0;
}
