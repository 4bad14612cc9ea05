/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * canon_int.h - what rewriting options and rewriting sections have in common
 */
#ifndef CONF_CANON_INT_H
#define CONF_CANON_INT_H

#include <stdio.h>

#include "conf/lexer_int.h"

struct canon {
	struct lexer x;
	struct token t;    /* the one in hand */
	FILE        *out;
	unsigned     line; /* of the output */
	bool         taken; /* the token in hand ended a statement */
	const struct conf_option *behind; /* whose value stands before on this line */
	enum conf_section section; /* around the token in hand */
	unsigned begin;            /* its line */
};

/* Moves the output on to the line of the token in hand. */
void canon_line(struct canon *c);

/* The token in hand as messages show it; `out` has CONF_QUOTED_MAX bytes. */
const char *canon_in_hand(const struct canon *c, char *out);

/* The token in hand and what is wrong with it. These write *why and return false. */
bool canon_complain(struct canon *c, const char *message);
bool canon_complain_no_value(struct canon *c, const struct conf_option *o, unsigned line);
bool canon_complain_behind(struct canon *c, const struct conf_option *o);

/* The next token that is no newline is then in hand. False with a complaint. */
bool canon_skip_newlines(struct canon *c);

/* Behind the equals sign of an option that stands in `line`. */
bool canon_native_value(struct canon *c, const struct conf_option *o, unsigned line);

/* The word that begins a section is in hand; then the brace that ends it. */
bool canon_section(struct canon *c);

#endif
