/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz.h - what every fuzz target offers
 *
 * A target aborts when something does not hold that must hold for every input. eat.c
 * feeds it files; tests/fuzz/hunt lets libFuzzer search (this is its signature).
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Returns 0. The bytes are borrowed for the call. */
int fuzz_one(const uint8_t *bytes, size_t len);

#endif
