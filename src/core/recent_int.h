/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recent_int.h - attempts seen a moment ago, to know a retransmission
 *
 * A fixed cache: under flood the oldest of two candidates is forgotten, and then a
 * retransmission counts as a new attempt. Two attempts are taken for one with a chance of
 * 2^-23. Private to the gate.
 */
#ifndef CORE_RECENT_INT_H
#define CORE_RECENT_INT_H

#include <stdint.h>

#include "base/tick.h"

/* Linux gives up on a SYN 127 s after the first (tcp_syn_retries = 6), the longest gap
 * between two of them being 64 s. */
enum { RECENT_MS = 180 * 1000 };

struct recent;

/* 16 bytes a pair, of which each can hold two attempts; untouched ones take no memory.
 * `pairs` is a power of two. NULL when out of memory. */
struct recent *recent_new(uint32_t pairs);
void recent_free(struct recent *r);

/* Starts loading what the next two need. */
void recent_fetch(const struct recent *r, uint64_t id);

/* What was noted of the attempt `id` (its keyed hash) within RECENT_MS; 0 = nothing. */
uint8_t recent_find(const struct recent *r, uint64_t id, struct mono now);

/* Whole seconds since then; negative when nothing was noted. */
int64_t recent_age(const struct recent *r, uint64_t id, struct mono now);

/* Notes `what` (not 0) of the attempt, or renews it; returns what recent_find() would
 * have. */
uint8_t recent_note(struct recent *r, uint64_t id, struct mono now, uint8_t what);

#endif
