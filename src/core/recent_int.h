/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recent_int.h - attempts seen a moment ago, to know a retransmission
 *
 * A fixed cache: under flood the oldest of two candidates is forgotten, and then a
 * retransmission counts as a new attempt. Private to the gate.
 */
#ifndef CORE_RECENT_INT_H
#define CORE_RECENT_INT_H

#include <stdint.h>

#include "base/tick.h"

/* Linux gives up on a SYN 127 s after the first (tcp_syn_retries = 6), the longest gap
 * between two of them being 64 s. */
enum { RECENT_MS = 180 * 1000 };

struct recent;

/* 128 KiB; NULL when out of memory. */
struct recent *recent_new(void);
void recent_free(struct recent *r);

/* What was noted of the attempt `id` (a keyed hash of it) within RECENT_MS; 0 = nothing. */
uint32_t recent_find(const struct recent *r, uint64_t id, struct mono now);

/* Notes `what` (not 0) of the attempt, or renews it. */
void recent_note(struct recent *r, uint64_t id, struct mono now, uint32_t what);

#endif
