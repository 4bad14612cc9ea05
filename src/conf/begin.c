/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * begin.c - a section begins: which one it is, and whether it may
 */
#include "conf/conf_int.h"

#include <stdlib.h>
#include <string.h>

struct beginning {
	struct settings *settings;
	enum conf_section section;
	const struct saying *title;
	struct complaint *why;
};

static bool complain_many(const struct beginning *b, unsigned most)
{
	return complain_at(b->why, b->title->file, b->title->origin.line,
			   "one %s too many: there may be %u%s",
			   conf_section_name(b->section), most,
			   b->section == SECTION_QUEUE ? " besides default" : "");
}

static bool complain_again(const struct beginning *b, unsigned before)
{
	if (b->title->value[0])
		return complain_at(b->why, b->title->file, b->title->origin.line,
				   "%s \"%s\" is already in line %u: keep one of them",
				   conf_section_name(b->section), b->title->value,
				   before);
	return complain_at(b->why, b->title->file, b->title->origin.line,
			   "%s is already in line %u: keep one of them",
			   conf_section_name(b->section), before);
}

/* canon_text() lets only names through, which fit. */
static void *put_head(const struct beginning *b, struct setting_section *head)
{
	head->line = b->title->origin.line;
	memcpy(head->name, b->title->value, strlen(b->title->value) + 1);
	return head;
}

static void *begin_queue(const struct beginning *b)
{
	struct settings *s = b->settings;
	struct setting_queue *q;
	int known;

	known = settings_queue(s, b->title->value);
	if (known >= 0 && s->queue[known].head.line) {
		(void)complain_again(b, s->queue[known].head.line);
		return NULL;
	}
	if (known < 0 && s->queues == POLICY_QUEUES_MAX) {
		(void)complain_many(b, POLICY_QUEUES_MAX - 1);
		return NULL;
	}
	q = &s->queue[known < 0 ? (int)s->queues++ : known];
	section_fill(SECTION_QUEUE, q);
	return put_head(b, &q->head);
}

/* The lists and votes, made at the first of them. */
static struct setting_many *many(const struct beginning *b)
{
	if (!b->settings->many)
		b->settings->many = calloc(1, sizeof(*b->settings->many));
	if (!b->settings->many)
		(void)complain_at(b->why, b->title->file, 0, "out of memory");
	return b->settings->many;
}

static void *begin_list(const struct beginning *b)
{
	struct setting_many *m = many(b);
	struct setting_list *grown;

	if (!m)
		return NULL;
	for (unsigned i = 0; i < m->lists; i++) {
		if (strcmp(m->list[i].head.name, b->title->value) == 0) {
			(void)complain_again(b, m->list[i].head.line);
			return NULL;
		}
	}
	if (m->lists == LISTS_MAX) {
		(void)complain_many(b, LISTS_MAX);
		return NULL;
	}
	grown = realloc(m->list, (m->lists + 1) * sizeof(*grown));
	if (!grown) {
		(void)complain_at(b->why, b->title->file, 0, "out of memory");
		return NULL;
	}
	m->list = grown;
	grown += m->lists++;
	memset(grown, 0, sizeof(*grown));
	section_fill(SECTION_LIST, grown);
	return put_head(b, &grown->head);
}

static void *begin_vote(const struct beginning *b)
{
	struct setting_many *m = many(b);
	struct setting_vote *v;

	if (!m)
		return NULL;
	if (m->votes == CONF_VOTES_MAX) {
		(void)complain_many(b, CONF_VOTES_MAX);
		return NULL;
	}
	v = &m->vote[m->votes++];
	section_fill(SECTION_VOTE, v);
	return put_head(b, &v->head);
}

static void *begin_only(const struct beginning *b, struct setting_section *head)
{
	if (head->line) {
		(void)complain_again(b, head->line);
		return NULL;
	}
	return put_head(b, head);
}

void *section_begin(struct settings *s, enum conf_section section,
		    const struct saying *title, struct complaint *why)
{
	struct beginning b = { s, section, title, why };

	switch (section) {
	case SECTION_QUEUE:
		return begin_queue(&b);
	case SECTION_LIST:
		return begin_list(&b);
	case SECTION_VOTE:
		return begin_vote(&b);
	case SECTION_PENALTY:
		return begin_only(&b, &s->penalty.head);
	case SECTION_TRUST:
		return begin_only(&b, &s->trust.head);
	case SECTION_NONE:
		break;
	}
	return NULL;
}
