/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * marks.c - bits in words, searched a word at a time
 */
#include "core/marks_int.h"

#include <stdlib.h>

enum { BITS = 64 };

bool marks_init(struct marks *m, uint32_t places)
{
	m->words = places / BITS + 1;
	m->count = 0;
	m->word = calloc(m->words, sizeof(*m->word));
	return m->word != NULL;
}

void marks_fini(struct marks *m)
{
	free(m->word);
	m->word = NULL;
}

void marks_set(struct marks *m, uint32_t place)
{
	uint64_t bit = UINT64_C(1) << place % BITS;

	if (!m->word || (m->word[place / BITS] & bit))
		return;
	m->word[place / BITS] |= bit;
	m->count++;
}

void marks_set_below(struct marks *m, uint32_t end)
{
	for (uint32_t place = 0; m->word && place < end;) {
		if (place % BITS == 0 && end - place >= BITS &&
		    m->word[place / BITS] == 0) {
			m->word[place / BITS] = UINT64_MAX;
			m->count += BITS;
			place += BITS;
		} else {
			marks_set(m, place++);
		}
	}
}

bool marks_take(struct marks *m, uint32_t *place, uint32_t words)
{
	uint32_t at = *place / BITS;
	uint64_t ahead = UINT64_MAX << *place % BITS;

	for (; m->word && at < m->words && words > 0; at++, words--) {
		uint64_t set = m->word[at] & ahead;

		if (set != 0) {
			*place = at * BITS + (uint32_t)__builtin_ctzll(set);
			m->word[at] &= ~(set & -set);
			m->count--;
			return true;
		}
		ahead = UINT64_MAX;
	}
	*place = m->word ? at * BITS : UINT32_MAX;
	return false;
}
