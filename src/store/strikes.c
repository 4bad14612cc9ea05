/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * strikes.c - the times of strikes as text
 */
#include "store/strikes_int.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

bool strikes_parse(const char *text, int64_t strike[POLICY_STRIKES_MAX],
		   unsigned *strikes)
{
	char number[24];
	uint64_t n;

	for (*strikes = 0; *text != '\0'; (*strikes)++) {
		size_t len = strcspn(text, " ");

		if (*strikes == POLICY_STRIKES_MAX || len >= sizeof(number))
			return false;
		memcpy(number, text, len);
		number[len] = '\0';
		if (!text_number(number, 0, INT64_MAX / 2, &n) ||
		    (*strikes > 0 && (int64_t)n < strike[*strikes - 1]))
			return false;
		strike[*strikes] = (int64_t)n;
		text += len + (text[len] == ' ');
	}
	return true;
}

void strikes_format(const int64_t *strike, unsigned strikes, char out[STRIKES_TEXT_MAX])
{
	size_t used = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < strikes; i++)
		used += (size_t)snprintf(out + used, STRIKES_TEXT_MAX - used,
					 "%s%" PRId64, i > 0 ? " " : "", strike[i]);
}
