/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * write.c - rows into the file
 */
#include <string.h>

#include "store/database_int.h"
#include "store/strikes_int.h"

static void bind_source(sqlite3_stmt *st, int at, const struct addr *a,
			const struct store_conf *c)
{
	struct net n = { *a, (uint8_t)(a->family == ADDR_IP6 ? c->prefix6 : c->prefix4) };
	char text[NET_TEXT_MAX];

	if (a->family == ADDR_NONE)
		sqlite3_bind_null(st, at);
	else
		sqlite3_bind_text(st, at, net_format(&n, text), -1, SQLITE_TRANSIENT);
}

static int put_entry(struct database *d, const struct store_conf *c,
		     const struct store_row *row)
{
	sqlite3_stmt *st = d->statement[ST_PUT_ENTRY];
	const struct store_entry *e = &row->of.entry;

	sqlite3_bind_int64(st, 1, row->place);
	bind_source(st, 2, &row->source, c);
	sqlite3_bind_text(st, 3, e->queue, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 4, via_name(e->via), -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 5, e->opens);
	sqlite3_bind_int64(st, 6, e->closes);
	sqlite3_bind_int(st, 7, e->connections);
	sqlite3_bind_int(st, 8, e->is_used);
	sqlite3_bind_int(st, 9, e->is_proven);
	sqlite3_bind_int(st, 10, e->is_kept);
	sqlite3_bind_int(st, 11, e->follows);
	bind_source(st, 12, &e->bringer, c);
	return database_step(st);
}

static int put_record(struct database *d, const struct store_conf *c,
		      const struct store_row *row)
{
	sqlite3_stmt *st = d->statement[ST_PUT_RECORD];
	const struct store_record *r = &row->of.record;
	char strikes[STRIKES_TEXT_MAX];

	strikes_format(r->strike, r->strikes, strikes);
	sqlite3_bind_int64(st, 1, row->place);
	bind_source(st, 2, &row->source, c);
	if (r->penalty > 0)
		sqlite3_bind_int64(st, 3, r->penalty);
	else
		sqlite3_bind_null(st, 3);
	sqlite3_bind_int(st, 4, r->penalties);
	sqlite3_bind_int(st, 5, r->whites);
	sqlite3_bind_text(st, 6, strikes, -1, SQLITE_TRANSIENT);
	sqlite3_bind_int64(st, 7, r->forget);
	return database_step(st);
}

static int run_with(sqlite3_stmt *st, int64_t value)
{
	sqlite3_bind_int64(st, 1, value);
	return database_step(st);
}

int database_put(struct database *d, const struct store_conf *c,
		 const struct store_row *row)
{
	bool is_entry = row->kind == CHANGE_ENTRY;

	if (row->is_gone)
		return run_with(d->statement[is_entry ? ST_DROP_ENTRY : ST_DROP_RECORD],
				row->place);
	return is_entry ? put_entry(d, c, row) : put_record(d, c, row);
}

int database_begin(struct database *d)
{
	int rc = d->has_begun ? SQLITE_OK : database_step(d->statement[ST_BEGIN]);

	d->has_begun |= rc == SQLITE_OK;
	return rc;
}

int database_shift(struct database *d, int64_t by)
{
	int rc = run_with(d->statement[ST_SHIFT_ENTRIES], by);

	return rc == SQLITE_OK ? run_with(d->statement[ST_SHIFT_RECORDS], by) : rc;
}

int database_trim(struct database *d, const struct store_conf *c)
{
	int rc = run_with(d->statement[ST_TRIM_ENTRIES], c->entry_places);

	return rc == SQLITE_OK
		       ? run_with(d->statement[ST_TRIM_RECORDS], c->record_places)
		       : rc;
}

int database_commit(struct database *d, const struct clocks_stamp *stamp)
{
	sqlite3_stmt *st = d->statement[ST_STAMP];
	int rc;

	sqlite3_bind_text(st, 1, stamp->boot, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, stamp->at.boot);
	sqlite3_bind_int64(st, 3, stamp->at.wall);
	rc = database_step(st);
	if (rc == SQLITE_OK)
		rc = database_step(d->statement[ST_COMMIT]);
	d->has_begun &= rc != SQLITE_OK;
	return rc;
}

void database_rollback(struct database *d)
{
	/* SQLite does it by itself after some errors, and then this one fails */
	if (d->has_begun)
		(void)database_step(d->statement[ST_ROLLBACK]);
	d->has_begun = false;
}
