/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * totals.c - a set of sources, each with the rows it was counted in
 */
#include "daemon/totals_int.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

enum { SLOTS_LEAST = 1024 };

struct seen {
	struct addr source; /* of no family: a free slot */
	uint64_t    rows;   /* a bit for each */
};

_Static_assert((int)TOTALS_ROWS <= 64, "struct seen has a bit for each row");
_Static_assert(sizeof(((struct totals *)NULL)->secret) == crypto_shorthash_KEYBYTES,
	       "the secret is a key of this hash");

bool totals_init(struct totals *t, const struct policy *p)
{
	memset(t, 0, sizeof(*t));
	t->prefix4 = p->prefix4;
	t->prefix6 = p->prefix6;
	t->observe = p->observe;
	t->max = p->entries_max;
	t->size = SLOTS_LEAST;
	randombytes_buf(t->secret, sizeof(t->secret));
	t->slot = calloc(t->size, sizeof(*t->slot));
	return t->slot != NULL;
}

void totals_fini(struct totals *t)
{
	free(t->slot);
	t->slot = NULL;
}

/* Where the source is, or the free slot where it would be. */
static struct seen *probe(const struct totals *t, struct seen *slot, uint32_t size,
			  const struct addr *source)
{
	uint64_t hash;
	uint32_t i;

	crypto_shorthash((uint8_t *)&hash, (const uint8_t *)source, sizeof(*source),
			 t->secret);
	i = (uint32_t)hash & (size - 1);
	while (slot[i].source.family != ADDR_NONE &&
	       !addr_is_equal(&slot[i].source, source))
		i = (i + 1) & (size - 1);
	return &slot[i];
}

static bool grow(struct totals *t)
{
	uint32_t size = 2 * t->size;
	struct seen *grown = calloc(size, sizeof(*grown));

	if (!grown)
		return false;
	for (uint32_t i = 0; i < t->size; i++)
		if (t->slot[i].source.family != ADDR_NONE)
			*probe(t, grown, size, &t->slot[i].source) = t->slot[i];
	free(t->slot);
	t->slot = grown;
	t->size = size;
	return true;
}

/* Half of the slots stay free. NULL: no room for another source. */
static struct seen *find_or_add(struct totals *t, const struct addr *source)
{
	struct seen *s = probe(t, t->slot, t->size, source);

	if (s->source.family != ADDR_NONE)
		return s;
	if (t->used == t->max)
		return NULL;
	if (2 * (t->used + 1) > t->size) {
		if (!grow(t))
			return NULL;
		s = probe(t, t->slot, t->size, source);
	}
	s->source = *source;
	t->used++;
	return s;
}

void totals_count(struct totals *t, const struct attempt *a, const struct decision *d)
{
	unsigned row = (unsigned)d->reason * VERDICTS + (unsigned)d->would;
	unsigned bits = a->src.family == ADDR_IP4 ? t->prefix4 : t->prefix6;
	struct addr source = addr_mask(&a->src, bits);
	struct seen *s;

	t->row[row].packets++;
	if (source.family == ADDR_NONE)
		return;
	s = find_or_add(t, &source);
	if (!s) {
		t->uncounted++;
	} else if (!(s->rows >> row & 1)) {
		s->rows |= UINT64_C(1) << row;
		t->row[row].sources++;
	}
}

void totals_print(const struct totals *t, FILE *out)
{
	for (unsigned row = 0; row < TOTALS_ROWS; row++) {
		enum verdict would = (enum verdict)(row % VERDICTS);
		enum verdict v = t->observe ? VERDICT_ACCEPT : would;

		if (t->row[row].packets == 0)
			continue;
		fprintf(out, "total reason=%s verdict=%s",
			reason_name((enum reason)(row / VERDICTS)), verdict_name(v));
		if (v != would)
			fprintf(out, " would=%s", verdict_name(would));
		fprintf(out, " packets=%" PRIu64 " sources=%" PRIu64 "\n",
			t->row[row].packets, t->row[row].sources);
	}
}
