/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lists.c - sources the operator knows: by address, by network, by name
 *
 * Networks live in a netmap. Patterns live in one hash table, a domain without its dot; a
 * look-up hashes the name from its end, so that each suffix costs one probe.
 */
#include "core/lists.h"

#include <stdlib.h>
#include <string.h>

#include "base/netmap.h"

enum { NAMES_LEAST = 16 };

struct pattern {
	char *text; /* NULL = free slot */
	uint16_t list;
	bool is_domain; /* and all below it */
};

struct lists {
	struct list list[LISTS_MAX];
	uint16_t count;
	struct netmap *nets;
	struct pattern *pattern;
	uint32_t size; /* a power of two, or 0; at least twice `used` */
	uint32_t used;
};

struct lists *lists_new(void)
{
	struct lists *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->nets = netmap_new();
	if (!l->nets) {
		free(l);
		return NULL;
	}
	return l;
}

void lists_free(struct lists *l)
{
	if (!l)
		return;
	for (uint32_t i = 0; i < l->size; i++)
		free(l->pattern[i].text);
	free(l->pattern);
	netmap_free(l->nets);
	free(l);
}

uint16_t lists_add(struct lists *l, const struct list *list)
{
	if (l->count == LISTS_MAX)
		return LISTS_NONE;
	l->list[l->count] = *list;
	return l->count++;
}

const struct list *lists_at(const struct lists *l, uint16_t list)
{
	return &l->list[list];
}

uint16_t lists_count(const struct lists *l)
{
	return l->count;
}

bool lists_have_names(const struct lists *l)
{
	return l->used > 0;
}

/* enum list_action stands in order of rank. */
static bool outranks(const struct lists *l, uint16_t a, uint16_t b)
{
	return l->list[a].action < l->list[b].action;
}

bool lists_add_net(struct lists *l, uint16_t list, const struct net *net)
{
	uint16_t *value = netmap_put(l->nets, net, list);

	if (!value)
		return false;
	if (outranks(l, list, *value))
		*value = list;
	return true;
}

void lists_fetch_index(const struct lists *l, const struct addr *a)
{
	if (l)
		netmap_fetch_filter(l->nets, a);
}

void lists_fetch_nets(const struct lists *l, const struct addr *a)
{
	if (l)
		netmap_fetch_slots(l->nets, a);
}

uint16_t lists_find_addr(const struct lists *l, const struct addr *a)
{
	uint16_t list;
	unsigned bits;

	return netmap_find(l->nets, a, &list, &bits) ? list : LISTS_NONE;
}

/* FNV-1a, one step; names are hashed from the end so that suffixes come for free. */
static uint64_t hash_step(uint64_t hash, char c)
{
	return (hash ^ (uint8_t)c) * UINT64_C(0x100000001b3);
}

static const uint64_t hash_seed = UINT64_C(0xcbf29ce484222325);

static uint64_t hash_name(const char *text, size_t len)
{
	uint64_t hash = hash_seed;

	while (len > 0)
		hash = hash_step(hash, text[--len]);
	return hash;
}

/* Where the pattern stands, or the free slot where it would. */
static struct pattern *probe(struct pattern *table, uint32_t size, uint64_t hash,
			     const struct pattern *wanted)
{
	uint32_t i = (uint32_t)(hash ^ hash >> 32) & (size - 1);

	while (table[i].text && (table[i].is_domain != wanted->is_domain ||
				 strcmp(table[i].text, wanted->text) != 0))
		i = (i + 1) & (size - 1);
	return &table[i];
}

static bool make_room(struct lists *l)
{
	uint32_t size = l->size ? 2 * l->size : NAMES_LEAST;
	struct pattern *grown;

	if (2 * (l->used + 1) <= l->size)
		return true;
	grown = size ? calloc(size, sizeof(*grown)) : NULL;
	if (!grown)
		return false;
	for (uint32_t i = 0; i < l->size; i++) {
		const struct pattern *p = &l->pattern[i];

		if (p->text)
			*probe(grown, size, hash_name(p->text, strlen(p->text)), p) = *p;
	}
	free(l->pattern);
	l->pattern = grown;
	l->size = size;
	return true;
}

bool lists_add_name(struct lists *l, uint16_t list, const char *pattern)
{
	struct pattern new = { .list = list, .is_domain = pattern[0] == '.' };
	const char *text = pattern + new.is_domain;
	struct pattern *slot;

	new.text = strdup(text);
	if (!new.text || !make_room(l)) {
		free(new.text);
		return false;
	}
	slot = probe(l->pattern, l->size, hash_name(text, strlen(text)), &new);
	if (!slot->text) {
		*slot = new;
		l->used++;
		return true;
	}
	free(new.text);
	if (outranks(l, list, slot->list))
		slot->list = list;
	return true;
}

uint16_t lists_find_name(const struct lists *l, const char *name)
{
	struct pattern wanted = { .is_domain = true };
	uint64_t hash = hash_seed;
	uint16_t found = LISTS_NONE;

	if (l->used == 0)
		return LISTS_NONE;
	/* Suffixes grow, so the last that is known is the longest. */
	for (size_t at = strlen(name); at > 0; at--) {
		const struct pattern *p;

		hash = hash_step(hash, name[at - 1]);
		if (at > 1 && name[at - 2] != '.')
			continue;
		wanted.text = (char *)(uintptr_t)(name + at - 1);
		p = probe(l->pattern, l->size, hash, &wanted);
		if (p->text)
			found = p->list;
	}
	if (name[0]) {
		const struct pattern *host;

		wanted = (struct pattern){ .text = (char *)(uintptr_t)name };
		host = probe(l->pattern, l->size, hash, &wanted);
		if (host->text)
			found = host->list;
	}
	return found;
}
