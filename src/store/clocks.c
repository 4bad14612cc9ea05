/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clocks.c - how much time has passed since the file was written
 */
#include "store/clocks_int.h"

#include <string.h>

int64_t clocks_elapsed(const struct clocks_stamp *stamp, const char *boot,
		       const struct store_clocks *now, enum clocks_doubt *doubt)
{
	*doubt = CLOCKS_FINE;
	if (boot[0] != '\0' && strcmp(stamp->boot, boot) == 0 &&
	    now->boot >= stamp->at.boot)
		return now->boot - stamp->at.boot;
	if (now->wall < stamp->at.wall) {
		*doubt = CLOCKS_BACKWARDS;
		return 0;
	}
	if (now->wall - stamp->at.wall > CLOCKS_ELAPSED_MAX) {
		*doubt = CLOCKS_TOO_FAR;
		return CLOCKS_ELAPSED_MAX;
	}
	return now->wall - stamp->at.wall;
}
