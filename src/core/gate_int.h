/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gate_int.h - the gate's inside, for the files that make it up
 */
#ifndef CORE_GATE_INT_H
#define CORE_GATE_INT_H

#include "core/entry_int.h"
#include "core/gate.h"
#include "core/names_int.h"
#include "core/pool_int.h"
#include "core/recent_int.h"
#include "core/record_int.h"

/* Entries know their queue by a number that outlives a reload; 0 is `default`. */
enum { QUEUE_NUMBERS = 256 };

struct gate {
	struct policy  policy;
	struct lists  *lists;    /* owned; NULL = none */
	struct cutter  cutter;
	struct pool   *entries;  /* owned; struct entry */
	struct pool   *records;  /* owned; struct record */
	struct pool   *names;    /* owned; struct name */
	struct recent *judged;   /* owned; what each attempt met, to know repeats */
	struct recent *accepted; /* owned; apart, so that a flood of refused ones cannot
				  * make a retransmission cost a second connection */
	char           queue_name[QUEUE_NUMBERS][POLICY_NAME_MAX]; /* "" = never given */
	uint8_t        queue_index[QUEUE_NUMBERS];                 /* into policy.queue */
	uint8_t        queue_number[POLICY_QUEUES_MAX];
};

/* queues.c: gives each queue of the policy its number. */
void queues_number(struct gate *g);

/* The list that knows the source, and whether that could still change because its name is
 * not known yet. */
struct listing {
	uint16_t list; /* LISTS_NONE */
	bool     is_by_name;
	bool     is_pending;
};

struct listing gate_listing(const struct gate *g, const struct addr *who,
			    const struct source *s, struct mono now);

/* The queue a source lives under: its list's, else its entry's, else `default`. */
uint8_t gate_queue_of(const struct gate *g, const struct listing *l,
		      const struct entry *e);

/* The source's entry, unless its window has closed; changes nothing. */
const struct entry *gate_known_entry(const struct gate *g, const struct source *s,
				     struct mono now);

/* The same, but one whose window has closed is forgotten here. */
struct entry *gate_live_entry(struct gate *g, const struct source *s, struct mono now,
			      struct times *when);

#endif
