/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * twin_lists_int.h - the twin's lists, names and queues: every line is looked at
 */
#ifndef TESTS_TWIN_LISTS_INT_H
#define TESTS_TWIN_LISTS_INT_H

#include "twin_int.h"

struct twin_listing {
	uint16_t list;
	bool     is_by_name;
	bool     is_pending;
};

/* What a line is worth where it fits; 0 = it does not. A host beats its own domain. */
static inline unsigned twin_fit(const struct twin_item *item, const struct addr *who,
				const char *name)
{
	size_t pattern, len;
	struct addr cut;

	if (item->pattern == NULL) {
		if (who == NULL || who->family != item->net.addr.family)
			return 0;
		cut = addr_mask(who, item->net.bits);
		return addr_is_equal(&cut, &item->net.addr) ? 1 + item->net.bits : 0;
	}
	if (name == NULL)
		return 0;
	pattern = strlen(item->pattern);
	len = strlen(name);
	if (item->pattern[0] != '.')
		return strcmp(item->pattern, name) == 0 ? 2 * (unsigned)len + 1 : 0;
	if (strcmp(item->pattern + 1, name) == 0 ||
	    (len > pattern && strcmp(name + len - pattern, item->pattern) == 0))
		return 2 * (unsigned)(pattern - 1);
	return 0;
}

/* By address or by name; the other is NULL. */
static inline uint16_t twin_lookup(const struct twin *t, const struct addr *who,
				   const char *name)
{
	unsigned best = 0;
	uint16_t found = LISTS_NONE;

	for (unsigned i = 0; i < t->items; i++) {
		const struct twin_item *item = &t->item[i];
		unsigned fit = twin_fit(item, who, name);
		bool is_first = best == 0;

		if (fit > best || (fit == best && !is_first &&
				   t->list[item->list].action < t->list[found].action)) {
			best = fit;
			found = item->list;
		}
	}
	return found;
}

static inline bool twin_has_patterns(const struct twin *t)
{
	for (unsigned i = 0; i < t->items; i++) {
		if (t->item[i].pattern != NULL)
			return true;
	}
	return false;
}

static inline struct twin_name *twin_name_of(struct twin *t, const struct addr *who,
					     int64_t now)
{
	struct addr key = twin_key(t, who);

	for (unsigned i = 0; i < t->names; i++) {
		if (addr_is_equal(&t->name[i].key, &key))
			return now < t->name[i].forget ? &t->name[i] : NULL;
	}
	return NULL;
}

static inline struct twin_listing twin_listing(struct twin *t, const struct addr *who,
					       int64_t now)
{
	struct twin_listing l = { .list = twin_lookup(t, who, NULL) };
	const struct twin_name *name;

	if (l.list != LISTS_NONE || !twin_has_patterns(t))
		return l;
	name = twin_name_of(t, who, now);
	if (name != NULL)
		l.list = name->list;
	l.is_by_name = l.list != LISTS_NONE;
	l.is_pending = name == NULL ||
		       (!name->is_final &&
			!(l.is_by_name && t->list[l.list].action == LIST_ALLOW));
	return l;
}

static inline void twin_note_name(struct twin *t, const struct heard *h, int64_t now)
{
	struct twin_name *name = twin_name_of(t, &h->who, now);
	struct addr key = twin_key(t, &h->who);
	uint16_t list;
	unsigned i = 0;

	if (name == NULL) {
		while (i < t->names && !addr_is_equal(&t->name[i].key, &key))
			i++;
		t->names += i == t->names;
		name = &t->name[i];
		*name = (struct twin_name){ .key = key, .list = LISTS_NONE };
		name->forget = now + TWIN_NAME_MS;
	}
	name->is_final |= h->is_final;
	if (h->name == NULL)
		return;
	if (name->text[0] == '\0')
		snprintf(name->text, sizeof(name->text), "%s", h->name);
	list = twin_lookup(t, NULL, h->name);
	if (name->list == LISTS_NONE ||
	    (list != LISTS_NONE && t->list[list].action < t->list[name->list].action))
		name->list = list;
}

/* Entries know their queue by name. */
static inline unsigned twin_queue_of(const struct twin *t, const struct twin_listing *l,
				     const struct twin_entry *e)
{
	if (l->list != LISTS_NONE && t->list[l->list].action == LIST_QUEUE)
		return t->list[l->list].queue;
	for (unsigned i = 0; e != NULL && i < t->policy.queues; i++) {
		if (strcmp(e->queue, t->policy.queue[i].name) == 0)
			return i;
	}
	return 0;
}

#endif
