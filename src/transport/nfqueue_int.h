/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nfqueue_int.h - what the two halves of the nfqueue transport share
 */
#ifndef TRANSPORT_NFQUEUE_INT_H
#define TRANSPORT_NFQUEUE_INT_H

#include <stdbool.h>
#include <stdint.h>

enum {
	NFQUEUE_PROC_WAITING = 2,
	NFQUEUE_PROC_FULL = 5,
	NFQUEUE_PROC_BUFFER = 6,
	NFQUEUE_PROC_COLUMNS = 9,
};

/* /proc/net/netfilter/nfnetlink_queue, or -1; and a queue's line of it, false when it has
 * none. */
int nfqueue_proc_open(void);
bool nfqueue_proc_line(int fd, uint16_t num, unsigned long column[NFQUEUE_PROC_COLUMNS]);

#endif
