/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * listentry.c - one entry of a list: an address, a network, or a host name pattern
 *
 * What is refused is refused with what was probably meant: lists are long, and whoever
 * made one has no wish to look up its grammar.
 */
#include "conf/listfile_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

__attribute__((format(printf, 2, 3))) static bool wrong_is(char *wrong, const char *fmt,
							   ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(wrong, LIST_WRONG_MAX, fmt, ap);
	va_end(ap);
	return false;
}

/* net_parse() has refused it: why. */
static bool complain_net(const char *text, char *wrong)
{
	size_t len = strcspn(text, "/");
	char address[ADDR_TEXT_MAX] = "", meant[NET_TEXT_MAX];
	struct net n;
	uint64_t bits;
	unsigned most;

	if (len < sizeof(address))
		memcpy(address, text, len);
	if (strchr(text, '%'))
		return wrong_is(wrong, "has a zone: give the address alone");
	if (!addr_parse(address, &n.addr))
		return wrong_is(wrong, "is no address: write one like 192.0.2.7, "
				       "192.0.2.0/24 or 2001:db8::/32");
	most = 8 * addr_bytes(&n.addr);
	if (!text_number(text + len + 1, 0, most, &bits) || text[len + 2] == 'x')
		return wrong_is(wrong, "has no such prefix length: write /0 to /%u",
				most);
	n.bits = (uint8_t)bits;
	n.addr = addr_mask(&n.addr, n.bits);
	return wrong_is(wrong, "has bits set behind its prefix: did you mean %s?",
			net_format(&n, meant));
}

static bool parse_net(const char *text, struct list_entry *out, char *wrong)
{
	char meant[NET_TEXT_MAX];
	struct net inner;

	if (!net_parse(text, &out->net))
		return complain_net(text, wrong);
	if (!addr_is_mapped(&out->net.addr) || out->net.bits < 96)
		return true;
	inner.addr = addr_from_bytes(ADDR_IP4, out->net.addr.byte + 12);
	inner.bits = (uint8_t)(out->net.bits - 96);
	return wrong_is(wrong, "is IPv4 dressed as IPv6: write %s",
			net_format(&inner, meant));
}

static bool parse_name(const char *text, struct list_entry *out, char *wrong)
{
	bool is_domain = text[0] == '.';
	const char *host = text + is_domain;

	if (text[0] == '*')
		return wrong_is(wrong, "is no host name pattern: .example.org means that "
				       "domain and all below it");
	if (strlen(host) > DNSNAME_MAX)
		return wrong_is(wrong, "is longer than any host name");
	out->name[0] = '.';
	if (dnsname_clean(host, strlen(host), out->name + is_domain))
		return true;
	return wrong_is(wrong, "is neither an address nor a host name: write one like "
			       "192.0.2.0/24, mail.example.org or .example.org");
}

bool list_entry_parse(const char *text, struct list_entry *out, char *wrong)
{
	out->is_name = !strpbrk(text, ":/") && text[strspn(text, "0123456789.")] != '\0';
	if (text[0] == '\0')
		return wrong_is(wrong, "is empty: take it out");
	if (out->is_name)
		return parse_name(text, out, wrong);
	return parse_net(text, out, wrong);
}

bool list_entry_add(struct lists *lists, uint16_t list, const struct list_entry *e)
{
	if (e->is_name)
		return lists_add_name(lists, list, e->name);
	return lists_add_net(lists, list, &e->net);
}
