/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands_report.c - whom the rule turned away, and who of them was no bot
 */
#include "daemon/commands_int.h"

#include <stdlib.h>

#include "daemon/clock_int.h"
#include "daemon/findings_int.h"

bool report_begin(struct app *app, struct control_client *c, struct job *j)
{
	const struct gate_batch nothing = { .count = 0 };

	/* Should observing have begun or ended, and nobody come since. */
	tally_note_batch(app->tally, &nothing, gate_policy(app->gate), mono_now());
	j->findings = calloc(1, sizeof(*j->findings));
	if (!j->findings) {
		control_row(c, "error: no memory");
		return false;
	}
	j->findings->tally = app->tally;
	j->findings->gate = app->gate;
	return true;
}

bool report_more(struct control_client *c, struct job *j)
{
	struct findings *f = j->findings;
	struct row row;

	if (!f->is_whole) {
		(void)findings_look(f);
		f->now = mono_now();
		f->wall_ms = wall_now_ms();
		return true;
	}
	while (!control_is_full(c)) {
		if (!findings_row(f, &row))
			return false;
		control_row(c, "%s", row.text);
	}
	return true;
}
