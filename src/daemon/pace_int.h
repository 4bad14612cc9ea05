/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pace_int.h - when to nap so that packets gather
 *
 * Waking up costs more than a verdict. Under load a nap of some hundred microseconds
 * after a read that emptied the queue lets a batch form; with few packets it would only
 * delay them. So: nap while at least two packets come per nap, and not again for a while
 * after a nap that brought no two. Pure; times in microseconds.
 */
#ifndef DAEMON_PACE_INT_H
#define DAEMON_PACE_INT_H

#include <stdbool.h>
#include <stdint.h>

enum {
	PACE_WINDOW_US = 2000,  /* over which the rate is measured */
	PACE_WARY_US = 100000,  /* without naps after a useless one */
};

struct pace {
	int64_t  window_start_us;
	unsigned packets;       /* since then */
	bool     is_fast;       /* the last whole window was */
	bool     has_napped;    /* before the turn that is counted next */
	int64_t  wary_until_us;
};

/* Counts the packets of a turn that ends now, and says whether to nap for `nap_us` (0 =
 * never). Only for turns that emptied the queue. */
bool pace_should_nap(struct pace *p, unsigned packets, int64_t now_us, int64_t nap_us);

#endif
