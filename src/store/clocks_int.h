/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clocks_int.h - how much time has passed since the file was written
 */
#ifndef STORE_CLOCKS_INT_H
#define STORE_CLOCKS_INT_H

#include <stdbool.h>

#include "store/store.h"

enum { CLOCKS_ELAPSED_MAX = 7 * 24 * 3600 };

/* What a commit leaves in the file: the clocks, the wall's by the file's scale. */
struct clocks_stamp {
	char boot[STORE_BOOT_MAX];
	struct store_clocks at;
};

enum clocks_doubt {
	CLOCKS_FINE,
	CLOCKS_BACKWARDS, /* the wall clock is behind: no time counts as passed */
	CLOCKS_TOO_FAR,   /* more than a week: that much counts */
};

/* Seconds since the stamp. Within one boot the wall clock has no say; else it is believed
 * as far as the above goes. Pure. */
int64_t clocks_elapsed(const struct clocks_stamp *stamp, const char *boot,
		       const struct store_clocks *now, enum clocks_doubt *doubt);

#endif
