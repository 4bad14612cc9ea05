/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lookup.c - one source's way through DNS: its names, their addresses, confirmation
 *
 * Whoever controls a PTR record can write any name into it, so a name counts only when
 * its own addresses contain the source. Callbacks take notes and never touch a channel:
 * that has been a source of use-after-free in several releases of c-ares.
 */
#include "resolver/lookup_int.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum {
	CLASS_IN = 1,
	TYPE_PTR = 12,
	REVERSE_MAX = 80, /* 32 nibbles with dots, "ip6.arpa" and a NUL are 73 */
	/* A silent server costs 2 s, then 4 s after all others had their turn. */
	LOOKUP_TRY_MS = 2000,
	LOOKUP_TRIES = 2,
};

/*
 * True when DNS works and spoke, be it to say that there is nothing. What a stranger's
 * zone says badly (EBADRESP: c-ares refuses a whole answer for one odd name) is no
 * failure of ours.
 */
static bool is_answer(int status)
{
	return status == ARES_SUCCESS || status == ARES_ENOTFOUND ||
	       status == ARES_ENODATA || status == ARES_EBADRESP ||
	       status == ARES_EBADNAME;
}

static bool has_name(const struct lookup *l, const char *name)
{
	for (unsigned i = 0; i < l->names; i++) {
		if (strcmp(l->name[i].answer.name, name) == 0)
			return true;
	}
	return false;
}

static void take_name(struct lookup *l, const char *name)
{
	char clean[DNSNAME_MAX];
	struct lookup_name *n;

	if (l->names == RESOLVER_NAMES_MAX)
		return;
	if (!dnsname_clean(name, strlen(name), clean) || has_name(l, clean))
		return;
	n = &l->name[l->names++];
	n->lookup = l;
	n->confirmed = false;
	n->answer.who = l->who;
	n->answer.count = 0;
	memcpy(n->answer.name, clean, sizeof(clean));
}

static void take_names(struct lookup *l, const struct hostent *host)
{
	if (host->h_name)
		take_name(l, host->h_name);
	for (char **alias = host->h_aliases; alias && *alias; alias++)
		take_name(l, *alias);
}

static int addr_size(const struct lookup *l)
{
	return (int)addr_bytes(&l->who);
}

static int family_of(const struct lookup *l)
{
	return l->who.family == ADDR_IP4 ? AF_INET : AF_INET6;
}

static void hear_hosts(void *arg, int status, int timeouts, struct hostent *host)
{
	struct lookup *l = arg;

	(void)timeouts;
	l->pending--;
	if (status == ARES_SUCCESS && host)
		take_names(l, host);
}

static void hear_names(void *arg, int status, int timeouts, unsigned char *reply, int len)
{
	struct lookup *l = arg;
	struct hostent *host = NULL;

	(void)timeouts;
	l->pending--;
	if (status == ARES_SUCCESS)
		status = ares_parse_ptr_reply(reply, len, l->who.byte, addr_size(l),
					      family_of(l), &host);
	if (!is_answer(status))
		l->failed = true;
	if (status == ARES_SUCCESS && host)
		take_names(l, host);
	if (host)
		ares_free_hostent(host);
}

static bool addr_of_node(const struct ares_addrinfo_node *node, struct addr *out)
{
	if (node->ai_family == AF_INET) {
		struct sockaddr_in sin;

		memcpy(&sin, node->ai_addr, sizeof(sin));
		*out = addr_from_bytes(ADDR_IP4, (const uint8_t *)&sin.sin_addr);
		return true;
	}
	if (node->ai_family == AF_INET6) {
		struct sockaddr_in6 sin6;

		memcpy(&sin6, node->ai_addr, sizeof(sin6));
		*out = addr_from_bytes(ADDR_IP6, sin6.sin6_addr.s6_addr);
		return true;
	}
	return false;
}

static void take_sibling(struct dns_answer *answer, const struct addr *a)
{
	if (answer->count == RESOLVER_SIBLINGS_MAX)
		return;
	for (unsigned i = 0; i < answer->count; i++) {
		if (addr_is_equal(&answer->siblings[i], a))
			return;
	}
	answer->siblings[answer->count++] = *a;
}

static void hear_addresses(void *arg, int status, int timeouts,
			   struct ares_addrinfo *info)
{
	struct lookup_name *n = arg;

	(void)timeouts;
	n->lookup->pending--;
	if (!is_answer(status))
		n->lookup->failed = true;
	if (status != ARES_SUCCESS || !info)
		return;
	/* To the end even when the siblings are full: the source may come last. */
	for (struct ares_addrinfo_node *node = info->nodes; node; node = node->ai_next) {
		struct addr a;

		if (!addr_of_node(node, &a))
			continue;
		if (addr_is_equal(&a, &n->answer.who))
			n->confirmed = true;
		else
			take_sibling(&n->answer, &a);
	}
	ares_freeaddrinfo(info);
}

