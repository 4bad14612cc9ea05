/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * request.c - messages between the daemon and the helper
 *
 * Run:     kind, three zeros, be32 count, zeros
 * Network: kind, family, bits, a zero, 16 bytes of address
 * Result:  outcome, number, length, text, zeros
 */
#include "admit/request_int.h"

#include <string.h>

#include "base/reader.h"

enum { KIND_RUN = 'r', KIND_NET = 'n' };

static bool is_zero(struct reader *r, size_t len)
{
	const uint8_t *bytes = read_bytes(r, len);

	for (size_t i = 0; bytes && i < len; i++)
		if (bytes[i] != 0)
			return false;
	return bytes != NULL;
}

void request_write_run(uint8_t out[REQUEST_BYTES], enum run_kind kind, uint32_t count)
{
	struct writer w = writer_over(out, REQUEST_BYTES);

	memset(out, 0, REQUEST_BYTES);
	write_u8(&w, KIND_RUN);
	write_u8(&w, (uint8_t)kind);
	write_be16(&w, 0);
	write_be32(&w, count);
}

bool request_read_run(const uint8_t bytes[REQUEST_BYTES], const struct request_limits *l,
		      enum run_kind *kind, uint32_t *count)
{
	struct reader r = reader_over(bytes, REQUEST_BYTES);
	uint8_t message = read_u8(&r), wanted = read_u8(&r);
	bool is_clean = is_zero(&r, 2);

	*count = read_be32(&r);
	if (message != KIND_RUN || !is_clean || *count > l->max || !is_zero(&r, 12))
		return false;
	switch (wanted) {
	case RUN_ADD:
	case RUN_DELETE:
	case RUN_REPLACE:
		*kind = (enum run_kind)wanted;
		return true;
	default:
		return false;
	}
}

void request_write_net(uint8_t out[REQUEST_BYTES], const struct net *net)
{
	struct writer w = writer_over(out, REQUEST_BYTES);

	write_u8(&w, KIND_NET);
	write_u8(&w, net->addr.family);
	write_u8(&w, net->bits);
	write_u8(&w, 0);
	write_bytes(&w, net->addr.byte, sizeof(net->addr.byte));
}

bool request_may_admit(const struct net *net, const struct request_limits *l)
{
	unsigned widest = net->addr.family == ADDR_IP4 ? l->bits4 : l->bits6;
	enum addr_scope scope = addr_scope(&net->addr);
	struct addr masked = addr_mask(&net->addr, net->bits);

	return scope != SCOPE_UNUSABLE && scope != SCOPE_MULTICAST &&
	       net->bits >= widest && net->bits <= 8 * addr_bytes(&net->addr) &&
	       addr_is_equal(&masked, &net->addr);
}

bool request_read_net(const uint8_t bytes[REQUEST_BYTES], const struct request_limits *l,
		      struct net *out)
{
	struct reader r = reader_over(bytes, REQUEST_BYTES);
	uint8_t message = read_u8(&r), family = read_u8(&r), bits = read_u8(&r);
	bool is_clean = is_zero(&r, 1);
	size_t len = family == ADDR_IP4 ? 4 : 16;
	const uint8_t *address = read_bytes(&r, len);

	if (message != KIND_NET || !is_clean || !is_zero(&r, reader_left(&r)) ||
	    (family != ADDR_IP4 && family != ADDR_IP6))
		return false;
	out->addr = addr_from_bytes((enum addr_family)family, address);
	out->bits = bits;
	return request_may_admit(out, l);
}

void result_write(uint8_t out[RESULT_BYTES], const struct result *result)
{
	memset(out, 0, RESULT_BYTES);
	out[0] = (uint8_t)result->outcome;
	out[1] = result->number;
	out[2] = result->len;
	memcpy(out + 3, result->text, result->len);
}

bool result_read(const uint8_t bytes[RESULT_BYTES], struct result *out)
{
	if (bytes[0] > RESULT_NO_START || bytes[2] > RESULT_TEXT_MAX)
		return false;
	out->outcome = (enum result_outcome)bytes[0];
	out->number = bytes[1];
	out->len = bytes[2];
	memcpy(out->text, bytes + 3, out->len);
	return true;
}
