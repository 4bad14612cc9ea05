/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * siblings.c - what DNS says of a source: its name, and who else goes by that name
 */
#include <string.h>

#include "core/gate_int.h"

/* Names lead anywhere their owner likes; an entry is for hosts that could be senders. */
static bool may_be_sibling(const struct policy *p, const struct addr *who,
			   const struct addr *sibling)
{
	enum addr_scope own = addr_scope(who);
	bool is_inside =
		own == SCOPE_PRIVATE || own == SCOPE_LINK || own == SCOPE_LOOPBACK;

	if (policy_is_fake(p, sibling) || policy_is_real(p, sibling))
		return false;
	switch (addr_scope(sibling)) {
	case SCOPE_PUBLIC:
		return true;
	case SCOPE_PRIVATE:
	case SCOPE_LINK:
	case SCOPE_LOOPBACK:
		return is_inside;
	case SCOPE_MULTICAST:
	case SCOPE_UNUSABLE:
		return false;
	}
	return false;
}

static void admit_siblings(struct gate *g, const struct heard *h, struct mono now,
			   struct effects *fx)
{
	struct source source = cutter_source(&g->cutter, &h->who);
	struct listing l = gate_listing(g, &h->who, &source, now);
	struct times when;

	for (unsigned i = 0; i < h->count && i < g->policy.siblings_max; i++) {
		struct entry *bringer = gate_live_entry(g, &source, now, &when);
		struct source sibling = cutter_source(&g->cutter, &h->siblings[i]);
		struct entry *e;

		if (!bringer || entry_via(bringer) != VIA_KNOCK)
			return;
		if (!may_be_sibling(&g->policy, &h->who, &h->siblings[i]))
			continue;
		e = gate_live_entry(g, &sibling, now, &when);
		if (!e) {
			e = pool_add(g->entries, &sibling, now);
			if (gate_live_entry(g, &source, now, &when) != bringer) {
				/* it was the least valuable itself, and made room */
				pool_remove(g->entries, &e->node);
				return;
			}
			effects_add(fx, EFFECT_ADMITTED, &h->siblings[i]);
		} else if (!(e->node.flags & ENTRY_SIBLING)) {
			continue;
		}
		entry_set_bringer(g->entries, e, bringer);
		e->node.spare = g->queue_number[gate_queue_of(g, &l, bringer)];
		pool_mark(g->entries, &e->node);
	}
}

static void note_name(struct gate *g, const struct heard *h, struct mono now)
{
	struct source s = cutter_source(&g->cutter, &h->who);
	struct name *name = pool_find_live(g->names, &s, now);
	uint16_t list;
	size_t len;

	if (!name) {
		name = pool_add(g->names, &s, now);
		name->list = LISTS_NONE;
		/* Later answers do not prolong it: what holds no more must go. */
		name->forget = mono_after(now,
					  h->is_failure ? NAMES_FAILED_MS
							: NAMES_KNOWN_MS);
	}
	name->is_final |= h->is_final;
	if (!h->name)
		return;
	if (name->text[0] == '\0') {
		len = strnlen(h->name, NAMES_TEXT_MAX - 1);
		memcpy(name->text, h->name, len);
		name->text[len] = '\0';
	}
	/* Of several names the one counts whose list ranks first: allow, deny, queue. */
	list = g->lists ? lists_find_name(g->lists, h->name) : LISTS_NONE;
	if (list != LISTS_NONE &&
	    (name->list == LISTS_NONE || lists_at(g->lists, list)->action <
						 lists_at(g->lists, name->list)->action))
		name->list = list;
}

void gate_hear_name(struct gate *g, const struct heard *h, struct mono now,
		    struct effects *fx)
{
	note_name(g, h, now);
	if (h->name)
		admit_siblings(g, h, now, fx);
}
