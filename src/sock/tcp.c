/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tcp.c - a listening TCP socket, and the proof that a line comes from a key's holder
 */
#include "sock/tcp_int.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sodium.h>

enum { BACKLOG = 64 };

_Static_assert(PROTO_MAC_BYTES == crypto_auth_hmacsha256_BYTES, "HMAC-SHA-256");

union name {
	struct sockaddr     any;
	struct sockaddr_in  in4;
	struct sockaddr_in6 in6;
};

static socklen_t fill_name(union name *name, const struct addr *addr, uint16_t port)
{
	memset(name, 0, sizeof(*name));
	if (addr->family == ADDR_IP4) {
		name->in4.sin_family = AF_INET;
		name->in4.sin_port = htons(port);
		memcpy(&name->in4.sin_addr, addr->byte, 4);
		return sizeof(name->in4);
	}
	name->in6.sin6_family = AF_INET6;
	name->in6.sin6_port = htons(port);
	memcpy(&name->in6.sin6_addr, addr->byte, 16);
	return sizeof(name->in6);
}

static int set_up(int fd, const struct addr *addr, uint16_t port)
{
	union name name;
	socklen_t size = fill_name(&name, addr, port);
	int on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0)
		return -errno;
	if (addr->family == ADDR_IP6 &&
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) < 0)
		return -errno;
	if (bind(fd, &name.any, size) < 0 || listen(fd, BACKLOG) < 0)
		return -errno;
	return 0;
}

int tcp_listen(const struct addr *addr, uint16_t port)
{
	int domain = addr->family == ADDR_IP6 ? AF_INET6 : AF_INET;
	int fd = socket(domain, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int err;

	if (fd < 0)
		return -errno;
	err = set_up(fd, addr, port);
	if (err < 0) {
		close(fd);
		return err;
	}
	return fd;
}

struct addr tcp_peer(int fd)
{
	struct addr none = { .family = ADDR_NONE };
	union name name;
	socklen_t size = sizeof(name);

	if (getpeername(fd, &name.any, &size) < 0)
		return none;
	if (name.any.sa_family == AF_INET)
		return addr_from_bytes(ADDR_IP4, (const uint8_t *)&name.in4.sin_addr);
	if (name.any.sa_family == AF_INET6)
		return addr_from_bytes(ADDR_IP6, (const uint8_t *)&name.in6.sin6_addr);
	return none;
}

void tcp_sign(const struct tcp_key *key, const uint8_t nonce[PROTO_NONCE_BYTES],
	      const struct proto_signed *line, uint8_t mac[PROTO_MAC_BYTES])
{
	crypto_auth_hmacsha256_state state;
	uint8_t number[8];

	for (unsigned i = 0; i < 8; i++)
		number[i] = (uint8_t)(line->seq >> (56 - 8 * i));
	crypto_auth_hmacsha256_init(&state, key->bytes, key->len);
	crypto_auth_hmacsha256_update(&state, nonce, PROTO_NONCE_BYTES);
	crypto_auth_hmacsha256_update(&state, number, sizeof(number));
	crypto_auth_hmacsha256_update(&state, (const uint8_t *)line->line, line->len);
	crypto_auth_hmacsha256_final(&state, mac);
	sodium_memzero(&state, sizeof(state));
}

bool tcp_is_genuine(const struct tcp_key *key, const uint8_t nonce[PROTO_NONCE_BYTES],
		    const struct proto_signed *line)
{
	uint8_t mac[PROTO_MAC_BYTES];

	tcp_sign(key, nonce, line, mac);
	return sodium_memcmp(mac, line->mac, sizeof(mac)) == 0;
}
