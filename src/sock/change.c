/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * change.c - from the boxes there are to the boxes there should be: all of it or nothing
 *
 * What stays goes on; what is new is opened, or its access changed, before anything is
 * closed, and each such step can be undone.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sock/ballot_int.h"

/* For each box that should be: the one that will be it, and what was done for it. */
struct step {
	struct box *box;
	struct box *aside; /* of another kind, moved out of its way */
	bool        is_new;
};

struct change {
	struct ballot            *b;
	const struct ballot_conf *conf;
	struct step               step[BALLOT_BOXES_MAX];
	unsigned                  steps;
};

static bool is_at(const struct box *box, const struct ballot_conf *conf)
{
	if (conf->kind == BALLOT_TCP)
		return box->conf.kind == BALLOT_TCP && box->conf.port == conf->port &&
		       addr_is_equal(&box->conf.addr, &conf->addr);
	return box->conf.kind != BALLOT_TCP && local_is_at(&box->file, conf->path);
}

static bool is_taken(const struct change *c, const struct box *box)
{
	for (unsigned i = 0; i < c->steps; i++)
		if (c->step[i].box == box)
			return true;
	return false;
}

static struct box *find_at(const struct change *c, const struct ballot_conf *conf)
{
	for (unsigned i = 0; i < c->b->boxes; i++)
		if (is_at(c->b->box[i], conf) && !is_taken(c, c->b->box[i]))
			return c->b->box[i];
	return NULL;
}

static bool has_other_access(const struct box *box, const struct ballot_conf *conf)
{
	struct local_access is = box_access(&box->conf), wanted = box_access(conf);

	return conf->kind != BALLOT_TCP &&
	       (is.mode != wanted.mode || is.group != wanted.group);
}

static int set_access(const struct box *box, const struct ballot_conf *conf)
{
	struct local_access access = box_access(conf);

	return local_adapt(&box->file, &access);
}

/* The step's box is not yet what it is going to be called: its old settings stay with it
 * until nothing can fail any more. */
static int take_step(struct change *c, const struct ballot_conf *conf)
{
	struct step *s = &c->step[c->steps];
	struct box *there = find_at(c, conf);
	int err = 0;

	*s = (struct step){ .box = there };
	if (there && there->conf.kind == conf->kind) {
		if (has_other_access(there, conf))
			err = set_access(there, conf);
		return err;
	}
	if (there) {
		err = local_move_aside(&there->file);
		s->aside = there;
		s->box = NULL;
	}
	if (err == 0) {
		err = box_open(&s->box, c->b, conf);
		s->is_new = err == 0;
	}
	return err;
}

static void undo_step(struct change *c, unsigned i)
{
	struct step *s = &c->step[i];

	if (s->is_new)
		box_close(s->box);
	else if (s->box && has_other_access(s->box, &c->conf[i]))
		(void)set_access(s->box, &s->box->conf);
	if (s->aside)
		local_move_back(&s->aside->file);
}

static void settle(struct change *c)
{
	struct ballot *b = c->b;

	for (unsigned i = 0; i < b->boxes; i++)
		if (!is_taken(c, b->box[i]))
			box_close(b->box[i]);
	b->boxes = c->steps;
	for (unsigned i = 0; i < c->steps; i++) {
		b->box[i] = c->step[i].box;
		b->box[i]->conf = c->conf[i]; /* a key counts from the next line on */
		local_rename(&b->box[i]->file, c->conf[i].path);
	}
}

int ballot_change(struct ballot *b, const struct ballot_conf *conf, unsigned count,
		  unsigned *which)
{
	struct change c = { .b = b, .conf = conf };
	int err = 0;

	*which = 0;
	if (count > BALLOT_BOXES_MAX)
		return -EINVAL;
	while (err == 0 && c.steps < count) {
		*which = c.steps;
		err = take_step(&c, &conf[c.steps]);
		c.steps++;
	}
	if (err == 0) {
		settle(&c);
		return 0;
	}
	while (c.steps-- > 0)
		undo_step(&c, c.steps);
	return err;
}
