/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pace.c - measure the rate, remember useless naps
 */
#include "daemon/pace_int.h"

bool pace_should_nap(struct pace *p, unsigned packets, int64_t now_us, int64_t nap_us)
{
	int64_t elapsed = now_us - p->window_start_us;

	if (p->has_napped && packets < 2)
		p->wary_until_us = now_us + PACE_WARY_US;
	p->packets += packets;
	if (elapsed >= PACE_WINDOW_US) {
		p->is_fast = p->packets * nap_us >= 2 * elapsed;
		p->window_start_us = now_us;
		p->packets = 0;
	}
	p->has_napped = nap_us > 0 && p->is_fast && now_us >= p->wary_until_us;
	return p->has_napped;
}
