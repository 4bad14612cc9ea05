/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dnsname.h - host names as strangers send them
 *
 * A name from a PTR record is written by whoever owns the address. Only what RFC 1123
 * 2.1 calls a host name comes through. Pure.
 */
#ifndef WIRE_DNSNAME_H
#define WIRE_DNSNAME_H

#include <stdbool.h>
#include <stddef.h>

enum { DNSNAME_MAX = 254 }; /* 253 characters (RFC 1035 2.3.4, as text) and a NUL */

/*
 * Copies `len` bytes of a name into `out` (DNSNAME_MAX bytes), lower-cased and without
 * its final dot. False when it is not a host name: empty, a label empty or longer than
 * 63, any character but letters, digits and hyphen, a hyphen at either end of a label,
 * or nothing but digits in the last label. Then `out` is unspecified.
 */
bool dnsname_clean(const char *bytes, size_t len, char *out);

#endif
