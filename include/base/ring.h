/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ring.h - bounded queue of values from exactly one thread to exactly one other
 *
 * Neither side ever waits for the other: there is no lock, a full ring refuses the
 * value and an empty one gives nothing. Waking the other side up is the caller's
 * business. Allocates in ring_new() only.
 */
#ifndef BASE_RING_H
#define BASE_RING_H

#include <stdbool.h>
#include <stddef.h>

struct ring;

/* Room for `count` values, a power of two, of `size` bytes; NULL when out of memory. */
struct ring *ring_new(unsigned count, size_t size);
void ring_free(struct ring *r);

/* Sending thread: copies the value in; false when the ring is full. */
bool ring_put(struct ring *r, const void *value);

/* Receiving thread: copies the oldest value out; false when there is none. */
bool ring_take(struct ring *r, void *value);

#endif
