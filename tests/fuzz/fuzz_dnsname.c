/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_dnsname.c - whatever comes through dnsname_clean() can stand in a log line
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/dnsname.h"

#include "fuzz.h"

static void require(int holds)
{
	if (!holds)
		abort();
}

int fuzz_one(const uint8_t *bytes, size_t len)
{
	static const char legal[] = "abcdefghijklmnopqrstuvwxyz0123456789-.";
	char name[DNSNAME_MAX], again[DNSNAME_MAX];
	size_t cleaned;

	if (!dnsname_clean((const char *)bytes, len, name))
		return 0;
	cleaned = strlen(name);
	require(cleaned > 0 && cleaned < DNSNAME_MAX);
	require(cleaned == len || (cleaned + 1 == len && bytes[cleaned] == '.'));
	require(strspn(name, legal) == cleaned);
	require(strstr(name, "..") == NULL && name[0] != '.' && name[cleaned - 1] != '.');
	/* A clean name is clean already. */
	require(dnsname_clean(name, cleaned, again) && strcmp(name, again) == 0);
	return 0;
}
