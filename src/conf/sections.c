/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sections.c - the table of the sections' keys, and where a section's values go
 */
#include "conf/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/conf_int.h"

#define IN(s, f) .offset = offsetof(struct s, f), .bytes = sizeof(((struct s *)NULL)->f)
#define QUEUE(f) .section = SECTION_QUEUE, IN(setting_queue, f)
#define LIST(f) .section = SECTION_LIST, IN(setting_list, f)
#define VOTE(f) .section = SECTION_VOTE, IN(setting_vote, f)
#define PENALTY(f) .section = SECTION_PENALTY, IN(setting_penalty, f)
#define TRUST(f) .section = SECTION_TRUST, IN(setting_trust, f)

static const char *const names[CONF_SECTIONS] = {
	[SECTION_NONE] = "",       [SECTION_QUEUE] = "queue",
	[SECTION_LIST] = "list",   [SECTION_VOTE] = "vote",
	[SECTION_PENALTY] = "penalty", [SECTION_TRUST] = "trust",
};

static const struct conf_word starts[] = {
	{ "knock", START_KNOCK },
	{ "attempt", START_ATTEMPT },
	{ "either", START_EITHER },
	{ NULL, 0 },
};

static const struct conf_word denials[] = {
	{ "drop", VERDICT_DROP },
	{ "reset", VERDICT_RESET },
	{ "tarpit", VERDICT_TARPIT },
	{ NULL, 0 },
};

static const struct conf_word list_actions[] = {
	{ "allow", LIST_ALLOW },
	{ "deny", LIST_DENY },
	{ "queue", LIST_QUEUE },
	{ NULL, 0 },
};

/* Rows of one section stand together; --print-config keeps their order. */
static const struct conf_option table[] = {
	{ .name = "start", .kind = CONF_WORD, QUEUE(start), .words = starts,
	  .fallback = START_KNOCK, .help = "what creates an entry" },
	{ .name = "pause", .kind = CONF_SPAN, QUEUE(pause_us), .max = 7 * DAY,
	  .help = "refused for this long after the start" },
	{ .name = "window", .kind = CONF_SPAN, QUEUE(window_us), .min = SECOND,
	  .max = 3650 * DAY, .fallback = CONF_UNSET, .unset = "whitelist-time",
	  .help = "let in for this long after the pause" },
	{ .name = "connections", .kind = CONF_NUMBER, QUEUE(connections), .max = 65535,
	  .help = "accepted in one window, 0 = unlimited" },
	{ .name = "refresh", .kind = CONF_SWITCH, QUEUE(refresh), .fallback = true,
	  .help = "use and knocks start the window anew" },
	{ .name = "deny", .kind = CONF_WORD, QUEUE(deny), .words = denials,
	  .fallback = VERDICT_DROP, .help = "what a refused attempt meets" },

	{ .name = "action", .kind = CONF_WORD, LIST(action), .words = list_actions,
	  .fallback = CONF_UNSET, .help = "what the list does for its sources" },
	{ .name = "queue", .kind = CONF_NAME, LIST(queue),
	  .help = "the queue they belong to, with action queue" },
	{ .name = "deny", .kind = CONF_WORD, LIST(deny), .words = denials,
	  .fallback = VERDICT_DROP, .help = "what they meet, with action deny" },
	{ .name = "file", .kind = CONF_PATH, LIST(file), .help = "one entry a line" },
	{ .name = "entries", .kind = CONF_ENTRIES, LIST(entries),
	  .help = "addresses, networks, host name patterns" },

	{ .name = "listen", .kind = CONF_LISTEN, VOTE(listen),
	  .help = "where votes come in" },
	{ .name = "group", .kind = CONF_GROUP, VOTE(group),
	  .help = "system group that owns the socket or FIFO" },
	{ .name = "mode", .kind = CONF_MODE, VOTE(mode), .max = 0777, .fallback = 0660,
	  .help = "its permissions" },
	{ .name = "key-file", .kind = CONF_PATH, VOTE(key_file),
	  .help = "the key of TCP voters" },

	{ .name = "strikes", .kind = CONF_NUMBER, PENALTY(strikes), .min = 1,
	  .max = POLICY_STRIKES_MAX, .fallback = 1,
	  .help = "black votes that start the penalty" },
	{ .name = "within", .kind = CONF_SPAN, PENALTY(within_us), .min = 60 * SECOND,
	  .max = 90 * DAY, .fallback = DAY / 2, .help = "how long a strike counts" },
	{ .name = "time", .kind = CONF_SPAN, PENALTY(time_us), .min = 60 * SECOND,
	  .max = 365 * DAY, .fallback = DAY / 2, .help = "length of the penalty" },
	{ .name = "action", .kind = CONF_WORD, PENALTY(action), .words = denials,
	  .fallback = VERDICT_DROP, .help = "what attempts meet meanwhile" },
	{ .name = "escalate", .kind = CONF_NUMBER, PENALTY(escalate), .min = 1, .max = 10,
	  .fallback = 1, .help = "each further penalty is this many times longer" },
	{ .name = "time-max", .kind = CONF_SPAN, PENALTY(time_max_us), .min = 60 * SECOND,
	  .max = 3650 * DAY, .fallback = 30 * DAY, .help = "but never longer than this" },

	{ .name = "votes", .kind = CONF_NUMBER, TRUST(votes), .min = 1,
	  .max = POLICY_STRIKES_MAX, .fallback = 1,
	  .help = "white votes that open a window" },
	{ .name = "time", .kind = CONF_SPAN, TRUST(time_us), .min = 60 * SECOND,
	  .max = 3650 * DAY, .fallback = 36 * DAY, .help = "length of that window" },
};

