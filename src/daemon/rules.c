/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules.c - print iptables and nftables rules for fake and real addresses
 *
 * A held connection's later packets must reach us, and connection tracking must not see
 * our answers: it would adopt them as a connection of its own. The former are caught in
 * mangle PREROUTING, the first table behind connection tracking, before any rule of
 * INPUT. Answers to challenges are among them; without a tarpit they have a rule of their
 * own, next to that of SYNs.
 */
#include "daemon/rules_int.h"

#include "core/lists.h"

bool rules_need_tarpit(const struct policy *p, const struct lists *lists)
{
	bool needs = p->penalty.action == VERDICT_TARPIT;

	for (unsigned i = 0; i < p->queues; i++)
		needs |= p->queue[i].deny == VERDICT_TARPIT;
	for (uint16_t i = 0; lists && i < lists_count(lists); i++)
		needs |= lists_at(lists, i)->action == LIST_DENY &&
			 lists_at(lists, i)->deny == VERDICT_TARPIT;
	return needs;
}

/* Fake addresses, then real ones. */
static const struct addr *addr_at(const struct rules *r, unsigned i)
{
	const struct policy *p = r->policy;

	if (i < p->fakes)
		return &p->fake[i];
	return i - p->fakes < p->reals ? &p->real[i - p->fakes] : NULL;
}

static bool has_family(const struct rules *r, enum addr_family family)
{
	const struct addr *a;

	for (unsigned i = 0; (a = addr_at(r, i)); i++)
		if (a->family == family)
			return true;
	return false;
}

/* Walks over the families that have addresses; begins and ends with ADDR_NONE. */
static enum addr_family next_family(const struct rules *r, enum addr_family before)
{
	if (before == ADDR_NONE && has_family(r, ADDR_IP4))
		return ADDR_IP4;
	return before != ADDR_IP6 && has_family(r, ADDR_IP6) ? ADDR_IP6 : ADDR_NONE;
}

static const char *tool(enum addr_family family)
{
	return family == ADDR_IP6 ? "ip6tables" : "iptables";
}

/* TOOL MATCH -d ADDR MORE -j NFQUEUE ...; a comment when `where` begins as one. */
static void queue_rule(const struct rules *r, FILE *out, const struct addr *a,
		       const char *where, const char *more)
{
	char text[ADDR_TEXT_MAX];

	fprintf(out,
		"%s%s %s --dport %u -d %s%s -j NFQUEUE --queue-num %u --queue-bypass\n",
		where[0] == '#' ? "# " : "", tool((enum addr_family)a->family),
		where[0] == '#' ? where + 1 : where, r->policy->smtp_port,
		addr_format(a, text), more, r->queue_num);
}

/* A line for each address. */
static void each_addr(const struct rules *r, FILE *out, const char *where,
		      const char *more)
{
	const struct addr *a;

	for (unsigned i = 0; (a = addr_at(r, i)); i++)
		queue_rule(r, out, a, where, more);
}

static bool needs_proof_rules(const struct rules *r)
{
	return r->has_proof && !r->has_tarpit;
}

/* A line for each fake address. */
static void each_fake(const struct rules *r, FILE *out, const char *where)
{
	for (unsigned i = 0; i < r->policy->fakes; i++)
		queue_rule(r, out, &r->policy->fake[i], where, "");
}

static void head(const struct rules *r, FILE *out)
{
	fprintf(out,
		"# Rules for mxallowd: new connections to port %u of %u fake and %u "
		"real\n"
		"# addresses go to queue %u, and nothing else does. While mxallowd does "
		"not run,\n"
		"# everything passes (bypass).\n",
		r->policy->smtp_port, r->policy->fakes, r->policy->reals, r->queue_num);
}

/* A SYN cut before its flags is no SYN to the next rules, and where connection tracking
 * is not loaded nobody puts the pieces together before them. IPv6 forbids such cuts. */
static void fragment_rules(const struct rules *r, FILE *out)
{
	char text[ADDR_TEXT_MAX];
	const struct addr *a;

	if (!has_family(r, ADDR_IP4))
		return;
	fputs("\n# A SYN may not come in pieces: a rule cannot tell it is one.\n", out);
	for (unsigned i = 0; (a = addr_at(r, i)); i++)
		if (a->family == ADDR_IP4)
			fprintf(out,
				"iptables -t raw -A PREROUTING ! -i lo -p tcp -f -d %s "
				"-j DROP\n",
				addr_format(a, text));
}

