/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_sections.c - what must fit together within sections and between them
 */
#include "conf/conf_int.h"

#include <string.h>

/* The line of a key, or that of the section when the key was not said. */
static unsigned line_of(const struct setting_section *head, enum conf_section section,
			const char *key)
{
	unsigned line = head->said[key_row(conf_key_find(section, key))];

	return line ? line : head->line;
}

static bool is_said(const struct setting_section *head, enum conf_section section,
		    const char *key)
{
	return head->said[key_row(conf_key_find(section, key))] != 0;
}

/* Where to look, and where to complain. */
struct looking {
	const struct settings *settings;
	struct complaint *why;
};

static bool complain_list(const struct looking *at, const struct setting_list *l,
			  const char *key, const char *message)
{
	return complain_at(at->why, at->settings->file,
			   key ? line_of(&l->head, SECTION_LIST, key) : l->head.line,
			   "list \"%s\" %s", l->head.name, message);
}

static bool list_fits(const struct looking *at, const struct setting_list *l)
{
	bool is_queue = is_said(&l->head, SECTION_LIST, "queue");

	if (l->action == CONF_UNSET)
		return complain_list(at, l, NULL,
				     "has no action: add action = allow, deny or queue");
	if (l->action == LIST_QUEUE && !is_queue)
		return complain_list(at, l, "action",
				     "has action = queue, but names none: add queue = "
				     "\"NAME\"");
	if (l->action != LIST_QUEUE && is_queue)
		return complain_list(at, l, "queue",
				     "names a queue, which only action = queue uses");
	if (l->action != LIST_DENY && is_said(&l->head, SECTION_LIST, "deny"))
		return complain_list(at, l, "deny",
				     "says deny, which only action = deny uses");
	if (!l->file[0] && l->entries.count == 0)
		return complain_list(at, l, NULL, "has no entries: add file or entries");
	if (is_queue && settings_queue(at->settings, l->queue) < 0)
		return complain_at(
			at->why, at->settings->file,
			line_of(&l->head, SECTION_LIST, "queue"),
			"list \"%s\" names queue \"%s\", which does not exist: "
			"add queue \"%s\" { ... }",
			l->head.name, l->queue, l->queue);
	return true;
}

static bool complain_vote(const struct looking *at, const struct setting_vote *v,
			  const char *key, const char *message)
{
	return complain_at(at->why, at->settings->file,
			   line_of(&v->head, SECTION_VOTE, key), "%s", message);
}

static bool tcp_fits(const struct looking *at, const struct setting_vote *v)
{
	if (!v->key_file[0])
		return complain_vote(
			at, v, "listen",
			"without a key no TCP socket is opened: add key-file "
			"= \"/etc/mxallowd/vote.key\"");
	if (is_said(&v->head, SECTION_VOTE, "group"))
		return complain_vote(at, v, "group",
				     "group is for unix and fifo: a TCP voter has the "
				     "key");
	if (is_said(&v->head, SECTION_VOTE, "mode"))
		return complain_vote(at, v, "mode",
				     "mode is for unix and fifo: a TCP voter has the "
				     "key");
	return true;
}

static bool is_control(const struct settings *s, const char *path)
{
	size_t len = strlen(s->run_dir);

	return strncmp(path, s->run_dir, len) == 0 && strcmp(path + len, "/control") == 0;
}

static bool vote_fits(const struct looking *at, const struct setting_vote *v)
{
	switch (v->listen.kind) {
	case ENDPOINT_NONE:
		return complain_vote(at, v, "listen",
				     "vote has no endpoint: add listen = \"unix:PATH\", "
				     "\"fifo:PATH\" or \"tcp:ADDRESS:PORT\"");
	case ENDPOINT_TCP:
		return tcp_fits(at, v);
	case ENDPOINT_UNIX:
	case ENDPOINT_FIFO:
		break;
	}
	if (v->key_file[0])
		return complain_vote(
			at, v, "key-file",
			"key-file is for tcp: here group and mode decide who "
			"may vote");
	if (is_control(at->settings, v->listen.path))
		return complain_vote(at, v, "listen",
				     "this is the socket of mxallowctl: votes need "
				     "another path");
	return true;
}

/* A socket and a FIFO cannot share a path either. */
static bool is_same_place(const struct setting_listen *a, const struct setting_listen *b)
{
	if ((a->kind == ENDPOINT_TCP) != (b->kind == ENDPOINT_TCP))
		return false;
	if (a->kind == ENDPOINT_TCP)
		return a->port == b->port && addr_is_equal(&a->addr, &b->addr);
	return strcmp(a->path, b->path) == 0;
}

static bool is_alone(const struct looking *at, const struct setting_many *m, unsigned i)
{
	const struct setting_vote *v = &m->vote[i];

	for (unsigned b = 0; b < i; b++)
		if (is_same_place(&v->listen, &m->vote[b].listen))
			return complain_at(
				at->why, at->settings->file,
				line_of(&v->head, SECTION_VOTE, "listen"),
				"votes already come in there, see line %u: keep "
				"one of them",
				line_of(&m->vote[b].head, SECTION_VOTE, "listen"));
	return true;
}

/* Where no penalty grows, the usual time-max is no statement. */
static bool penalty_fits(const struct settings *s, struct complaint *why)
{
	const struct setting_penalty *p = &s->penalty;
	const struct conf_option *most = conf_key_find(SECTION_PENALTY, "time-max");
	bool is_usual = p->time_max_us == most->fallback;

	if (p->time_max_us >= p->time_us || (p->escalate == 1 && is_usual))
		return true;
	if (is_said(&p->head, SECTION_PENALTY, "time-max"))
		return complain_at(why, s->file,
				   line_of(&p->head, SECTION_PENALTY, "time-max"),
				   "time-max is shorter than time: it limits how long a "
				   "penalty can grow");
	return complain_at(why, s->file, line_of(&p->head, SECTION_PENALTY, "time"),
			   "time is longer than time-max, which is 30d unless you say "
			   "otherwise: add time-max");
}

bool sections_check(const struct settings *s, struct complaint *why)
{
	const struct looking at = { s, why };
	const struct setting_many *m = s->many;

	for (unsigned i = 0; m && i < m->lists; i++)
		if (!list_fits(&at, &m->list[i]))
			return false;
	for (unsigned i = 0; m && i < m->votes; i++)
		if (!vote_fits(&at, &m->vote[i]) || !is_alone(&at, m, i))
			return false;
	return penalty_fits(s, why);
}
