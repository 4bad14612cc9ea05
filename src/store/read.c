/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * read.c - rows out of the file: checked, in the order of their worth
 */
#include "store/read_int.h"

#include <stdlib.h>
#include <string.h>

#include "store/value_int.h"

/* Names of queues that rows have. More than there ever are; beyond, `default`. */
enum { QUEUES_MAX = 256 };

/* An entry as small as it gets: there may be millions. */
struct kept {
	int64_t     opens;
	int64_t     closes;
	uint32_t    place;
	uint32_t    bringer; /* number in `bringers` + 1; 0 = nobody */
	uint16_t    connections;
	uint8_t     queue;   /* number in `queues` */
	uint8_t     via;
	bool        is_used : 1;
	bool        is_proven : 1;
	bool        is_kept : 1;
	bool        follows : 1;
	struct addr source;
};

_Static_assert(sizeof(struct kept) <= 48, "a million of them are read at start");

struct useless {
	enum change_kind kind;
	uint32_t         place;
};

/* A list that grows. */
struct many {
	void  *at; /* owned */
	size_t count;
	size_t room;
};

struct reading {
	const struct store_conf *conf; /* borrowed */
	int64_t     now;
	struct many entries;  /* of struct kept */
	struct many bringers; /* of struct addr */
	struct many records;  /* of struct store_row */
	struct many useless;  /* of struct useless */
	char        queues[QUEUES_MAX][POLICY_NAME_MAX];
	unsigned    queue_count;
	size_t      skipped;
	uint32_t    places[2]; /* by enum change_kind */
	size_t      next_entry;
	size_t      next_record;
	size_t      next_useless;
};

static void *add(struct many *m, size_t size)
{
	if (m->count == m->room) {
		size_t room = m->room > 0 ? m->room + m->room / 2 : 256;
		void *at = realloc(m->at, room * size);

		if (!at)
			return NULL;
		m->at = at;
		m->room = room;
	}
	return (char *)m->at + m->count++ * size;
}

static int keep_useless(struct reading *r, enum change_kind kind, sqlite3_stmt *st)
{
	int64_t place = sqlite3_column_int64(st, 0);
	struct useless *u;

	r->skipped++;
	if (place < 0 || place >= (kind == CHANGE_ENTRY ? r->conf->entry_places
							: r->conf->record_places))
		return SQLITE_OK; /* goes with those beyond the last place */
	u = add(&r->useless, sizeof(*u));
	if (!u)
		return SQLITE_NOMEM;
	*u = (struct useless){ kind, (uint32_t)place };
	return SQLITE_OK;
}

static uint8_t queue_number(struct reading *r, const char *name)
{
	unsigned i;

	for (i = 0; i < r->queue_count; i++)
		if (strcmp(r->queues[i], name) == 0)
			return (uint8_t)i;
	if (i == QUEUES_MAX)
		return 0;
	memcpy(r->queues[r->queue_count], name, strlen(name) + 1);
	return (uint8_t)r->queue_count++;
}

static int keep_entry(struct reading *r, const struct store_row *row)
{
	const struct store_entry *e = &row->of.entry;
	struct kept *k = add(&r->entries, sizeof(*k));
	struct addr *bringer;

	if (!k)
		return SQLITE_NOMEM;
	*k = (struct kept){
		.opens = e->opens,
		.closes = e->closes,
		.place = row->place,
		.connections = e->connections,
		.queue = queue_number(r, e->queue),
		.via = (uint8_t)e->via,
		.is_used = e->is_used,
		.is_proven = e->is_proven,
		.is_kept = e->is_kept,
		.follows = e->follows,
		.source = row->source,
	};
	if (e->bringer.family == ADDR_NONE)
		return SQLITE_OK;
	bringer = add(&r->bringers, sizeof(*bringer));
	if (!bringer)
		return SQLITE_NOMEM;
	*bringer = e->bringer;
	k->bringer = (uint32_t)r->bringers.count;
	return SQLITE_OK;
}

static int keep_record(struct reading *r, const struct store_row *row)
{
	struct store_row *kept = add(&r->records, sizeof(*kept));

	if (!kept)
		return SQLITE_NOMEM;
	*kept = *row;
	return SQLITE_OK;
}

/* One table, row by row. A page that a damaged file has in many places is read as often,
 * and a small file can have more rows by that than there is memory for: what is not in
 * the order of its places is damage. */
