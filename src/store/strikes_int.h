/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * strikes_int.h - the times of strikes as text: seconds, oldest first, blanks between
 */
#ifndef STORE_STRIKES_INT_H
#define STORE_STRIKES_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/policy.h"

enum { STRIKES_TEXT_MAX = POLICY_STRIKES_MAX * 21 + 1 };

/* False when it is anything else, or more than there can be. */
bool strikes_parse(const char *text, int64_t strike[POLICY_STRIKES_MAX],
		   unsigned *strikes);
void strikes_format(const int64_t *strike, unsigned strikes, char out[STRIKES_TEXT_MAX]);

#endif
