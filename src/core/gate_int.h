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
#include "core/quota_int.h"
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
	struct recent *asked;    /* owned; knocks that are to prove their source: apart,
				  * and larger, as who is forgotten here waits in vain */
	struct quota  *quota;    /* owned */
	uint64_t       over;     /* as in struct gate_counts */
	uint64_t       unasked;
	char           queue_name[QUEUE_NUMBERS][POLICY_NAME_MAX]; /* "" = never given */
	uint8_t        queue_index[QUEUE_NUMBERS];                 /* into policy.queue */
	uint8_t        queue_number[POLICY_QUEUES_MAX];
	bool           is_loading; /* an unknown source may be known in a moment */
	bool           expects_entries; /* what is stored of them is coming back */
	bool           expects_records;
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

/* What is worked out of an attempt before it is judged, and meanwhile. */
struct view {
	enum { TO_FAKE, TO_REAL, TO_NOBODY } to; /* TO_NOBODY: the rest is unset */
	struct source source;
	uint64_t      id; /* retransmissions of one SYN have one */
	struct listing listing;
	enum { QUOTA_UNKNOWN, QUOTA_WITHIN, QUOTA_OVER } quota; /* gate_charge() */
	bool is_known; /* let in or proven before: its names are asked for first */
};

/* The source's entry, unless its window has closed; changes nothing. */
const struct entry *gate_known_entry(const struct gate *g, const struct source *s,
				     struct mono now);

/* The same, but one whose window has closed is forgotten here. */
struct entry *gate_live_entry(struct gate *g, const struct source *s, struct mono now,
			      struct times *when);

/* A new entry, as by a knock or an attempt. Of a network that has overspent it is the
 * first to go, so that the network pushes out its own. */
struct entry *gate_begin_entry(struct gate *g, struct view *v, enum showing showing,
			       struct mono now, struct times *when);

/* proof.c: what the knock in hand shows, and that it came. */
enum showing gate_showing(struct gate *g, const struct view *v, const struct entry *e,
			  struct mono now);

/* proof.c: whether the knock counts in full. */
bool gate_is_good(enum showing s);

/* proof.c: how long a window such a knock begins. */
int64_t gate_window(const struct gate *g, const struct queue *q, enum showing s);

/* proof.c: whether an entry whose window ends in `left_ms` stays an unused sibling: a
 * knock that may be forged takes nobody's bringer away, unless for a longer window. */
bool gate_follows_on(const struct gate *g, const struct queue *q, const struct entry *e,
		     enum showing s, int64_t left_ms);

/* proof.c: the whole window, as if the knock had been good from the start. */
void gate_give_window(const struct queue *q, struct entry *e, struct mono now,
		      struct times *when);

/* proof.c: it knocked, and neither was proven nor let in since. */
bool gate_is_on_probation(const struct gate *g, const struct entry *e);

/* proof.c: what its entry says for an attempt. */
void gate_know(struct view *v, const struct entry *e);

/* proof.c: charges the networks around the source, once an attempt at most, and nothing
 * for a kept one. False when they have overspent. */
bool gate_charge(struct gate *g, struct view *v, struct mono now);

/* proof.c: how valuable an entry is after a knock of its source, or after its use. */
void gate_value_knock(struct gate *g, struct view *v, struct entry *e, struct mono now);
void gate_value_use(struct gate *g, struct view *v, struct entry *e, struct mono now);

/* proof.c: wishes for the source's names, unless its networks have overspent. */
void gate_ask_names(struct gate *g, struct view *v, const struct addr *who,
		    struct mono now, struct effects *fx);

/* change.c: marks it when what is stored of it should change; `was` is what it was. */
void gate_note_change(struct gate *g, const struct entry *e, const struct entry *was);

#endif
