/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text.c - strict numbers and harmless text, without locale
 *
 * Characters are compared as ASCII: what is a digit or printable must not depend on
 * where the daemon was started.
 */
#include "base/text.h"

unsigned text_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return 16;
}

bool text_number(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	unsigned base = 10;
	uint64_t n = 0;

	if (text[0] == '0' && text[1] == 'x') {
		base = 16;
		text += 2;
	}
	if (!*text)
		return false;

	for (; *text; text++) {
		unsigned digit = text_digit(*text);

		if (digit >= base || n > (UINT64_MAX - digit) / base)
			return false;
		n = n * base + digit;
	}
	if (n < min || n > max)
		return false;
	*out = n;
	return true;
}

static bool is_harmless(uint8_t c)
{
	return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '=';
}

const char *text_escape(char *out, size_t size, const char *bytes, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	size_t used = 0;

	for (size_t i = 0; i < len; i++) {
		uint8_t c = (uint8_t)bytes[i];
		size_t need = is_harmless(c) ? 1 : 4;

		if (need >= size - used)
			break;
		if (need == 1) {
			out[used++] = (char)c;
		} else {
			out[used++] = '\\';
			out[used++] = 'x';
			out[used++] = hex[c >> 4];
			out[used++] = hex[c & 0xf];
		}
	}
	out[used] = '\0';
	return out;
}
