/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lexer.c - from the bytes of a configuration file to tokens
 *
 * libconfuse drops characters it does not know, replaces ${NAME} and counts lines wrongly
 * around comments; here every byte either means something or is refused.
 */
#include "conf/lexer_int.h"

#include <string.h>

#include "base/text.h"

static const char word_bytes[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789._:/@%[]-";

/* Bytes of other alphabets belong to words, so that messages show the whole word. */
static bool is_word(char c)
{
	return strchr(word_bytes, c) || (uint8_t)c >= 0x80;
}

static bool is_control(const char *at, const char *end)
{
	uint8_t c = (uint8_t)*at;

	if (c == '\r')
		return at + 1 < end && at[1] != '\n';
	return (c < ' ' && c != '\t' && c != '\n') || c == 0x7f;
}

bool lexer_init(struct lexer *x, const char *name, const char *text, size_t len,
		struct complaint *why)
{
	unsigned line = 1;
	char shown[8];

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
	}
	*x = (struct lexer){ text, text + len, 1, name, why };

	for (const char *at = text; at < x->end; at++) {
		if (is_control(at, x->end))
			return complain_at(why, name, line,
					   "control character %s: this is no text file",
					   text_escape(shown, sizeof(shown), at, 1));
		if (*at == '\n')
			line++;
	}
	return true;
}

static bool is_at(const struct lexer *x, const char *text)
{
	size_t len = strlen(text);

	return (size_t)(x->end - x->at) >= len && memcmp(x->at, text, len) == 0;
}

static void skip_line(struct lexer *x)
{
	while (x->at < x->end && *x->at != '\n')
		x->at++;
}

static bool skip_block(struct lexer *x)
{
	unsigned begin = x->line;

	for (x->at += 2; x->at < x->end; x->at++) {
		if (is_at(x, "*/")) {
			x->at += 2;
			return true;
		}
		if (*x->at == '\n')
			x->line++;
	}
	return complain_at(x->why, x->name, begin,
			   "the comment that begins here has no end: close it with */");
}

static bool skip_blanks(struct lexer *x)
{
	while (x->at < x->end) {
		if (*x->at == ' ' || *x->at == '\t' || *x->at == '\r')
			x->at++;
		else if (*x->at == '#' || is_at(x, "//"))
			skip_line(x);
		else if (!is_at(x, "/*"))
			break;
		else if (!skip_block(x))
			return false;
	}
	return true;
}

static bool append(struct lexer *x, struct token *t, size_t *used, char c)
{
	if (*used == sizeof(t->text) - 1)
		return complain_at(x->why, x->name, t->line,
				   "longer than any value can be (%d bytes)",
				   CONF_VALUE_MAX - 1);
	t->text[(*used)++] = c;
	t->text[*used] = '\0';
	return true;
}

static bool read_word(struct lexer *x, struct token *t)
{
	size_t used = 0;

	t->kind = TOKEN_WORD;
	while (x->at < x->end && is_word(*x->at) && !is_at(x, "/*") && !is_at(x, "//"))
		if (!append(x, t, &used, *x->at++))
			return false;
	return true;
}

static bool read_string(struct lexer *x, struct token *t)
{
	char quote = *x->at++;
	size_t used = 0;

	t->kind = TOKEN_STRING;
	t->text[0] = '\0';
	for (; x->at < x->end && *x->at != '\n'; x->at++) {
		if (*x->at == quote) {
			x->at++;
			return true;
		}
		if (*x->at == '\\') {
			x->at++;
			if (x->at == x->end || (*x->at != quote && *x->at != '\\'))
				return complain_at(
					x->why, x->name, t->line,
					"a backslash may stand only before %c and "
					"before another one",
					quote);
		}
		if (!append(x, t, &used, *x->at))
			return false;
	}
	return complain_at(
		x->why, x->name, t->line,
		"the string that begins in this line has no end: close it with %c",
		quote);
}

static bool read_sign(struct lexer *x, struct token *t)
{
	static const struct {
		char            text[3];
		enum token_kind kind;
	} signs[] = {
		{ "\n", TOKEN_NEWLINE }, { "=", TOKEN_EQUALS }, { "+=", TOKEN_EQUALS },
		{ "{", TOKEN_OPEN }, { "}", TOKEN_CLOSE }, { ",", TOKEN_COMMA },
	};
	char shown[8];

	for (unsigned i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (!is_at(x, signs[i].text))
			continue;
		t->kind = signs[i].kind;
		memcpy(t->text, signs[i].text, sizeof(signs[i].text));
		x->at += strlen(signs[i].text);
		if (t->kind == TOKEN_NEWLINE)
			x->line++;
		return true;
	}
	return complain_at(x->why, x->name, t->line,
			   "\"%s\" has no meaning here: take it out",
			   text_escape(shown, sizeof(shown), x->at, 1));
}

bool lexer_next(struct lexer *x, struct token *t)
{
	if (!skip_blanks(x))
		return false;
	t->line = x->line;
	t->text[0] = '\0';
	t->kind = TOKEN_END;
	if (x->at == x->end)
		return true;
	if (is_word(*x->at))
		return read_word(x, t);
	if (*x->at == '"' || *x->at == '\'')
		return read_string(x, t);
	return read_sign(x, t);
}
