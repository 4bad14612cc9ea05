/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules_pf.c - print pf rules for fake and real addresses
 *
 * Whoever is not in the table is dropped, never refused: it may be put there by the very
 * SYN that was dropped, and finds its way when it repeats it.
 */
#include "daemon/rules_int.h"

static void rule(const struct rules *r, FILE *out, const char *action, const char *from,
		 const struct addr *a)
{
	char text[ADDR_TEXT_MAX];

	fprintf(out, "%s in log quick %s proto tcp from %s to %s port %u%s\n", action,
		a->family == ADDR_IP6 ? "inet6" : "inet", from, addr_format(a, text),
		r->policy->smtp_port, action[0] == 'p' ? " flags S/SA" : "");
}

static const char *fake_action(enum verdict v)
{
	switch (v) {
	case VERDICT_ACCEPT:
		return "pass";
	case VERDICT_RESET:
		return "block return";
	case VERDICT_DROP:
	case VERDICT_TARPIT:
		break;
	}
	return "block drop";
}

void rules_pf(const struct rules *r, const char *table, FILE *out)
{
	const struct policy *p = r->policy;
	char whites[64];

	snprintf(whites, sizeof(whites), "<%s>", table);
	fprintf(out,
		"# Rules for mxallowd: the log tells it of connections to port %u, and "
		"it keeps the\n# table. They stand before all rules that decide about "
		"these addresses.\n\ntable %s persist\n\n",
		p->smtp_port, whites);
	for (unsigned i = 0; i < p->reals; i++)
		rule(r, out, "pass", whites, &p->real[i]);
	for (unsigned i = 0; i < p->fakes; i++)
		rule(r, out, fake_action(p->fake_action), "any", &p->fake[i]);
	for (unsigned i = 0; i < p->reals; i++)
		rule(r, out, "block drop", "any", &p->real[i]);
}