static void raw_rules(const struct rules *r, FILE *out)
{
	fragment_rules(r, out);
	fputs("\n# Before connection tracking, where a dropped SYN costs least.\n"
	      "# To take a rule out again, run its line with -D in place of -A.\n",
	      out);
	each_addr(r, out, "-t raw -A PREROUTING ! -i lo -p tcp --syn", "");
	if (needs_proof_rules(r)) {
		fputs("\n# Address proof: what answers a challenge.\n", out);
		each_fake(r, out,
			  "-t raw -A PREROUTING ! -i lo -p tcp --tcp-flags SYN,RST RST");
	}
	if (!r->has_tarpit)
		return;
	fputs("\n# Tarpit: later packets of held connections, which no tracked "
	      "connection knows.\n",
	      out);
	each_addr(r, out, "-t mangle -A PREROUTING ! -i lo -p tcp ! --syn",
		  " -m conntrack ! --ctstate ESTABLISHED,RELATED");
}

/* What connection tracking must not see; INPUT or raw, the answers leave the same way. */
static void untracked_rules(const struct rules *r, FILE *out)
{
	fprintf(out,
		"\n# %s: connection tracking must not take our answers for a "
		"connection.\n",
		r->has_tarpit ? "Tarpit" : "Address proof");
	for (enum addr_family f = next_family(r, ADDR_NONE); f; f = next_family(r, f))
		fprintf(out,
			"%s -t raw -A OUTPUT -p tcp --sport %u -m mark --mark "
			"0x%x -j CT --notrack\n",
			tool(f), r->policy->smtp_port, r->mark);
}

/* Behind connection tracking. */
static void input_queue(const struct rules *r, FILE *out, const char *where)
{
	char match[80];

	if (r->has_tarpit) {
		each_addr(r, out, where,
			  " -m conntrack ! --ctstate ESTABLISHED,RELATED");
		return;
	}
	snprintf(match, sizeof(match), "%s --syn", where);
	each_addr(r, out, match, " -m conntrack --ctstate NEW");
	if (!r->has_proof)
		return;
	snprintf(match, sizeof(match), "%s --tcp-flags SYN,RST RST", where);
	each_fake(r, out, match);
}

/* The other form, as comments, for those who want their own rules to look first. */
static void input_comments(const struct rules *r, FILE *out)
{
	fputs("\n# Or, in place of the rules in PREROUTING, behind connection tracking; "
	      "they must\n"
	      "# stand before any rule that accepts port 25, established connections, or "
	      "drops\n"
	      "# invalid packets:\n",
	      out);
	input_queue(r, out, "#-I INPUT ! -i lo -p tcp");
}

/* -I inserts at the top: what must stand first is printed last. */
static void input_rules(const struct rules *r, FILE *out)
{
	fputs("\n# reset-with = mark: behind connection tracking, because REJECT does "
	      "not work\n"
	      "# in raw. Each line goes to the top of INPUT, so keep their order.\n"
	      "# To take a rule out again, run its line with -D in place of -I.\n",
	      out);
	input_queue(r, out, "-I INPUT ! -i lo -p tcp");
	fputs("\n# What mxallowd refuses comes by again with its mark, and is refused "
	      "here.\n",
	      out);
	for (enum addr_family f = next_family(r, ADDR_NONE); f; f = next_family(r, f))
		fprintf(out,
			"%s -I INPUT ! -i lo -p tcp --syn --dport %u -m mark "
			"--mark 0x%x -j REJECT --reject-with tcp-reset\n",
			tool(f), r->policy->smtp_port, r->mark);
}

static void output_comments(const struct rules *r, FILE *out)
{
	fputs("\n# Where your OUTPUT drops packets in state INVALID, let our answers out "
	      "first:\n",
	      out);
	for (enum addr_family f = next_family(r, ADDR_NONE); f; f = next_family(r, f))
		fprintf(out,
			"# %s -I OUTPUT -p tcp --sport %u -m mark --mark 0x%x -j "
			"ACCEPT\n",
			tool(f), r->policy->smtp_port, r->mark);
}

void rules_iptables(const struct rules *r, FILE *out)
{
	head(r, out);
	if (r->is_reset_by_mark)
		input_rules(r, out);
	else
		raw_rules(r, out);
	if (r->has_tarpit || r->has_proof)
		untracked_rules(r, out);
	if (!r->is_reset_by_mark)
		input_comments(r, out);
	output_comments(r, out);
}

static void nft_set(const struct rules *r, FILE *out, enum addr_family family)
{
	const char *comma = "";
	char text[ADDR_TEXT_MAX];
	const struct addr *a;

	if (!has_family(r, family))
		return;
	fprintf(out, "\tset mx%d {\n\t\ttype ipv%d_addr\n\t\telements = { ", family,
		family);
	for (unsigned i = 0; (a = addr_at(r, i)); i++) {
		if (a->family != family)
			continue;
		fprintf(out, "%s%s", comma, addr_format(a, text));
		comma = ",\n\t\t\t     ";
	}
	fputs(" }\n\t}\n\n", out);
}

