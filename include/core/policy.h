/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * policy.h - the rule's settings, compiled and checked
 *
 * Made by conf/compile.c (or by a test), copied into the gate, never changed there.
 * Plain values: no pointers, nothing to free.
 */
#ifndef CORE_POLICY_H
#define CORE_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

enum {
	POLICY_ADDRS_MAX = 64,
	POLICY_SIBLINGS_MAX = 64,
	POLICY_ENTRIES_MIN = 1000,
	POLICY_ENTRIES_MAX = 16000000,
};

/* What creates an entry. */
enum start {
	START_KNOCK,   /* a SYN to a fake MX */
	START_ATTEMPT, /* a SYN to a real MX */
	START_EITHER,
};

/* What happens to a packet. */
enum verdict {
	VERDICT_ACCEPT,
	VERDICT_DROP,
	VERDICT_RESET, /* dropped, and answered with a RST of ours */
};

/* The rule a class of sources lives under. */
struct queue {
	const char  *name;        /* a string literal or one that outlives the policy */
	enum start   start;
	int64_t      pause_ms;    /* refused for this long after the start; 0 or more */
	int64_t      window_ms;   /* let in for this long after the pause; at least 1000 */
	uint16_t     connections; /* accepted per window; 0 = unlimited */
	bool         refresh;     /* use and knocks start the window anew */
	enum verdict deny;        /* DROP or RESET */
};

struct policy {
	struct addr  fake[POLICY_ADDRS_MAX];
	struct addr  real[POLICY_ADDRS_MAX];
	unsigned     fakes;
	unsigned     reals;
	uint16_t     smtp_port;
	enum verdict fake_action;  /* what a knock meets */
	enum verdict when_unsure;  /* ACCEPT or DROP, when no verdict can be worked out */
	bool         observe;      /* judge, but accept everything */
	unsigned     siblings_max; /* addresses of one name that get in; 0 = do not ask */
	unsigned     prefix4;      /* bits of an address that make the source; 8 to 32 */
	unsigned     prefix6;      /* 16 to 128 */
	uint32_t     entries_max;  /* POLICY_ENTRIES_MIN to POLICY_ENTRIES_MAX */
	struct queue queue;        /* every source lives here */
};

/* What mxallowd 1.x does, with our defaults; no addresses yet. */
struct policy policy_default(void);

bool policy_is_fake(const struct policy *p, const struct addr *a);
bool policy_is_real(const struct policy *p, const struct addr *a);

#endif
