/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * request_int.h - what the daemon and the helper say to each other
 *
 * A run is one message with its kind and the number of networks, and a message for each
 * of these; the helper answers it with one message. Fixed sizes, and every byte has one
 * meaning or must be zero, so the helper can refuse all that it was not made for. Pure.
 */
#ifndef ADMIT_REQUEST_INT_H
#define ADMIT_REQUEST_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "admit/hand_int.h"

enum {
	REQUEST_BYTES = 20,
	RESULT_BYTES = 128,
	RESULT_TEXT_MAX = RESULT_BYTES - 3, /* without NUL */
};

enum result_outcome {
	RESULT_DONE,
	RESULT_EXITED,   /* number: the status, not 0 */
	RESULT_SIGNALED, /* number: the signal */
	RESULT_TIMEOUT,  /* it was killed */
	RESULT_DEAF,     /* it ended well, but before it had read everything */
	RESULT_NO_START, /* number: errno */
};

/* How it went, and the beginning of what pfctl had to say. */
struct result {
	enum result_outcome outcome;
	uint8_t             number;
	uint8_t             len;
	char                text[RESULT_TEXT_MAX]; /* any bytes */
};

/* What the helper may be asked for; fixed when it starts. */
struct request_limits {
	uint32_t max;          /* networks of one run */
	uint8_t  bits4, bits6; /* the widest networks */
};

void request_write_run(uint8_t out[REQUEST_BYTES], enum run_kind kind, uint32_t count);
void request_write_net(uint8_t out[REQUEST_BYTES], const struct net *net);

/* False for anything else than a run within the limits. */
bool request_read_run(const uint8_t bytes[REQUEST_BYTES], const struct request_limits *l,
		      enum run_kind *kind, uint32_t *count);

/* False for anything else than a network, its host bits clear, within the limits, in
 * which a sender may be. */
bool request_read_net(const uint8_t bytes[REQUEST_BYTES], const struct request_limits *l,
		      struct net *out);

/* What the helper is asked to admit. */
bool request_may_admit(const struct net *net, const struct request_limits *l);

void result_write(uint8_t out[RESULT_BYTES], const struct result *result);
bool result_read(const uint8_t bytes[RESULT_BYTES], struct result *out);

#endif
