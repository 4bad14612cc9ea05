/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lexer_int.h - the words, strings and signs of a configuration file
 *
 * A newline is a token of its own, since mxallowd 1.x had one option a line.
 */
#ifndef CONF_LEXER_INT_H
#define CONF_LEXER_INT_H

#include "conf/conf_int.h"

enum token_kind {
	TOKEN_END,
	TOKEN_NEWLINE,
	TOKEN_WORD,
	TOKEN_STRING,
	TOKEN_EQUALS, /* = and += */
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_COMMA,
};

struct token {
	enum token_kind kind;
	unsigned        line;                 /* it begins on, counted from 1 */
	char            text[CONF_VALUE_MAX]; /* without quotes; a sign as it stands */
};

struct lexer {
	const char       *at;
	const char       *end;
	unsigned          line;
	const char       *name; /* of the file */
	struct complaint *why;
};

/* Refuses bytes that no text file has. The text is borrowed until the last token. */
bool lexer_init(struct lexer *x, const char *name, const char *text, size_t len,
		struct complaint *why);

bool lexer_next(struct lexer *x, struct token *t);

#endif
