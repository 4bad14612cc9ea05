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
	out->source =
		(struct net){ addr_mask(who, who->family == ADDR_IP6 ? g->cutter.prefix6
								     : g->cutter.prefix4),
			      who->family == ADDR_IP6 ? g->cutter.prefix6
						      : g->cutter.prefix4 };
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

static bool makes_sense(const struct knowledge *k)
{
	if (k->source.addr.family == ADDR_NONE || k->penalty_ms < 0 || k->opens_ms < 0)
		return false;
	return k->has_entry ? k->closes_ms > k->opens_ms && k->connections <= UINT16_MAX
			    : k->penalty_ms > 0 || k->strikes > 0 || k->whites > 0;
}

/* When they were given is not known: now, but not more than may be without a penalty. */
static void restore_votes(struct record *r, const struct policy *p,
			  const struct knowledge *k, struct mono now)
{
	unsigned strikes =
		k->strikes < p->penalty.strikes ? k->strikes : p->penalty.strikes - 1;
	unsigned whites = k->whites < p->trust.votes ? k->whites : p->trust.votes - 1;

	for (unsigned i = 0; i < whites; i++)
		(void)record_praise(r, p, now);
	for (unsigned i = 0; i < strikes; i++)
		(void)record_strike(r, &p->penalty, now);
}

bool gate_restore(struct gate *g, const struct knowledge *k, struct mono now)
{
	struct source s = cutter_source(&g->cutter, &k->source.addr);
	struct times when;
	struct record *r;
	struct entry *e;

	if (!makes_sense(k))
		return false;
	if (k->has_entry && !gate_live_entry(g, &s, now, &when)) {
		e = pool_add(g->entries, &s, now);
		when = (struct times){ mono_after(now, k->opens_ms),
				       mono_after(now, k->closes_ms) };
		entry_set_times(e, when);
		/* Who brought it stays behind: it has times of its own from here on. */
		entry_set_via(e, k->via);
		e->bringer = POOL_NOWHERE;
		if (k->is_used)
			e->node.flags |= ENTRY_USED;
		if (k->is_proven)
			e->node.flags |= ENTRY_PROVEN;
		e->node.spare =
			g->queue_number[k->queue < g->policy.queues ? k->queue : 0];
		e->node.count = (uint16_t)k->connections;
		/* Whatever was let in may have been so when nothing had to be proven. */
		if (k->is_used || (k->is_proven && g->policy.proof == PROOF_COOKIE))
			pool_make_precious(g->entries, &e->node);
	}
	r = pool_find(g->records, &s);
	if (r && record_has_expired(g->records, &r->node, now)) {
		pool_remove(g->records, &r->node);
		r = NULL;
	}
	if (!r && k->penalty_ms <= 0 && (k->strikes > 0 || k->whites > 0)) {
		r = pool_add(g->records, &s, now);
		restore_votes(r, &g->policy, k, now);
	} else if (!r && k->penalty_ms > 0) {
		r = pool_add(g->records, &s, now);
		record_penalise(r, &g->policy.penalty, k->penalty_ms, now);
		/* It counts itself, whatever an older export says or leaves out. */
		if (k->penalties > r->penalties)
			r->penalties = (uint8_t)(k->penalties < UINT8_MAX ? k->penalties
									  : UINT8_MAX);
		pool_make_precious(g->records, &r->node);
	}
	return true;
}
