/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * explain.c - what is known, for people: looked at, never changed
 */
#include <string.h>

#include "core/gate_int.h"

const char *via_name(enum via v)
{
	switch (v) {
	case VIA_KNOCK:   return "knock";
	case VIA_ATTEMPT: return "attempt";
	case VIA_SIBLING: return "sibling";
	case VIA_VOTE:    return "vote";
	}
	return "unknown";
}

bool via_parse(const char *text, enum via *out)
{
	for (enum via v = VIA_KNOCK; text && v <= VIA_VOTE; v++) {
		if (strcmp(text, via_name(v)) != 0)
			continue;
		*out = v;
		return true;
	}
	return false;
}

const char *state_name(enum entry_state s)
{
	switch (s) {
	case STATE_NONE:    return "none";
	case STATE_PAUSING: return "pausing";
	case STATE_OPEN:    return "open";
	case STATE_SPENT:   return "spent";
	case STATE_PENALTY: return "penalty";
	}
	return "unknown";
}

static void tell_entry(const struct gate *g, const struct entry *e, struct mono now,
		       struct knowledge *out)
{
	struct times when = entry_times(g->entries, e);
	const struct entry *bringer = entry_bringer(g->entries, e);
	const struct queue *q;

	out->has_entry = true;
	out->is_used = e->node.flags & ENTRY_USED;
	out->is_proven = e->node.flags & ENTRY_PROVEN;
	out->via = entry_via(e);
	out->opens_ms = mono_reached(now, when.opens) ? 0 : when.opens.ms - now.ms;
	out->closes_ms = when.closes.ms - now.ms;
	out->connections = e->node.count;
	if (bringer && !entry_has_expired(g->entries, &bringer->node, now))
		out->bringer = pool_key(g->entries, &bringer->node).addr;
	q = &g->policy.queue[out->queue];
	out->state = out->opens_ms > 0 ? STATE_PAUSING
		     : q->connections != 0 && e->node.count >= q->connections
			     ? STATE_SPENT
			     : STATE_OPEN;
}

static void tell_record(const struct gate *g, const struct record *r, struct mono now,
			struct knowledge *out)
{
	if (record_has_expired(g->records, &r->node, now))
		return;
	out->strikes = record_strikes(r, &g->policy.penalty, now);
	out->whites = r->whites;
	out->penalties = r->penalties;
	if (!record_is_penalised(r, now))
		return;
	out->penalty_ms = r->penalty.ms - now.ms;
	out->state = STATE_PENALTY;
}

/* The rule again, but nothing is learned from it. */
static struct decision would_meet(const struct gate *g, const struct listing *l,
				  const struct knowledge *k)
{
	struct decision d = { .verdict = VERDICT_ACCEPT,
			      .list = l->list,
			      .queue = k->queue };
	const struct queue *q = &g->policy.queue[k->queue];
	const struct list *list =
		l->list == LISTS_NONE ? NULL : lists_at(g->lists, l->list);

	if (list && list->action == LIST_ALLOW) {
		d.reason = REASON_LISTED_ALLOW;
	} else if (list && list->action == LIST_DENY) {
		d.reason = REASON_LISTED_DENY;
		d.verdict = list->deny;
	} else if (k->state == STATE_PENALTY) {
		d.reason = REASON_PENALTY;
		d.verdict = g->policy.penalty.action;
	} else if (k->state == STATE_OPEN) {
		d.reason = REASON_OPEN;
	} else if (g->is_loading && k->state == STATE_NONE) {
		d.reason = REASON_UNSURE;
		d.verdict = g->policy.when_unsure;
	} else {
		d.verdict = q->deny;
		d.reason = k->state == STATE_PAUSING ? REASON_PAUSING
			   : k->state == STATE_SPENT ? REASON_SPENT
			   : q->start == START_KNOCK ? REASON_NO_KNOCK
						     : REASON_FIRST_TRY;
	}
	if (l->is_pending && d.verdict != VERDICT_ACCEPT)
		d.verdict = VERDICT_DROP;
	d.would = d.verdict;
	if (g->policy.observe)
		d.verdict = VERDICT_ACCEPT;
	return d;
}

static void tell(const struct gate *g, const struct source *s, const struct addr *who,
		 struct mono now, struct knowledge *out)
{
	const struct entry *e = gate_known_entry(g, s, now);
	const struct record *r = pool_find(g->records, s);
	const struct name *name = pool_find(g->names, s);
	struct listing l = gate_listing(g, who, s, now);

	*out = (struct knowledge){ .list = l.list, .is_listed_by_name = l.is_by_name };
	out->source = cutter_net(&g->cutter, who);
	out->queue = gate_queue_of(g, &l, e);
	if (e)
		tell_entry(g, e, now, out);
	if (r)
		tell_record(g, r, now, out);
	if (name && !name_has_expired(g->names, &name->node, now))
		memcpy(out->name, name->text, sizeof(out->name));
	out->decision = would_meet(g, &l, out);
}

void gate_explain(const struct gate *g, const struct addr *who, struct mono now,
		  struct knowledge *out)
{
	struct source s = cutter_source(&g->cutter, who);

	tell(g, &s, who, now, out);
}

/* First the places of the entries, then those of records without an entry. */
bool gate_walk(const struct gate *g, uint64_t *cursor, unsigned places, struct mono now,
	       struct knowledge *out, bool *found)
{
	uint64_t entries = pool_places(g->entries);

	*found = false;
	for (; places > 0 && !*found; places--, (*cursor)++) {
		bool is_entry = *cursor < g->policy.entries_max;
		const struct pool *p = is_entry ? g->entries : g->records;
		uint64_t place = is_entry ? *cursor : *cursor - g->policy.entries_max;
		const struct node *n;
		struct addr who;

		if (is_entry && place >= entries) {
			*cursor = (uint64_t)g->policy.entries_max -
				  1; /* on to the records */
			continue;
		}
		if (place >= pool_places(p))
			return false;
		n = pool_at(p, (uint32_t)place);
		if (!n)
			continue;
		who = pool_key(p, n).addr;
		gate_explain(g, &who, now, out);
		*found = is_entry ? out->has_entry
				  : !out->has_entry &&
					    (out->penalty_ms > 0 || out->strikes > 0 ||
					     out->whites > 0);
	}
	return true;
}
