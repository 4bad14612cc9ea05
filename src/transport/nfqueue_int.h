/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nfqueue_int.h - what the two halves of the nfqueue transport share
 */
#ifndef TRANSPORT_NFQUEUE_INT_H
#define TRANSPORT_NFQUEUE_INT_H

#include <stdbool.h>
#include <stdint.h>

enum {
	NFQUEUE_PROC_FULL = 5,
	NFQUEUE_PROC_BUFFER = 6,
	NFQUEUE_PROC_COLUMNS = 9,
};

/* The queue's line of /proc/net/netfilter/nfnetlink_queue; false when it has none. */
bool nfqueue_proc_line(uint16_t num, unsigned long column[NFQUEUE_PROC_COLUMNS]);

#endif
