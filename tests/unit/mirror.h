/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mirror.h - the stupidest store: the newest change of each place, and nothing else
 */
#ifndef TESTS_UNIT_MIRROR_H
#define TESTS_UNIT_MIRROR_H

#include <stdlib.h>

#include "core/change.h"

enum { MIRROR_PLACES = 2 * POLICY_ENTRIES_MIN };

struct mirror {
	struct change of[2][MIRROR_PLACES]; /* by kind */
	bool          is_there[2][MIRROR_PLACES];
	unsigned      taken; /* changes so far */
};

/* In pieces of `piece`. */
static inline void mirror_take(struct mirror *m, struct gate *g, unsigned piece)
{
	struct change_walk w = { .place = 0 };
	struct change c[64];

	while (!w.is_over) {
		unsigned n = gate_take_changes(g, &w, c, piece);

		for (unsigned i = 0; i < n; i++) {
			m->of[c[i].kind][c[i].place] = c[i];
			m->is_there[c[i].kind][c[i].place] = !c[i].is_gone;
		}
		m->taken += n;
	}
}

static inline unsigned mirror_count(const struct mirror *m, enum change_kind kind)
{
	unsigned count = 0;

	for (unsigned i = 0; i < MIRROR_PLACES; i++)
		count += m->is_there[kind][i];
	return count;
}

static inline uint32_t mirror_end(const struct mirror *m, enum change_kind kind)
{
	uint32_t end = 0;

	for (uint32_t i = 0; i < MIRROR_PLACES; i++)
		if (m->is_there[kind][i])
			end = i + 1;
	return end;
}

/* Those that follow nobody first; of these the used, and the one that closes last. */
static inline int mirror_by_worth(const void *left, const void *right)
{
	const struct change_entry *a = &(*(const struct change *const *)left)->of.entry;
	const struct change_entry *b = &(*(const struct change *const *)right)->of.entry;

	if (a->follows != b->follows)
		return a->follows ? 1 : -1;
	if (a->is_used != b->is_used)
		return a->is_used ? -1 : 1;
	return a->closes.ms < b->closes.ms ? 1 : a->closes.ms > b->closes.ms ? -1 : 0;
}

/* As the daemon does it. How many were of no use. */
static inline unsigned mirror_give(const struct mirror *m, struct gate *g, int64_t now_ms)
{
	const struct change *sorted[MIRROR_PLACES];
	unsigned count = 0, useless = 0;

	gate_expect_back(g, mirror_end(m, CHANGE_ENTRY), mirror_end(m, CHANGE_RECORD));
	for (unsigned i = 0; i < MIRROR_PLACES; i++)
		if (m->is_there[CHANGE_ENTRY][i])
			sorted[count++] = &m->of[CHANGE_ENTRY][i];
	qsort(sorted, count, sizeof(sorted[0]), mirror_by_worth);
	for (unsigned i = 0; i < count; i++)
		useless += !gate_take_back(g, sorted[i], (struct mono){ now_ms });
	for (unsigned i = 0; i < MIRROR_PLACES; i++)
		if (m->is_there[CHANGE_RECORD][i])
			useless += !gate_take_back(g, &m->of[CHANGE_RECORD][i],
						   (struct mono){ now_ms });
	gate_end_load(g);
	return useless;
}

#endif
