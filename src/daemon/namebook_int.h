/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * namebook_int.h - reverse names from a file, in place of the resolver in a replay
 *
 * One "ADDRESS NAME" a line, # begins a comment. An address may have several names; the
 * siblings of an address are the others with the same name. Only read once it is made.
 */
#ifndef DAEMON_NAMEBOOK_INT_H
#define DAEMON_NAMEBOOK_INT_H

#include <stdbool.h>
#include <stdio.h>

#include "conf/conf.h"
#include "core/gate.h"

struct namebook;

/* `path` may be NULL: then nobody has a name. False: *why. */
bool namebook_read(struct namebook **out, const char *path, struct complaint *why);

/* The same from an open stream, which stays the caller's; `path` is for messages. */
bool namebook_read_stream(struct namebook **out, FILE *f, const char *path,
			  struct complaint *why);
void namebook_free(struct namebook *b);

/*
 * What DNS would say of `who`: answer number `nth`, from 0 on, the last one final. There
 * is always one, without a name for an address without. *h points into the book and to
 * `siblings`. False when there is no such answer.
 */
bool namebook_hear(const struct namebook *b, const struct addr *who, unsigned nth,
		   struct heard *h, struct addr siblings[POLICY_SIBLINGS_MAX]);

#endif
