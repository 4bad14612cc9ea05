/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dnsname.c - host names as strangers send them
 *
 * Letters are ASCII letters in every locale: a name is bytes, not text.
 */
#include "wire/dnsname.h"

enum { LABEL_MAX = 63 }; /* RFC 1035 2.3.4 */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_label(const char *bytes, size_t len)
{
	if (len == 0 || len > LABEL_MAX)
		return false;
	if (bytes[0] == '-' || bytes[len - 1] == '-')
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = lower(bytes[i]);

		if (!is_digit(c) && !(c >= 'a' && c <= 'z') && c != '-')
			return false;
	}
	return true;
}

/* A label of digits at the end would make the name look like an address. */
static bool is_last_label(const char *bytes, size_t len)
{
	size_t digits = 0;

	while (digits < len && is_digit(bytes[digits]))
		digits++;
	return is_label(bytes, len) && digits < len;
}

bool dnsname_clean(const char *bytes, size_t len, char *out)
{
	size_t label = 0; /* where the present label begins */

	if (len > 0 && bytes[len - 1] == '.')
		len--;
	if (len == 0 || len >= DNSNAME_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		out[i] = lower(bytes[i]);
		if (bytes[i] != '.')
			continue;
		if (!is_label(bytes + label, i - label))
			return false;
		label = i + 1;
	}
	out[len] = '\0';
	return is_last_label(bytes + label, len - label);
}
