/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nearest.c - what somebody probably meant who mistyped a name
 */
#include "conf/conf_int.h"

#include <string.h>

enum { MAX_NAME = 40 }; /* longer names are near to nothing */

static unsigned smaller(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static char folded(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c == '_' ? '-' : c;
}

/* Characters to insert, drop or change to make one out of the other (Levenshtein). */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[MAX_NAME + 1];
	size_t width = strlen(b);

	for (unsigned j = 0; j <= width; j++)
		row[j] = j;
	for (unsigned i = 1; a[i - 1]; i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= width; j++) {
			unsigned change = folded(a[i - 1]) == folded(b[j - 1]) ? 0 : 1;
			unsigned above = row[j];

			row[j] = smaller(diagonal + change,
					 smaller(above, row[j - 1]) + 1);
			diagonal = above;
		}
	}
	return row[width];
}

struct nearest nearest_to(const char *name)
{
	size_t len = strlen(name);
	struct nearest n = { .name = name };

	if (len >= 2 && len <= MAX_NAME)
		n.below = len < 5 ? 2 : len < 10 ? 3 : 4;
	return n;
}

void nearest_try(struct nearest *n, const char *candidate)
{
	unsigned d;

	if (n->below == 0)
		return;
	d = distance(n->name, candidate);
	if (d < n->below) {
		n->below = d;
		n->best = candidate;
	}
}
