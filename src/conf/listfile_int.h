/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * listfile_int.h - entries of a list: one by one, from a text, from a file
 */
#ifndef CONF_LISTFILE_INT_H
#define CONF_LISTFILE_INT_H

#include "conf/conf_int.h"
#include "wire/dnsname.h"

enum {
	LIST_LINE_MAX = 512,  /* bytes of a line without its newline */
	LIST_NAME_MAX = 1 + DNSNAME_MAX, /* of a pattern: it may begin with a dot */
	LIST_WRONG_MAX = 160, /* what is wrong with an entry */
};

struct list_entry {
	bool       is_name;
	struct net net;                 /* unless is_name */
	char       name[LIST_NAME_MAX]; /* lower case, without a final dot */
};

/* False: `wrong` (LIST_WRONG_MAX bytes) says why, to stand behind the quoted entry. */
bool list_entry_parse(const char *text, struct list_entry *out, char *wrong);

/* False when out of memory. */
bool list_entry_add(struct lists *lists, uint16_t list, const struct list_entry *e);

/* Where the entries of a text go, and how far it has been read. */
struct list_reading {
	struct lists     *lists;
	uint16_t          list;
	const char       *name; /* of the file, for messages */
	unsigned          line; /* read so far; 0 at the beginning */
	struct complaint *why;
};

/* Reads the lines of a whole text. False: *why. */
bool list_read_text(struct list_reading *r, const char *text, size_t len);

#endif
