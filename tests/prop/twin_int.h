/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * twin_int.h - the gate's stupid twin: what it knows, in arrays, nothing hashed
 *
 * It finds by looking at everything and orders by numbering every touch. Where
 * the gate and the twin disagree one of them is wrong. Private to prop_gate.c; lists,
 * votes and the rule stand in the files beside this one.
 */
#ifndef TESTS_TWIN_INT_H
#define TESTS_TWIN_INT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "core/effects.h"
#include "core/gate.h"
#include "core/policy.h"
#include "core/reason.h"
#include "core/vote.h"

enum {
	TWIN_ENTRIES = POLICY_ENTRIES_MIN,
	TWIN_RECORDS = POLICY_ENTRIES_MIN / 8 + 1, /* as many as the gate has room for */
	TWIN_NAMES = 8192,
	TWIN_NAME_MS = 3600000,
	TWIN_ITEMS = 24,
	TWIN_LISTS = 6,
	TWIN_PAST = 3,
	TWIN_PAST_MS = 180000,
	TWIN_DEBTS = 8192,
};

struct twin_entry {
	struct addr key;
	int64_t     opens;
	int64_t     closes;
	uint64_t    serial;  /* names this life of the entry */
	uint64_t    bringer; /* serial of who brought it */
	int64_t     touched; /* larger = later */
	unsigned    connections;
	enum via    via;
	bool        leans; /* on the times of its bringer */
	bool        is_used;
	bool        is_proven;
	bool        is_kept; /* goes last */
	char        queue[POLICY_NAME_MAX];
};

struct twin_record {
	struct addr key;
	uint64_t    touched;
	bool        is_precious;
	int64_t     strike[POLICY_STRIKES_MAX]; /* the last ones, newest first */
	unsigned    strikes;
	unsigned    whites;
	unsigned    penalties;
	int64_t     penalty; /* ends */
	int64_t     forget;
};

struct twin_name {
	struct addr key;
	char        text[64];
	uint16_t    list;
	bool        is_final;
	int64_t     forget;
};

/* One line of a list file. */
struct twin_item {
	uint16_t    list;
	struct net  net;         /* unless it is a pattern */
	const char *pattern;     /* NULL: a network */
};

/* One of the last few attempts; the gate's cache surely knows them still. */
struct twin_past {
	struct attempt attempt;
	bool           is_judged;
	int64_t        judged_ms;
	enum verdict   would;
	enum reason    reason;
	enum showing   showing;
	bool           is_accepted;
	int64_t        accepted_ms;
	bool           is_asked; /* to prove its source */
	int64_t        asked_ms;
};

/* What a network spent. */
struct twin_debt {
	struct addr net;
	unsigned    bits;
	bool        of_known; /* its other budget */
	int64_t     whole; /* when it may spend everything again */
};

struct twin {
	struct policy      policy;
	struct list        list[TWIN_LISTS];
	unsigned           lists;
	struct twin_item   item[TWIN_ITEMS];
	unsigned           items;
	struct twin_entry  entry[TWIN_ENTRIES];
	unsigned           count;
	struct twin_record record[TWIN_RECORDS];
	unsigned           records;
	struct twin_name   name[TWIN_NAMES];
	unsigned           names;
	uint64_t           number; /* of the last touch or life */
	int64_t            lowest; /* of what was put last */
	struct twin_debt   debt[TWIN_DEBTS];
	unsigned           debts;
	bool               is_charged; /* the attempt in hand; then the next is set */
	bool               is_within;
	uint64_t           over;
	uint64_t           unasked;
	uint64_t           evicted;
	uint64_t           evicted_kept;    /* of these, the last to go */
	uint64_t           evicted_records; /* while they still counted */
	struct twin_past   past[TWIN_PAST];
	unsigned           next_past;
};

static inline unsigned twin_prefix(const struct twin *t, const struct addr *a)
{
	return a->family == ADDR_IP6 ? t->policy.prefix6 : t->policy.prefix4;
}

static inline struct addr twin_key(const struct twin *t, const struct addr *a)
{
	return addr_mask(a, twin_prefix(t, a));
}

static inline int64_t twin_later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* --- entries --------------------------------------------------------------- */

/* The life of that serial; NULL when it is over. */
static inline struct twin_entry *twin_life(struct twin *t, uint64_t serial)
{
	for (unsigned i = 0; i < t->count; i++) {
		if (t->entry[i].serial == serial)
			return &t->entry[i];
	}
	return NULL;
}

/* The entry whose times count for `e`; NULL when its bringer is gone. */
static inline struct twin_entry *twin_source(struct twin *t, struct twin_entry *e)
{
	return e->leans ? twin_life(t, e->bringer) : e;
}

static inline bool twin_has_expired(struct twin *t, struct twin_entry *e, int64_t now)
{
	const struct twin_entry *source = twin_source(t, e);

	return source == NULL || now >= source->closes;
}

static inline void twin_remove(struct twin *t, struct twin_entry *e)
{
	*e = t->entry[--t->count];
}

/* Expired or not. */
static inline struct twin_entry *twin_look(struct twin *t, const struct addr *a)
{
	struct addr key = twin_key(t, a);

	for (unsigned i = 0; i < t->count; i++) {
		if (addr_is_equal(&t->entry[i].key, &key))
			return &t->entry[i];
	}
	return NULL;
}

/* Changes nothing. */
static inline struct twin_entry *twin_peek(struct twin *t, const struct addr *a,
					   int64_t now)
{
	struct twin_entry *e = twin_look(t, a);

	return e != NULL && !twin_has_expired(t, e, now) ? e : NULL;
}

/* An expired entry is forgotten as soon as somebody looks. */
static inline struct twin_entry *twin_find(struct twin *t, const struct addr *a,
					   int64_t now)
{
	struct twin_entry *e = twin_look(t, a);

	if (e == NULL || !twin_has_expired(t, e, now))
		return e;
	twin_remove(t, e);
	return NULL;
}

static inline struct twin_entry *twin_oldest(struct twin *t, bool is_kept)
{
	struct twin_entry *oldest = NULL;

	for (unsigned i = 0; i < t->count; i++) {
		struct twin_entry *e = &t->entry[i];

		if (e->is_kept == is_kept && (!oldest || e->touched < oldest->touched))
			oldest = e;
	}
	return oldest;
}

static inline void twin_make_room(struct twin *t, int64_t now)
{
	struct twin_entry *common = twin_oldest(t, false);
	struct twin_entry *kept = twin_oldest(t, true);

	if (common && twin_has_expired(t, common, now)) {
		twin_remove(t, common);
	} else if (kept && twin_has_expired(t, kept, now)) {
		twin_remove(t, kept);
	} else {
		t->evicted++;
		t->evicted_kept += common == NULL;
		twin_remove(t, common ? common : kept);
	}
}

static inline struct twin_entry *twin_add(struct twin *t, const struct addr *a,
					  const char *queue, int64_t now)
{
	struct twin_entry *e;

	if (t->count == t->policy.entries_max)
		twin_make_room(t, now);
	e = &t->entry[t->count++];
	*e = (struct twin_entry){ .key = twin_key(t, a), .serial = ++t->number };
	e->touched = (int64_t)++t->number;
	snprintf(e->queue, sizeof(e->queue), "%s", queue);
	return e;
}

/* A sibling that does something itself takes its bringer's times with it. */
static inline void twin_stand_alone(struct twin *t, struct twin_entry *e)
{
	const struct twin_entry *source = twin_source(t, e);

	e->opens = source->opens;
	e->closes = source->closes;
	e->leans = false;
}

#endif