/* A queue statement for each family that has addresses, behind `match`. */
static void nft_queue(const struct rules *r, FILE *out, const char *match)
{
	for (enum addr_family f = next_family(r, ADDR_NONE); f; f = next_family(r, f))
		fprintf(out,
			"\t\tiifname != \"lo\" %s daddr @mx%d tcp dport %u %s "
			"queue num %u bypass\n",
			f == ADDR_IP6 ? "ip6" : "ip", f, r->policy->smtp_port, match,
			r->queue_num);
}

#define NFT_SYN	    "tcp flags & (fin | syn | rst | ack) == syn"
#define NFT_NOT_SYN "tcp flags & (fin | syn | rst | ack) != syn"
#define NFT_UNKNOWN "ct state != { established, related }"

static void nft_chain(FILE *out, const char *name, const char *hook, const char *priority)
{
	fprintf(out,
		"\tchain %s {\n\t\ttype filter hook %s priority %s; policy accept;\n\n",
		name, hook, priority);
}

/* What answers a challenge, to each fake address. */
static void nft_proof(const struct rules *r, FILE *out)
{
	char text[ADDR_TEXT_MAX];

	for (unsigned i = 0; needs_proof_rules(r) && i < r->policy->fakes; i++)
		fprintf(out,
			"\t\tiifname != \"lo\" %s daddr %s tcp dport %u "
			"tcp flags & (syn | rst) == rst queue num %u bypass\n",
			r->policy->fake[i].family == ADDR_IP6 ? "ip6" : "ip",
			addr_format(&r->policy->fake[i], text), r->policy->smtp_port,
			r->queue_num);
}

static void nft_raw(const struct rules *r, FILE *out)
{
	fputs("\t# Before connection tracking, where a dropped SYN costs least.\n", out);
	nft_chain(out, "prerouting", "prerouting", "raw");
	if (has_family(r, ADDR_IP4))
		fputs("\t\t# a SYN may not come in pieces: a rule cannot tell it is one\n"
		      "\t\tiifname != \"lo\" ip daddr @mx4 ip protocol tcp "
		      "ip frag-off & 0x1fff != 0 drop\n",
		      out);
	nft_queue(r, out, NFT_SYN);
	nft_proof(r, out);
	fputs("\t}\n", out);
	if (!r->has_tarpit)
		return;
	fputs("\n\t# Tarpit: later packets of held connections, which no tracked one "
	      "knows.\n",
	      out);
	nft_chain(out, "held", "prerouting", "mangle");
	nft_queue(r, out, NFT_NOT_SYN " " NFT_UNKNOWN);
	fputs("\t}\n", out);
}

static void nft_input(const struct rules *r, FILE *out)
{
	fputs("\t# reset-with = mark: what mxallowd refuses comes by again with its "
	      "mark, and\n"
	      "\t# is refused by the first rule. Behind connection tracking: the kernel "
	      "has no\n"
	      "\t# reject before it.\n",
	      out);
	nft_chain(out, "input", "input", "filter - 1");
	fprintf(out, "\t\ttcp dport %u meta mark 0x%x reject with tcp reset\n",
		r->policy->smtp_port, r->mark);
	nft_queue(r, out, r->has_tarpit ? NFT_UNKNOWN : NFT_SYN " ct state new");
	nft_proof(r, out);
	fputs("\t}\n", out);
}

void rules_nft(const struct rules *r, FILE *out)
{
	head(r, out);
	fputs("# Load with `nft -f FILE`; loading it again replaces it. The kernel needs "
	      "nft_queue:\n"
	      "# where it is missing, nft says \"No such file or directory\" at the word "
	      "`queue`.\n"
	      "\ntable inet mxallowd\ndelete table inet mxallowd\n\ntable inet mxallowd "
	      "{\n",
	      out);
	nft_set(r, out, ADDR_IP4);
	nft_set(r, out, ADDR_IP6);
	if (r->is_reset_by_mark)
		nft_input(r, out);
	else
		nft_raw(r, out);
	if (r->has_tarpit || r->has_proof) {
		fprintf(out,
			"\n\t# %s: connection tracking must not take our answers\n"
			"\t# for a connection.\n",
			r->has_tarpit ? "Tarpit" : "Address proof");
		nft_chain(out, "output", "output", "raw");
		fprintf(out, "\t\ttcp sport %u meta mark 0x%x notrack\n\t}\n",
			r->policy->smtp_port, r->mark);
	}
	fprintf(out,
		"}\n\n# Where an output chain of yours drops `ct state invalid`, let our "
		"answers out\n"
		"# first:\n#\ttcp sport %u meta mark 0x%x accept\n",
		r->policy->smtp_port, r->mark);
}
