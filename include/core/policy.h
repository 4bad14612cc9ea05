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
	POLICY_QUEUES_MAX = 16,
	POLICY_NAME_MAX = 32, /* of a queue or list, and its NUL: letters, digits, - _ */
	POLICY_STRIKES_MAX = 15,
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
	VERDICT_RESET,  /* dropped, and answered with a RST */
	VERDICT_TARPIT, /* dropped, and answered so that the sender hangs on to it */
};

enum { VERDICTS = 4 };

/* What shows that a knock comes from its source address. */
enum proof {
	PROOF_NONE,       /* nothing is asked for */
	PROOF_RETRANSMIT, /* its SYN again, a second later: somebody wants an answer */
	PROOF_COOKIE, /* the RST that answers a secret number: our answer arrived */
};

/* The rule a class of sources lives under. */
struct queue {
	char         name[POLICY_NAME_MAX];
	enum start   start;
	int64_t      pause_ms;    /* refused for this long after the start; 0 or more */
	int64_t      window_ms;   /* let in for this long after it; at least 1000 */
	uint16_t     connections; /* accepted per window; 0 = unlimited */
	bool         refresh;     /* use and knocks start the window anew */
	enum verdict deny;        /* anything but ACCEPT */
};

/* Black votes that count, and what they bring. */
struct penalty {
	unsigned     strikes;     /* this many, 1 to POLICY_STRIKES_MAX ... */
	int64_t      within_ms;   /* ... within this time start the penalty, */
	int64_t      time_ms;     /* which lasts this long, */
	enum verdict action;      /* and meets the source with this: not ACCEPT */
	unsigned     escalate;    /* each further one is so many times longer; 1 = no */
	int64_t      time_max_ms; /* but never longer than this */
};

/* White votes that open a window at once. */
struct trust {
	unsigned votes;   /* 1 to POLICY_STRIKES_MAX */
	int64_t  time_ms; /* the length of that window */
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
	enum proof   proof;
	int64_t probation_ms; /* the window of a knock not proved, when proof is asked */
	unsigned     siblings_max; /* addresses of one name that get in; 0 = do not ask */
	unsigned     prefix4;      /* bits of an address that make the source; 8 to 32 */
	unsigned     prefix6;      /* 16 to 128 */
	uint32_t     entries_max;  /* POLICY_ENTRIES_MIN to POLICY_ENTRIES_MAX */
	struct queue queue[POLICY_QUEUES_MAX]; /* the first is `default` */
	unsigned     queues;       /* at least 1 */
	struct penalty penalty;
	struct trust trust;
};

/* What mxallowd 1.x does, with our defaults; no addresses yet. */
struct policy policy_default(void);

bool policy_is_fake(const struct policy *p, const struct addr *a);
bool policy_is_real(const struct policy *p, const struct addr *a);

/* The index of the queue of that name; -1 = there is none. */
int policy_find_queue(const struct policy *p, const char *name);

#endif
