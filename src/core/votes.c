/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * votes.c - what others say of a source, and how much that counts
 *
 * The operator's lists stand above votes.
 */
#include "core/gate_int.h"

static enum list_action opposite(enum vote_kind kind)
{
	return kind == VOTE_BLACK ? LIST_ALLOW : LIST_DENY;
}

static struct record *record_of(struct gate *g, const struct source *s, struct mono now)
{
	struct record *r = pool_find_live(g->records, s, now);

	return r ? r : pool_add(g->records, s, now);
}

static enum vote_outcome count_black(struct gate *g, const struct vote *v,
				     const struct source *s, struct mono now)
{
	struct record *r = record_of(g, s, now);

	pool_touch(g->records, &r->node);
	pool_mark(g->records, &r->node);
	if (v->for_ms > 0)
		record_penalise(r, &g->policy.penalty, v->for_ms, now);
	else if (!record_strike(r, &g->policy.penalty, now))
		return VOTE_COUNTED;
	pool_make_precious(g->records, &r->node);
	return VOTE_PENALISED;
}

/* Opens the window at once; one that is open for longer stays so. */
static void open_window(struct gate *g, const struct source *s, int64_t span_ms,
			struct mono now)
{
	struct times when, wanted = { now, mono_after(now, span_ms) };
	struct entry *e = gate_live_entry(g, s, now, &when);

	if (!e) {
		e = pool_add(g->entries, s, now);
		entry_set_via(e, VIA_VOTE);
	} else {
		wanted.closes = mono_later(when.closes, wanted.closes);
	}
	entry_set_times(e, wanted);
	e->node.count = 0;
	e->node.flags |= ENTRY_USED;
	pool_make_precious(g->entries, &e->node);
	pool_mark(g->entries, &e->node);
}

static enum vote_outcome count_white(struct gate *g, const struct vote *v,
				     const struct source *s, struct mono now)
{
	struct record *r = record_of(g, s, now);

	pool_mark(g->records, &r->node);
	if (!record_praise(r, &g->policy, now) && v->for_ms == 0)
		return VOTE_COUNTED;
	pool_remove(g->records, &r->node); /* nothing speaks against it any more */
	open_window(g, s, v->for_ms > 0 ? v->for_ms : g->policy.trust.time_ms, now);
	return VOTE_TRUSTED;
}

static enum vote_outcome forget(struct gate *g, const struct source *s, struct mono now)
{
	struct times when;
	struct entry *e = gate_live_entry(g, s, now, &when);
	struct record *r = pool_find_live(g->records, s, now);

	if (e)
		pool_remove(g->entries, &e->node);
	if (r)
		pool_remove(g->records, &r->node);
	return e || r ? VOTE_FORGOTTEN : VOTE_UNKNOWN;
}

enum vote_outcome gate_count_vote(struct gate *g, const struct vote *v, struct mono now)
{
	bool was_empty = pool_count(g->records).things == 0;
	struct source s;
	struct listing l;

	if (v->kind == VOTE_FORGET_PENALTIES || v->kind == VOTE_FORGET_ALL) {
		if (v->kind == VOTE_FORGET_ALL) {
			was_empty = was_empty && pool_count(g->entries).things == 0;
			pool_clear(g->entries);
			g->expects_entries = false;
		}
		pool_clear(g->records);
		g->expects_records = false;
		return was_empty ? VOTE_UNKNOWN : VOTE_FORGOTTEN;
	}

	s = cutter_source(&g->cutter, &v->who);
	if (v->kind == VOTE_FORGET)
		return forget(g, &s, now);
	l = gate_listing(g, &v->who, &s, now);
	if (l.list != LISTS_NONE &&
	    lists_at(g->lists, l.list)->action == opposite(v->kind))
		return VOTE_LISTED;
	return v->kind == VOTE_BLACK ? count_black(g, v, &s, now)
				     : count_white(g, v, &s, now);
}
