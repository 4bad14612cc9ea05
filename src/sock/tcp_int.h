/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tcp_int.h - a listening TCP socket, and the proof that a line comes from a key's holder
 */
#ifndef SOCK_TCP_INT_H
#define SOCK_TCP_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "wire/proto.h"

/* A descriptor or a negative errno. */
int tcp_listen(const struct addr *addr, uint16_t port);

/* The other side's address; ADDR_NONE when it has gone already. */
struct addr tcp_peer(int fd);

/* HMAC-SHA-256 over nonce, number (8 bytes, network order) and line. */
struct tcp_key {
	const uint8_t *bytes; /* borrowed */
	unsigned       len;
};

void tcp_sign(const struct tcp_key *key, const uint8_t nonce[PROTO_NONCE_BYTES],
	      const struct proto_signed *line, uint8_t mac[PROTO_MAC_BYTES]);

/* The line's MAC is right. Takes the same time whatever is wrong with it. */
bool tcp_is_genuine(const struct tcp_key *key, const uint8_t nonce[PROTO_NONCE_BYTES],
		    const struct proto_signed *line);

#endif
