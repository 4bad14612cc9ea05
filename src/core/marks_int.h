/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * marks_int.h - which of many places have changed: one bit each, and how many are set
 *
 * Memory is taken in marks_init() only. Without it nothing is ever marked.
 */
#ifndef CORE_MARKS_INT_H
#define CORE_MARKS_INT_H

#include <stdbool.h>
#include <stdint.h>

struct marks {
	uint64_t *word;  /* owned; NULL: nothing is marked */
	uint32_t  words;
	uint32_t  count; /* of marked places */
};

/* False when out of memory. */
bool marks_init(struct marks *m, uint32_t places);
void marks_fini(struct marks *m);

/* `place` lies below the number of places. */
void marks_set(struct marks *m, uint32_t place);

/* All places below `end`. */
void marks_set_below(struct marks *m, uint32_t end);

/* Takes the first mark at or behind *place: it is unset, and *place is where it was.
 * False when there is none within `words` words; *place is then where to go on, at or
 * behind the last place when all were looked at. */
bool marks_take(struct marks *m, uint32_t *place, uint32_t words);

#endif
