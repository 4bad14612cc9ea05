/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ring.c - bounded queue of values from exactly one thread to exactly one other
 *
 * Head and tail count up for ever and wrap with the integer; their difference is what
 * waits. Each is written by one side only, and published after the value it covers.
 */
#include "base/ring.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The sides would slow each other down if what they write shared a cache line. */
enum { LINE_BYTES = 64 };

struct ring {
	unsigned      mask; /* places - 1 */
	size_t        size; /* bytes of one value */
	char          before_head[LINE_BYTES];
	atomic_uint   head; /* values ever put; written by the sending thread */
	char          before_tail[LINE_BYTES];
	atomic_uint   tail; /* values ever taken; written by the receiving thread */
	char          before_values[LINE_BYTES];
	unsigned char values[];
};

struct ring *ring_new(unsigned count, size_t size)
{
	struct ring *r;

	if (count == 0 || (count & (count - 1)) != 0)
		return NULL;
	if (size > (SIZE_MAX - sizeof(*r)) / count)
		return NULL;
	r = calloc(1, sizeof(*r) + count * size);
	if (!r)
		return NULL;
	r->mask = count - 1;
	r->size = size;
	atomic_init(&r->head, 0);
	atomic_init(&r->tail, 0);
	return r;
}

void ring_free(struct ring *r)
{
	free(r);
}

bool ring_put(struct ring *r, const void *value)
{
	unsigned head = atomic_load_explicit(&r->head, memory_order_relaxed);
	unsigned tail = atomic_load_explicit(&r->tail, memory_order_acquire);

	if (head - tail > r->mask)
		return false;
	memcpy(r->values + (head & r->mask) * r->size, value, r->size);
	atomic_store_explicit(&r->head, head + 1, memory_order_release);
	return true;
}

bool ring_take(struct ring *r, void *value)
{
	unsigned tail = atomic_load_explicit(&r->tail, memory_order_relaxed);
	unsigned head = atomic_load_explicit(&r->head, memory_order_acquire);

	if (head == tail)
		return false;
	memcpy(value, r->values + (tail & r->mask) * r->size, r->size);
	atomic_store_explicit(&r->tail, tail + 1, memory_order_release);
	return true;
}
