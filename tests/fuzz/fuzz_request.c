/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_request.c - any bytes as messages to the helper, one after the other
 *
 * Aborts when something is let through that is no sender's network of the allowed width,
 * or that would become more than one plain word on pfctl's input; and when a message that
 * was taken does not come out of the writer as it was.
 */
#include <stdlib.h>
#include <string.h>

#include "admit/request_int.h"

#include "fuzz.h"

static const struct request_limits limits = { 1000, 24, 48 };

static void check_net(const uint8_t *bytes)
{
	static const char plain[] = "0123456789abcdef:./";
	uint8_t again[REQUEST_BYTES];
	char text[NET_TEXT_MAX];
	struct net net, back;

	if (!request_read_net(bytes, &limits, &net))
		return;
	request_write_net(again, &net);
	net_format(&net, text);
	if (memcmp(again, bytes, REQUEST_BYTES) != 0 ||
	    strspn(text, plain) != strlen(text) || !net_parse(text, &back) ||
	    memcmp(&net, &back, sizeof(net)) != 0 ||
	    net.bits < (net.addr.family == ADDR_IP4 ? limits.bits4 : limits.bits6))
		abort();
}

static void check_run(const uint8_t *bytes)
{
	uint8_t again[REQUEST_BYTES];
	enum run_kind kind;
	uint32_t count;

	if (!request_read_run(bytes, &limits, &kind, &count))
		return;
	request_write_run(again, kind, count);
	if (memcmp(again, bytes, REQUEST_BYTES) != 0 || count > limits.max ||
	    run_name(kind)[0] == '\0')
		abort();
}

static void check_result(const uint8_t *bytes)
{
	struct result r;

	if (result_read(bytes, &r) &&
	    (r.len > RESULT_TEXT_MAX || r.outcome > RESULT_NO_START))
		abort();
}

int fuzz_one(const uint8_t *bytes, size_t len)
{
	for (size_t at = 0; len - at >= REQUEST_BYTES; at += REQUEST_BYTES) {
		check_run(bytes + at);
		check_net(bytes + at);
	}
	if (len >= RESULT_BYTES)
		check_result(bytes);
	return 0;
}
