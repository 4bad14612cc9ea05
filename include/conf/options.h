/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - everything an operator can say, in one table
 *
 * The reader of the file, the command line, --help, --print-config and the hints in
 * messages are all made from it. To add an option, add its row in options.c, its field in
 * struct settings, and its paragraph in the manual; tests/lint/options.sh asks for that.
 */
#ifndef CONF_OPTIONS_H
#define CONF_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum conf_kind {
	CONF_ADDRS,   /* any number of addresses */
	CONF_NUMBER,
	CONF_SPAN,    /* of time, in microseconds */
	CONF_SWITCH,
	CONF_WORD,    /* one of a set */
	CONF_COMMAND, /* tells the program what to do: command line only */
	CONF_PF,      /* of mxallowd 1.x on pf: recognised and refused */
};

struct conf_word {
	const char *word;
	int         value;
};

enum { CONF_UNSET = -1 }; /* a number that was not said */

struct conf_option {
	const char    *name;     /* long option, and key in the file */
	char           letter;   /* short option, 0 = none */
	enum conf_kind kind;
	const char    *argument; /* what --help calls the value; NULL = takes none */
	const char    *help;     /* one line */
	int64_t        min;      /* CONF_NUMBER, CONF_SPAN */
	int64_t        max;
	int64_t        fallback; /* the default */
	const char    *unset;    /* how a CONF_NUMBER says CONF_UNSET; NULL = it cannot */
	const struct conf_word *words; /* CONF_WORD, ended by NULL */
	const char    *takes;    /* NULL, or how the list of words is put more briefly */
	bool           hex;      /* printed as 0x... */
	bool           restart;  /* a running daemon cannot change it */
	size_t         offset;   /* of its field in struct settings */
	size_t         bytes;
};

/* Row `i`, counted from 0 to CONF_OPTIONS - 1. */
const struct conf_option *conf_option_at(unsigned i);

/* NULL when there is none of that name, or letter. */
const struct conf_option *conf_option_find(const char *name);
const struct conf_option *conf_option_letter(char letter);

/* The name somebody probably meant; NULL when nothing is near. */
const char *conf_option_nearest(const char *name);

/* What the option takes, for people: "1s to 3650d (default 36d)". Returns `out`. */
const char *conf_option_range(const struct conf_option *o, char *out, size_t size);

#endif