enum { KEYS = sizeof(table) / sizeof(table[0]) };

static unsigned first_row(enum conf_section section)
{
	unsigned i = 0;

	while (i < KEYS && table[i].section != section)
		i++;
	return i;
}

const struct conf_option *conf_key_at(enum conf_section section, unsigned i)
{
	unsigned row = first_row(section) + i;

	return row < KEYS && table[row].section == section ? &table[row] : NULL;
}

const struct conf_option *conf_key_find(enum conf_section section, const char *name)
{
	const struct conf_option *o;

	for (unsigned i = 0; (o = conf_key_at(section, i)); i++)
		if (strcmp(o->name, name) == 0)
			break;
	return o;
}

const char *conf_key_nearest(enum conf_section section, const char *name)
{
	struct nearest n = nearest_to(name);
	const struct conf_option *o;

	for (unsigned i = 0; (o = conf_key_at(section, i)); i++)
		nearest_try(&n, o->name);
	return n.best;
}

unsigned key_row(const struct conf_option *key)
{
	return (unsigned)(key - table) - first_row(key->section);
}

const char *conf_section_name(enum conf_section section)
{
	return names[section];
}

enum conf_section conf_section_find(const char *name)
{
	for (unsigned i = SECTION_NONE + 1; i < CONF_SECTIONS; i++)
		if (strcmp(names[i], name) == 0)
			return (enum conf_section)i;
	return SECTION_NONE;
}

const char *conf_section_nearest(const char *name)
{
	struct nearest n = nearest_to(name);

	for (unsigned i = SECTION_NONE + 1; i < CONF_SECTIONS; i++)
		nearest_try(&n, names[i]);
	return n.best;
}

void section_fill(enum conf_section section, void *base)
{
	const struct conf_option *o;

	for (unsigned i = 0; (o = conf_key_at(section, i)); i++)
		if (o->kind != CONF_ENTRIES)
			setting_default(base, o);
}

void sections_default(struct settings *s)
{
	memset(s->queue, 0, sizeof(s->queue));
	memset(&s->penalty, 0, sizeof(s->penalty));
	memset(&s->trust, 0, sizeof(s->trust));
	s->many = NULL;
	s->queues = 1;
	snprintf(s->queue[0].head.name, sizeof(s->queue[0].head.name), "default");
	section_fill(SECTION_QUEUE, &s->queue[0]);
	section_fill(SECTION_PENALTY, &s->penalty);
	section_fill(SECTION_TRUST, &s->trust);
}

void conf_free(struct settings *s)
{
	struct setting_many *m = s->many;

	if (!m)
		return;
	for (unsigned i = 0; i < m->lists; i++) {
		for (unsigned e = 0; e < m->list[i].entries.count; e++)
			free(m->list[i].entries.entry[e].text);
		free(m->list[i].entries.entry);
	}
	free(m->list);
	free(m);
	s->many = NULL;
}

void sections_forget(struct settings *s)
{
	conf_free(s);
	sections_default(s);
}

int settings_queue(const struct settings *s, const char *name)
{
	for (unsigned i = 0; i < s->queues; i++)
		if (strcmp(s->queue[i].head.name, name) == 0)
			return (int)i;
	return -1;
}

bool is_name(const char *text)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				  "0123456789-_");

	return len > 0 && len < POLICY_NAME_MAX && text[len] == '\0';
}