/* The name that DNS keeps the names of an address under (RFC 1035 3.5, RFC 3596 2.5). */
static void reverse_name(const struct addr *a, char out[REVERSE_MAX])
{
	static const char digit[] = "0123456789abcdef";
	size_t at = 0;

	if (a->family == ADDR_IP4) {
		snprintf(out, REVERSE_MAX, "%u.%u.%u.%u.in-addr.arpa", a->byte[3],
			 a->byte[2], a->byte[1], a->byte[0]);
		return;
	}
	for (unsigned i = 16; i-- > 0;) {
		out[at++] = digit[a->byte[i] & 15];
		out[at++] = '.';
		out[at++] = digit[a->byte[i] >> 4];
		out[at++] = '.';
	}
	memcpy(out + at, "ip6.arpa", sizeof("ip6.arpa"));
}

static void ask_names(struct lookup *l, const struct lookup_channels *c)
{
	char name[REVERSE_MAX];

	/* ares_gethostbyaddr() would do both, but calls every failure "not found". The
	 * hosts file answers before the call returns. */
	l->pending = 1;
	ares_gethostbyaddr(c->hosts, l->who.byte, addr_size(l), family_of(l), hear_hosts,
			   l);
	if (l->pending > 0 || l->names > 0)
		return;
	l->pending = 1;
	reverse_name(&l->who, name);
	ares_query(c->dns, name, CLASS_IN, TYPE_PTR, hear_names, l);
}

static void ask_addresses(struct lookup *l, const struct lookup_channels *c)
{
	/* Sorting would open a socket for each address. */
	const struct ares_addrinfo_hints hints = {
		.ai_flags = ARES_AI_NOSORT,
		.ai_family = AF_UNSPEC,
	};

	/* All are counted before the first is asked, for it may call back at once. */
	l->pending = l->names;
	for (unsigned i = 0; i < l->names; i++)
		ares_getaddrinfo(c->dns, l->name[i].answer.name, NULL, &hints,
				 hear_addresses, &l->name[i]);
}

void lookup_begin(struct lookup *l, const struct lookup_channels *c,
		  const struct addr *who)
{
	l->stage = LOOKUP_NAMES;
	l->failed = false;
	l->names = 0;
	l->who = *who;
	ask_names(l, c);
}

bool lookup_step(struct lookup *l, const struct lookup_channels *c)
{
	if (l->pending > 0)
		return false;
	if (l->stage == LOOKUP_NAMES && l->names > 0) {
		l->stage = LOOKUP_ADDRESSES;
		ask_addresses(l, c);
		if (l->pending > 0)
			return false;
	}
	if (l->stage != LOOKUP_IDLE)
		l->stage = LOOKUP_DONE;
	return l->stage == LOOKUP_DONE;
}

static int open_channel(ares_channel *out, const struct ares_options *base, char *lookups)
{
	struct ares_options options = *base;
	int rc;

	options.lookups = lookups;
	rc = ares_init_options(out, &options,
			       ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
				       ARES_OPT_LOOKUPS | ARES_OPT_DOMAINS |
				       ARES_OPT_SOCK_STATE_CB);
	if (rc == ARES_SUCCESS)
		return 0;
	*out = NULL;
	return rc == ARES_ENOMEM ? -ENOMEM : -EIO;
}

int lookup_open(struct lookup_channels *c, ares_sock_state_cb mind, void *arg)
{
	char hosts[] = "f", hosts_then_dns[] = "fb"; /* "files", "bind" */
	const struct ares_options options = {
		.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES,
		.timeout = LOOKUP_TRY_MS,
		.tries = LOOKUP_TRIES,
		.sock_state_cb = mind,
		.sock_state_cb_data = arg,
		/* No search domains: a stranger's name is whole or it is wrong. */
		.ndomains = 0,
	};
	/* Never undone: the count behind it belongs to one thread, and lookup_close() may
	 * be called in another. */
	int rc = ares_library_init(ARES_LIB_INIT_ALL);

	if (rc != ARES_SUCCESS)
		return rc == ARES_ENOMEM ? -ENOMEM : -EIO;
	rc = open_channel(&c->hosts, &options, hosts);
	if (rc == 0)
		rc = open_channel(&c->dns, &options, hosts_then_dns);
	return rc;
}

void lookup_close(struct lookup_channels *c)
{
	if (c->dns)
		ares_destroy(c->dns);
	if (c->hosts)
		ares_destroy(c->hosts);
	*c = (struct lookup_channels){ 0 };
}
