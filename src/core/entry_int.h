/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * entry_int.h - what is known of a source that may come, or could
 *
 * An entry is precious once its source was let in, or proven: see is_kept() in proof.c.
 * An unused sibling has no times of its own: it opens, closes and goes with the entry
 * that brought it.
 */
#ifndef CORE_ENTRY_INT_H
#define CORE_ENTRY_INT_H

#include "core/gate.h"
#include "core/pool_int.h"

enum entry_flag {
	ENTRY_SIBLING = NODE_FREE_FLAG,     /* brought by another entry, not yet used */
	ENTRY_VIA_SHIFT = 4,                /* two bits: enum via */
	ENTRY_VIA = 3 << ENTRY_VIA_SHIFT,
	ENTRY_PROVEN = 64, /* its source showed that it is where it says it is */
	ENTRY_USED = 128,  /* was let in at least once, or trusted */
};

/* 28 bytes. node.spare is the number of its queue (struct gate knows the numbers),
 * node.count how many connections were accepted in this window. Times are milliseconds,
 * in two pieces to keep it small. */
struct entry {
	struct node node;
	uint32_t bringer : 24;	     /* place of the entry that brought it, */
	uint32_t open_high : 8;
	uint16_t bringer_generation; /* and that place's generation then */
	uint16_t closes_high;
	uint32_t closes_low;
	uint32_t open_low; /* how long before that it opens, 34 years at most */
};

struct times {
	struct mono opens;
	struct mono closes;
};

/* When it opens and closes; an unused sibling whose bringer is gone closed at the
 * beginning of time. */
struct times entry_times(const struct pool *p, const struct entry *e);

/* Gives it times of its own. One that would close before it opens never opens; one that
 * opened earlier than it can say opened as early as it can. */
void entry_set_times(struct entry *e, struct times when);

void entry_set_bringer(const struct pool *p, struct entry *e,
		       const struct entry *bringer);

/* The entry that brought it, used or not; NULL when it is gone, or nobody did. */
const struct entry *entry_bringer(const struct pool *p, const struct entry *e);

enum via entry_via(const struct entry *e);
void entry_set_via(struct entry *e, enum via via);

/* More than that its window was prolonged within the same step of its closing time. */
bool entry_has_changed(const struct entry *e, const struct entry *was, int64_t step_ms);

/* For the pool. */
bool entry_has_expired(const struct pool *p, const struct node *n, struct mono now);

#endif
