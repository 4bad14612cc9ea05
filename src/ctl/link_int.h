/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link_int.h - the connection to the daemon, line by line
 */
#ifndef CTL_LINK_INT_H
#define CTL_LINK_INT_H

#include <stdbool.h>
#include <stddef.h>

#include "ctl/row_int.h"

enum { LINK_PATIENCE_S = 5 };

struct link {
	int fd;
	const char *path; /* borrowed */
	bool is_silent;   /* it was waited for in vain: see link_read() */
	size_t used; /* bytes in the buffer, ... */
	size_t at;   /* ... of these, given out already */
	char buffer[2 * ROW_MAX];
	size_t unsent;
	char out[8 * ROW_MAX];
};

/* Negative errno; -EAGAIN: nobody takes the connection. From here on a daemon that moves
 * not a byte for LINK_PATIENCE_S is waited for as long as it answers another connection
 * within that time: it may have to look far, or there is nothing to tell. */
int link_open(struct link *l, const char *path);
void link_close(struct link *l);

/* Sends the line and a newline, at the latest when the next line is read; false when the
 * daemon hung up. */
bool link_send(struct link *l, const char *line);

/* The next line without its newline, valid until the next call; one beyond ROW_MAX is
 * cut. NULL when the daemon hung up, or is silent. */
const char *link_read(struct link *l);

#endif
