/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * admit_null.c - no table: says what would be done to one
 */
#include "admit/admit.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#include "admit/hand_int.h"
#include "log/log.h"

enum { SAID_MAX = 32 }; /* networks told of one run */

struct null_hand {
	struct log *log; /* borrowed */
	bool        is_running;
};

static int null_fd(const void *hand)
{
	(void)hand;
	return -1;
}

static bool null_wants_write(const void *hand)
{
	(void)hand;
	return false;
}

static void null_start(void *hand, const struct run *r, struct mono now)
{
	struct null_hand *h = hand;
	char text[NET_TEXT_MAX];

	(void)now;
	h->is_running = true;
	log_note(h->log, "table would=%s networks=%u", run_name(r->kind), r->count);
	for (uint32_t i = 0; i < r->count && i < SAID_MAX; i++)
		log_note(h->log, "table would=%s src=%s", run_name(r->kind),
			 net_format(&r->nets[i], text));
}

static enum hand_state null_turn(void *hand, struct mono now, char *why)
{
	struct null_hand *h = hand;
	bool was_running = h->is_running;

	(void)now;
	(void)why;
	h->is_running = false;
	return was_running ? HAND_DONE : HAND_BUSY;
}

static struct mono null_overdue(const void *hand)
{
	(void)hand;
	return (struct mono){ 0 }; /* at once: there is nothing to wait for */
}

static void null_close(void *hand)
{
	free(hand);
}

int admit_open_null(struct admit **out, const struct admit_conf *c, struct log *l)
{
	static const struct hand_ops ops = { null_fd,   null_wants_write, null_start,
					     null_turn, null_overdue,	  null_close };
	struct null_hand *h = calloc(1, sizeof(*h));

	if (!h)
		return -ENOMEM;
	h->log = l;
	if (admit_around(out, c, &ops, h) == 0)
		return 0;
	free(h);
	return -ENOMEM;
}
