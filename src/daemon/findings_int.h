/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * findings_int.h - the tally's report as rows, for the control socket and for a replay
 *
 * The walk over the tally comes in pieces, as packets may wait; then the rows come one by
 * one. mxallowctl(8) explains them.
 */
#ifndef DAEMON_FINDINGS_INT_H
#define DAEMON_FINDINGS_INT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/tally.h"
#include "daemon/commands_int.h"
#include "daemon/namebook_int.h"

enum findings_part {
	FINDINGS_HEAD,
	FINDINGS_TURNED_AWAY,
	FINDINGS_GOOD,
	FINDINGS_DELAY,
	FINDINGS_NETWORKS,
	FINDINGS_HURT,
	FINDINGS_STUCK,
	FINDINGS_END,
};

struct findings {
	const struct tally *tally; /* borrowed, as the gate, which knows names */
	const struct gate *gate;
	const struct namebook *names; /* borrowed; NULL = there is none */
	bool is_whole;		      /* the walk is over */
	struct mono now;	 /* with the next one: makes dates of points in time */
	int64_t wall_ms;	 /* since 1970 */
	enum findings_part part; /* of the next row, */
	unsigned at;		 /* and which of that part */
	struct tally_report report;
};

/* Walks on by a piece; true while there is more. Then `now` and `wall_ms` are to be set,
 * before the first row. */
bool findings_look(struct findings *f);

/* Writes the next row; false when there is none. */
bool findings_row(struct findings *f, struct row *out);

/* All rows, as text or as a JSON array like that of mxallowctl. */
void findings_print(struct findings *f, FILE *out);
void findings_print_json(struct findings *f, FILE *out);

/* What a name that was just heard changes for those who wait: *fx is what the gate made
 * of it. Where packets come no second time, as a SYN that was let in, or out of a
 * capture. */
void findings_hear(struct tally *t, const struct gate *g, const struct addr *who,
		   const struct effects *fx, struct mono now);

#endif
