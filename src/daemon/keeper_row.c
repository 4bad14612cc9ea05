/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keeper_row.c - changes to rows and back
 *
 * The file has whole seconds. What lets in is rounded down and what keeps out is rounded
 * up: a restart makes nobody's time longer that is to end.
 */
#include <string.h>

#include "daemon/keeper_int.h"

static int64_t down(struct mono t, int64_t offset_ms)
{
	int64_t ms = t.ms + offset_ms;

	return ms > 0 ? ms / 1000 : 0;
}

static int64_t up(struct mono t, int64_t offset_ms)
{
	return down(mono_after(t, 999), offset_ms);
}

static struct mono back(int64_t sec, int64_t offset_ms)
{
	return (struct mono){ sec * 1000 - offset_ms };
}

static void entry_row(const struct change_entry *c, int64_t offset_ms, struct mono now,
		      struct store_entry *e)
{
	bool is_open = mono_reached(now, c->opens);

	*e = (struct store_entry){
		.via = c->via,
		.is_used = c->is_used,
		.is_proven = c->is_proven,
		.is_kept = c->is_kept,
		.follows = c->follows,
		.connections = c->connections,
		.opens = is_open ? down(c->opens, offset_ms) : up(c->opens, offset_ms),
		.closes = down(c->closes, offset_ms),
		.bringer = c->bringer,
	};
	memcpy(e->queue, c->queue, sizeof(e->queue));
}

static void record_row(const struct change_record *c, int64_t offset_ms, struct mono now,
		       struct store_record *r)
{
	*r = (struct store_record){
		.penalty = mono_reached(now, c->penalty) ? 0 : up(c->penalty, offset_ms),
		.forget = up(c->forget, offset_ms),
		.whites = c->whites,
		.penalties = c->penalties,
		.strikes = c->strikes,
	};
	for (unsigned i = 0; i < c->strikes; i++)
		r->strike[i] = down(c->strike[i], offset_ms);
}

void keeper_row(const struct change *c, int64_t offset_ms, struct mono now,
		struct store_row *row)
{
	*row = (struct store_row){ .kind = c->kind,
				   .place = c->place,
				   .is_gone = c->is_gone,
				   .source = c->source };
	if (c->is_gone)
		return;
	if (c->kind == CHANGE_ENTRY)
		entry_row(&c->of.entry, offset_ms, now, &row->of.entry);
	else
		record_row(&c->of.record, offset_ms, now, &row->of.record);
}

static void entry_back(const struct store_entry *e, int64_t offset_ms,
		       struct change_entry *c)
{
	*c = (struct change_entry){
		.via = e->via,
		.is_used = e->is_used,
		.is_proven = e->is_proven,
		.is_kept = e->is_kept,
		.follows = e->follows,
		.connections = e->connections,
		.opens = back(e->opens, offset_ms),
		.closes = back(e->closes, offset_ms),
		.bringer = e->bringer,
	};
	memcpy(c->queue, e->queue, sizeof(c->queue));
}

static void record_back(const struct store_record *r, int64_t offset_ms,
			struct change_record *c)
{
	*c = (struct change_record){
		.forget = back(r->forget, offset_ms),
		.whites = r->whites,
		.penalties = r->penalties,
		.strikes = r->strikes,
	};
	if (r->penalty > 0)
		c->penalty = back(r->penalty, offset_ms);
	for (unsigned i = 0; i < r->strikes; i++)
		c->strike[i] = back(r->strike[i], offset_ms);
}

void keeper_change(const struct store_row *row, int64_t offset_ms, struct change *c)
{
	*c = (struct change){ .kind = row->kind,
			      .place = row->place,
			      .source = row->source };
	if (c->kind == CHANGE_ENTRY)
		entry_back(&row->of.entry, offset_ms, &c->of.entry);
	else
		record_back(&row->of.record, offset_ms, &c->of.record);
}
