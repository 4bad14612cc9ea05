/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_names.c - any text as the file of reverse names
 *
 * Aborts when a refusal does not begin with the file's name, or when a name that was
 * taken is not clean.
 */
#include <stdlib.h>
#include <string.h>

#include "daemon/namebook_int.h"
#include "wire/dnsname.h"

#include "fuzz.h"

static void must(int holds)
{
	if (!holds)
		abort();
}

static void ask(const struct namebook *b, const char *who)
{
	struct addr siblings[POLICY_SIBLINGS_MAX], a;
	char clean[DNSNAME_MAX];
	struct heard h;
	unsigned nth = 0;

	must(addr_parse(who, &a));
	for (; namebook_hear(b, &a, nth, &h, siblings); nth++) {
		must(h.count <= POLICY_SIBLINGS_MAX && (h.name || h.count == 0));
		must(!h.name || (dnsname_clean(h.name, strlen(h.name), clean) &&
				 strcmp(h.name, clean) == 0));
		for (unsigned i = 0; i < h.count; i++)
			must(!addr_is_equal(&h.siblings[i], &a));
	}
	must(nth > 0);
}

int fuzz_one(const uint8_t *bytes, size_t len)
{
	/* The stream is only read. */
	FILE *f = len > 0 ? fmemopen((void *)(uintptr_t)bytes, len, "r") : NULL;
	struct complaint why = { .text = "" };
	struct namebook *b;

	if (!f)
		return 0;
	if (namebook_read_stream(&b, f, "names", &why)) {
		ask(b, "203.0.113.9");
		ask(b, "2001:db8:7::1");
	} else {
		must(b == NULL && strncmp(why.text, "names:", 6) == 0);
	}
	namebook_free(b);
	fclose(f);
	return 0;
}
