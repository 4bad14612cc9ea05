/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netmap.c - longest-prefix map from networks to small numbers
 *
 * Open addressing with linear probing, a table for each family. Prefix lengths that occur
 * are kept longest first, so that the first hit of a look-up is the answer. Nearly all
 * probes find nothing: in front of each table stands a filter, a sixteenth of its size or
 * less, that says so, and stays in the cache where the table does not.
 */
#include "base/netmap.h"

#include <stdlib.h>
#include <string.h>

enum { TABLE_LEAST = 16, LENGTHS_MAX = 129, FILTER_BITS = 4 };

struct slot4 {
	uint32_t key;
	uint16_t value;
	uint8_t bits;
	bool used;
};

struct slot6 {
	uint32_t key[4];
	uint16_t value;
	uint8_t bits;
	bool used;
};

struct lengths {
	uint8_t bits[LENGTHS_MAX]; /* longest first */
	unsigned count;
};

/* FILTER_BITS for each slot; one that is clear: no network with that hash. */
struct filter {
	uint8_t *bits;
	uint32_t mask;
};

struct netmap {
	struct slot4 *slot4;
	struct slot6 *slot6;
	struct filter filter4;
	struct filter filter6;
	uint32_t size4; /* a power of two, or 0 */
	uint32_t size6;
	uint32_t used4;
	uint32_t used6;
	struct lengths lengths4;
	struct lengths lengths6;
};

struct netmap *netmap_new(void)
{
	return calloc(1, sizeof(struct netmap));
}

void netmap_free(struct netmap *m)
{
	if (!m)
		return;
	free(m->slot4);
	free(m->slot6);
	free(m->filter4.bits);
	free(m->filter6.bits);
	free(m);
}

uint32_t netmap_count(const struct netmap *m)
{
	return m->used4 + m->used6;
}

