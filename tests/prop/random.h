/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * random.h - chance that can be repeated: the same seed, the same numbers
 */
#ifndef TESTS_PROP_RANDOM_H
#define TESTS_PROP_RANDOM_H

#include <stdint.h>
#include <stdlib.h>

/* splitmix64 */
static inline uint64_t next(uint64_t *state)
{
	uint64_t x = *state += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

/* The seed: the first argument, else $SEED, else 1. */
static inline uint64_t seed_of(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : getenv("SEED");

	return word ? strtoull(word, NULL, 0) : 1;
}

/* How much is to happen: the second argument, else what is usual. */
static inline unsigned count_of(int argc, char **argv, unsigned usual)
{
	return argc > 2 ? (unsigned)strtoul(argv[2], NULL, 0) : usual;
}

#endif