static int read_table(struct reading *r, sqlite3 *db, enum change_kind kind,
		      const char *sql)
{
	int64_t last = INT64_MIN;
	struct store_row row;
	sqlite3_stmt *st;
	int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL), end;

	if (rc != SQLITE_OK)
		return rc;
	while (rc == SQLITE_OK && (end = sqlite3_step(st)) == SQLITE_ROW) {
		bool good = kind == CHANGE_ENTRY
				    ? value_entry(st, r->conf, r->now, &row)
				    : value_record(st, r->conf, r->now, &row);
		int64_t at = sqlite3_column_int64(st, 0);

		if (last != INT64_MIN && at <= last)
			rc = SQLITE_CORRUPT;
		else if (!good)
			rc = keep_useless(r, kind, st);
		else
			rc = kind == CHANGE_ENTRY ? keep_entry(r, &row)
						  : keep_record(r, &row);
		if (good && row.place >= r->places[kind])
			r->places[kind] = row.place + 1;
		last = at;
	}
	(void)sqlite3_finalize(st);
	return rc == SQLITE_OK && end != SQLITE_DONE ? end : rc;
}

/* Those that follow nobody first; of these the used, and the one that closes last. */
static int by_worth(const void *left, const void *right)
{
	const struct kept *a = left, *b = right;

	if (a->follows != b->follows)
		return a->follows ? 1 : -1;
	if (a->is_used != b->is_used)
		return a->is_used ? -1 : 1;
	if (a->closes != b->closes)
		return a->closes > b->closes ? -1 : 1;
	return 0;
}

static int by_end(const void *left, const void *right)
{
	int64_t a = ((const struct store_row *)left)->of.record.forget;
	int64_t b = ((const struct store_row *)right)->of.record.forget;

	return a == b ? 0 : a > b ? -1 : 1;
}

static void sort(struct many *m, size_t size, int (*order)(const void *, const void *))
{
	if (m->count > 0)
		qsort(m->at, m->count, size, order);
}

int reading_start(struct reading **out, sqlite3 *db, const struct store_conf *c,
		  int64_t now)
{
	struct reading *r = calloc(1, sizeof(*r));
	int rc;

	if (!r)
		return SQLITE_NOMEM;
	r->conf = c;
	r->now = now;
	memcpy(r->queues[r->queue_count++], "default", sizeof("default"));
	rc = read_table(r, db, CHANGE_ENTRY,
			"SELECT place, source, queue, via, opens, closes, connections,"
			" used, proven, kept, follows, bringer FROM entry NOT INDEXED");
	if (rc == SQLITE_OK)
		rc = read_table(r, db, CHANGE_RECORD,
				"SELECT place, source, penalty, penalties, whites,"
				" strikes, forget FROM record NOT INDEXED");
	if (rc != SQLITE_OK) {
		reading_free(r);
		return rc;
	}
	sort(&r->entries, sizeof(struct kept), by_worth);
	sort(&r->records, sizeof(struct store_row), by_end);
	*out = r;
	return SQLITE_OK;
}

void reading_free(struct reading *r)
{
	if (!r)
		return;
	free(r->entries.at);
	free(r->bringers.at);
	free(r->records.at);
	free(r->useless.at);
	free(r);
}

uint32_t reading_places(const struct reading *r, enum change_kind kind)
{
	return r->places[kind];
}

size_t reading_useless(const struct reading *r)
{
	return r->skipped;
}

static void unpack(const struct reading *r, const struct kept *k, struct store_row *row)
{
	struct store_entry *e = &row->of.entry;

	*row = (struct store_row){ .kind = CHANGE_ENTRY,
				   .place = k->place,
				   .source = k->source };
	memcpy(e->queue, r->queues[k->queue], sizeof(e->queue));
	e->via = (enum via)k->via;
	e->is_used = k->is_used;
	e->is_proven = k->is_proven;
	e->is_kept = k->is_kept;
	e->follows = k->follows;
	e->connections = k->connections;
	e->opens = k->opens;
	e->closes = k->closes;
	if (k->bringer > 0)
		e->bringer = ((const struct addr *)r->bringers.at)[k->bringer - 1];
}

bool reading_next(struct reading *r, struct store_news *out)
{
	const struct store_row *records = r->records.at;
	const struct useless *useless = r->useless.at;
	const struct kept *entries = r->entries.at;

	out->kind = STORE_ROW;
	if (r->next_entry < r->entries.count) {
		unpack(r, &entries[r->next_entry++], &out->of.row);
	} else if (r->next_record < r->records.count) {
		out->of.row = records[r->next_record++];
	} else if (r->next_useless < r->useless.count) {
		out->kind = STORE_USELESS;
		useless += r->next_useless++;
		out->of.row = (struct store_row){ .kind = useless->kind,
						  .place = useless->place };
	} else {
		return false;
	}
	return true;
}
