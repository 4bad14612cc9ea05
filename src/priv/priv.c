/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * priv.c - one step after the other
 */
#include "priv/priv.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "priv/priv_int.h"

int settle_failed(struct settling *s, const char *why)
{
	snprintf(s->out->why, sizeof(s->out->why), "%s", why);
	return -ENOTRECOVERABLE;
}

int priv_settle(const struct priv_plan *p, struct log *log, struct priv_outcome *out)
{
	struct settling s = { p, out, log };

	memset(out, 0, sizeof(*out));
	for (const struct priv_step *step = priv_steps; step->name; step++) {
		int err;

		if (p->level < step->level)
			continue;
		err = step->take(&s);
		if (err == 0) {
			log_talk(log, "privileges: %s", step->name);
			continue;
		}
		out->step = step->name;
		if (err == -EPERM && out->why[0] == '\0')
			out->lacks = step->lacks;
		return err;
	}
	return 0;
}