static uint32_t word_at(const uint8_t *b)
{
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static void whole6(const struct addr *a, uint32_t whole[4])
{
	for (unsigned i = 0; i < 4; i++)
		whole[i] = word_at(a->byte + 4 * i);
}

/* The first `bits` of a word; a shift by its whole width would be undefined. */
static uint32_t front(uint32_t word, unsigned bits)
{
	if (bits >= 32)
		return word;
	return bits == 0 ? 0 : word & ~(UINT32_MAX >> bits);
}

/* Multiplicative (Knuth 6.4): the upper half of the product depends on every bit of the
 * key. A look-up hashes once for each length, so it has to be cheap. */
static uint32_t hash4(uint32_t key, unsigned bits)
{
	uint64_t x = (uint64_t)bits << 32 | key;

	return (uint32_t)(x * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

static uint32_t hash6(const uint32_t key[4], unsigned bits)
{
	uint64_t high = (uint64_t)key[0] << 32 | key[1];
	uint64_t low = (uint64_t)key[2] << 32 | key[3];
	uint64_t x = (high + bits) * UINT64_C(0x9e3779b97f4a7c15);

	x = ((x ^ x >> 32) + low) * UINT64_C(0xbf58476d1ce4e5b9);
	return (uint32_t)(x >> 32);
}

static bool filter_new(struct filter *f, uint32_t size)
{
	f->bits = calloc(size / 8, FILTER_BITS);
	f->mask = (uint32_t)((uint64_t)size * FILTER_BITS - 1);
	return f->bits != NULL;
}

static void filter_note(struct filter *f, uint32_t hash)
{
	uint32_t bit = hash & f->mask;

	f->bits[bit / 8] |= (uint8_t)(1U << bit % 8);
}

static bool filter_has(const struct filter *f, uint32_t hash)
{
	uint32_t bit = hash & f->mask;

	return (f->bits[bit / 8] >> bit % 8 & 1) != 0;
}

/* Where the network stands, or the free slot where it would. */
static struct slot4 *probe4(struct slot4 *slot, uint32_t size, uint32_t key,
			    unsigned bits)
{
	uint32_t i = hash4(key, bits) & (size - 1);

	while (slot[i].used && (slot[i].key != key || slot[i].bits != bits))
		i = (i + 1) & (size - 1);
	return &slot[i];
}

static struct slot6 *probe6(struct slot6 *slot, uint32_t size, const uint32_t key[4],
			    unsigned bits)
{
	uint32_t i = hash6(key, bits) & (size - 1);

	while (slot[i].used && (memcmp(slot[i].key, key, sizeof(slot[i].key)) != 0 ||
				slot[i].bits != bits))
		i = (i + 1) & (size - 1);
	return &slot[i];
}

/* Keeps at least half of the slots free. False when out of memory. */
static bool make_room4(struct netmap *m)
{
	uint32_t size = m->size4 ? 2 * m->size4 : TABLE_LEAST;
	struct filter filter;
	struct slot4 *grown;

	if (2 * (m->used4 + 1) <= m->size4)
		return true;
	grown = size ? calloc(size, sizeof(*grown)) : NULL;
	if (!grown || !filter_new(&filter, size)) {
		free(grown);
		return false;
	}
	for (uint32_t i = 0; i < m->size4; i++) {
		const struct slot4 *s = &m->slot4[i];

		if (!s->used)
			continue;
		*probe4(grown, size, s->key, s->bits) = *s;
		filter_note(&filter, hash4(s->key, s->bits));
	}
	free(m->filter4.bits);
	m->filter4 = filter;
	free(m->slot4);
	m->slot4 = grown;
	m->size4 = size;
	return true;
}

static bool make_room6(struct netmap *m)
{
	uint32_t size = m->size6 ? 2 * m->size6 : TABLE_LEAST;
	struct filter filter;
	struct slot6 *grown;

	if (2 * (m->used6 + 1) <= m->size6)
		return true;
	grown = size ? calloc(size, sizeof(*grown)) : NULL;
	if (!grown || !filter_new(&filter, size)) {
		free(grown);
		return false;
	}
	for (uint32_t i = 0; i < m->size6; i++) {
		const struct slot6 *s = &m->slot6[i];

		if (!s->used)
			continue;
		*probe6(grown, size, s->key, s->bits) = *s;
		filter_note(&filter, hash6(s->key, s->bits));
	}
	free(m->filter6.bits);
	m->filter6 = filter;
	free(m->slot6);
	m->slot6 = grown;
	m->size6 = size;
	return true;
}

static void note_length(struct lengths *l, uint8_t bits)
{
	unsigned at = 0;

	while (at < l->count && l->bits[at] > bits)
		at++;
	if (at < l->count && l->bits[at] == bits)
		return;
	memmove(l->bits + at + 1, l->bits + at, l->count - at);
	l->bits[at] = bits;
	l->count++;
}

static uint16_t *put4(struct netmap *m, const struct net *net, uint16_t value)
{
	uint32_t key = word_at(net->addr.byte);
	struct slot4 *s;

	if (!make_room4(m))
		return NULL;
	s = probe4(m->slot4, m->size4, key, net->bits);
	if (!s->used) {
		*s = (struct slot4){ key, value, net->bits, true };
		m->used4++;
		filter_note(&m->filter4, hash4(key, net->bits));
		note_length(&m->lengths4, net->bits);
	}
	return &s->value;
}

static uint16_t *put6(struct netmap *m, const struct net *net, uint16_t value)
{
	struct slot6 new = { .value = value, .bits = net->bits, .used = true };
	struct slot6 *s;

	whole6(&net->addr, new.key);
	if (!make_room6(m))
		return NULL;
	s = probe6(m->slot6, m->size6, new.key, net->bits);
	if (!s->used) {
		*s = new;
		m->used6++;
		filter_note(&m->filter6, hash6(new.key, net->bits));
		note_length(&m->lengths6, net->bits);
	}
	return &s->value;
}

uint16_t *netmap_put(struct netmap *m, const struct net *net, uint16_t value)
{
	return net->addr.family == ADDR_IP6 ? put6(m, net, value) : put4(m, net, value);
}

static void cut6(const uint32_t whole[4], unsigned bits, uint32_t key[4])
{
	for (unsigned w = 0; w < 4; w++)
		key[w] = front(whole[w], bits > 32 * w ? bits - 32 * w : 0);
}

static bool find4(const struct netmap *m, const struct addr *a, uint16_t *value,
		  unsigned *bits)
{
	uint32_t whole = word_at(a->byte), key;
	const struct slot4 *s;

	for (unsigned i = 0; i < m->lengths4.count; i++) {
		unsigned length = m->lengths4.bits[i];

		key = front(whole, length);
		if (!filter_has(&m->filter4, hash4(key, length)))
			continue;
		s = probe4(m->slot4, m->size4, key, length);
		if (s->used) {
			*value = s->value;
			*bits = length;
			return true;
		}
	}
	return false;
}

static bool find6(const struct netmap *m, const struct addr *a, uint16_t *value,
		  unsigned *bits)
{
	uint32_t whole[4], key[4];
	const struct slot6 *s;

	whole6(a, whole);
	for (unsigned i = 0; i < m->lengths6.count; i++) {
		unsigned length = m->lengths6.bits[i];

		cut6(whole, length, key);
		if (!filter_has(&m->filter6, hash6(key, length)))
			continue;
		s = probe6(m->slot6, m->size6, key, length);
		if (s->used) {
			*value = s->value;
			*bits = length;
			return true;
		}
	}
	return false;
}

bool netmap_find(const struct netmap *m, const struct addr *a, uint16_t *value,
		 unsigned *bits)
{
	if (a->family == ADDR_IP4)
		return find4(m, a, value, bits);
	return a->family == ADDR_IP6 && find6(m, a, value, bits);
}

/* One for each prefix length that occurs; how many. */
static unsigned hashes_of(const struct netmap *m, const struct addr *a,
			  uint32_t hash[LENGTHS_MAX])
{
	bool is_ip4 = a->family == ADDR_IP4;
	const struct lengths *l = is_ip4 ? &m->lengths4 : &m->lengths6;
	uint32_t whole[4], key[4];

	if (is_ip4)
		whole[0] = word_at(a->byte);
	else
		whole6(a, whole);
	for (unsigned i = 0; i < l->count; i++) {
		if (is_ip4) {
			hash[i] = hash4(front(whole[0], l->bits[i]), l->bits[i]);
		} else {
			cut6(whole, l->bits[i], key);
			hash[i] = hash6(key, l->bits[i]);
		}
	}
	return l->count;
}

/* The loops stand in the functions that others call: a static one that only prefetches
 * has no effect in the eyes of gcc, which leaves out the call. */
void netmap_fetch_filter(const struct netmap *m, const struct addr *a)
{
	const struct filter *f = a->family == ADDR_IP4 ? &m->filter4 : &m->filter6;
	uint32_t hash[LENGTHS_MAX];
	unsigned count = hashes_of(m, a, hash);

	for (unsigned i = 0; i < count; i++)
		__builtin_prefetch(&f->bits[(hash[i] & f->mask) / 8]);
}

void netmap_fetch_slots(const struct netmap *m, const struct addr *a)
{
	bool is_ip4 = a->family == ADDR_IP4;
	const struct filter *f = is_ip4 ? &m->filter4 : &m->filter6;
	uint32_t hash[LENGTHS_MAX];
	unsigned count = hashes_of(m, a, hash);

	for (unsigned i = 0; i < count; i++) {
		if (!filter_has(f, hash[i]))
			continue;
		if (is_ip4)
			__builtin_prefetch(&m->slot4[hash[i] & (m->size4 - 1)]);
		else
			__builtin_prefetch(&m->slot6[hash[i] & (m->size6 - 1)]);
	}
}
