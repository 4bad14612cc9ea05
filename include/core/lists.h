/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lists.h - sources the operator knows: by address, by network, by name
 *
 * Built by conf/, given to the gate, from then on only read; a reload builds new ones and
 * swaps them all at once. Allocates while it is filled.
 */
#ifndef CORE_LISTS_H
#define CORE_LISTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "core/policy.h"

enum { LISTS_MAX = 256, LISTS_NONE = 0xffff };

enum list_action {
	LIST_ALLOW,
	LIST_DENY,
	LIST_QUEUE,
};

struct list {
	char             name[POLICY_NAME_MAX];
	enum list_action action;
	enum verdict     deny;  /* LIST_DENY: not ACCEPT */
	uint8_t          queue; /* LIST_QUEUE: index into policy.queue */
};

struct lists;

/* Empty; NULL when out of memory. */
struct lists *lists_new(void);
void lists_free(struct lists *l);

/* The number of the new list, or LISTS_NONE when there are LISTS_MAX. */
uint16_t lists_add(struct lists *l, const struct list *list);

/* Where two lists name the same network, or the same pattern, allow beats deny, deny
 * beats queue, and else the first one stays. False when out of memory. */
bool lists_add_net(struct lists *l, uint16_t list, const struct net *net);

/* `pattern` is a clean host name (dnsname_clean()), or one behind a dot: ".example.org"
 * is that domain and all below it. */
bool lists_add_name(struct lists *l, uint16_t list, const char *pattern);

/* The list that knows the address, by the longest prefix; LISTS_NONE when none does. */
uint16_t lists_find_addr(const struct lists *l, const struct addr *a);

/* As pool_fetch_index() and pool_fetch_thing(), ahead of lists_find_addr(); NULL is
 * allowed. */
void lists_fetch_index(const struct lists *l, const struct addr *a);
void lists_fetch_nets(const struct lists *l, const struct addr *a);

/* The list that knows the clean host name, by the longest pattern. */
uint16_t lists_find_name(const struct lists *l, const char *name);

/* Whether reverse names matter at all. */
bool lists_have_names(const struct lists *l);

/* Valid as long as the lists; `list` must be a number they gave. */
const struct list *lists_at(const struct lists *l, uint16_t list);
uint16_t lists_count(const struct lists *l);

#endif
