/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * totals_int.h - packets and sources by what became of them, for the end of a replay
 *
 * A source is counted once for each reason and verdict it met. No more than entries-max
 * of them are told apart, in up to 128 bytes each; the packets of the rest are counted
 * all the same. One thread.
 */
#ifndef DAEMON_TOTALS_INT_H
#define DAEMON_TOTALS_INT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/gate.h"

enum { TOTALS_ROWS = REASONS * VERDICTS };

struct totals {
	struct {
		uint64_t packets;
		uint64_t sources;
	} row[TOTALS_ROWS];
	uint64_t     uncounted; /* packets of sources beyond the limit */
	unsigned     prefix4;
	unsigned     prefix6;
	bool         observe;
	struct seen *slot;      /* owned */
	uint32_t     size;      /* of them, a power of two */
	uint32_t     used;
	uint32_t     max;
	uint8_t secret[16]; /* random: whoever made the capture cannot slow us down */
};

/* False when out of memory; ended with totals_fini() all the same. */
bool totals_init(struct totals *t, const struct policy *p);
void totals_fini(struct totals *t);

void totals_count(struct totals *t, const struct attempt *a, const struct decision *d);

/* One line for each reason and verdict that occurred, in the order of the rule. */
void totals_print(const struct totals *t, FILE *out);

#endif
