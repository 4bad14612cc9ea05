/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * layout.c - what wire/pflog.c takes for granted, against the headers of a BSD
 *
 * Compiled only: `cc -c` says whether it holds. The numbers stand there as constants of
 * one file for all systems, since captures travel.
 */
#include <sys/param.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include <net/if.h>
#include <netinet/in.h>

#include <net/pfvar.h>

#include <net/if_pflog.h>
#include <stddef.h>

#define AT(field, offset) \
	_Static_assert(offsetof(struct pfloghdr, field) == (offset), #field)

AT(length, 0);
AT(af, 1);
AT(action, 2);
AT(reason, 3);
AT(ifname, 4);
AT(ruleset, 20);
AT(rulenr, 36);
AT(subrulenr, 40);
AT(uid, 44);
AT(dir, 60);
_Static_assert(sizeof(((struct pfloghdr *)0)->af) == 1, "family");
_Static_assert(PF_PASS == 0 && PF_DROP == 1, "action");
_Static_assert(PF_IN == 1 && PF_OUT == 2, "direction");
_Static_assert(AF_INET == 2, "IPv4");

#if defined(__OpenBSD__)
_Static_assert(AF_INET6 == 24, "IPv6");
_Static_assert(PFLOG_REAL_HDRLEN == 100 && PFLOG_HDRLEN == 100, "length");
#elif defined(__FreeBSD__)
_Static_assert(AF_INET6 == 28, "IPv6");
_Static_assert(PFLOG_REAL_HDRLEN == 69 && PFLOG_HDRLEN == 72, "length");
#elif defined(__NetBSD__)
_Static_assert(AF_INET6 == 24, "IPv6");
_Static_assert(PFLOG_REAL_HDRLEN == 61 && PFLOG_HDRLEN == 64, "length");
#endif

/* Where the packet begins: the length, padded to four. */
_Static_assert(((PFLOG_REAL_HDRLEN + 3) & ~3) == PFLOG_HDRLEN, "padding");
