/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_rules.c - printed firewall rules name our addresses, and no others
 *
 * Whether the kernel takes them is tested in tests/netns.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/lists.h"
#include "daemon/rules_int.h"

#include "unit.h"

static struct policy policy;

static void setup(void)
{
	policy = policy_default();
	policy.fakes = policy.reals = 1;
	ck_assert(addr_parse("192.0.2.3", &policy.fake[0]));
	ck_assert(addr_parse("192.0.2.4", &policy.real[0]));
}

static void add_ip6(void)
{
	policy.fakes = policy.reals = 2;
	ck_assert(addr_parse("2001:db8::3", &policy.fake[1]));
	ck_assert(addr_parse("2001:db8::4", &policy.real[1]));
}

typedef void (*print_fn)(const struct rules *r, FILE *out);

/* To be freed. */
static char *printed(print_fn fn, const struct rules *r)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	fn(r, out);
	ck_assert_int_eq(fclose(out), 0);
	return text;
}

/* Lines that begin with `start` and contain `part`. */
static unsigned count(const char *text, const char *start, const char *part)
{
	unsigned n = 0;

	while (*text) {
		size_t len = strcspn(text, "\n");
		char line[400];

		ck_assert_uint_lt(len, sizeof(line));
		snprintf(line, sizeof(line), "%.*s", (int)len, text);
		n += strncmp(line, start, strlen(start)) == 0 &&
		     strstr(line, part) != NULL;
		text += len + (text[len] == '\n');
	}
	return n;
}

START_TEST(each_address_has_its_rule_before_connection_tracking)
{
	struct rules r = { .policy = &policy, .queue_num = 23, .mark = 0x6d78 };
	char *text;

	add_ip6();
	text = printed(rules_iptables, &r);
	ck_assert_uint_eq(
		count(text, "iptables -t raw ", "--queue-num 23 --queue-bypass"), 2);
	ck_assert_uint_eq(
		count(text, "ip6tables -t raw ", "--queue-num 23 --queue-bypass"), 2);
	ck_assert_uint_eq(
		count(text, "iptables -t raw ", "--syn --dport 25 -d 192.0.2.3 "), 1);
	ck_assert_uint_eq(count(text, "ip6tables -t raw ", "-d 2001:db8::4 "), 1);
	ck_assert_uint_eq(count(text, "iptables -t raw ", "-p tcp -f -d 192.0.2."), 2);
	ck_assert_uint_eq(count(text, "ip", ""), 6); /* and no other */
	ck_assert_uint_eq(count(text, "# iptables -I INPUT", "--ctstate NEW"), 2);
	free(text);
}
END_TEST

START_TEST(without_ipv6_addresses_there_is_no_ipv6_rule)
{
	struct rules r = { .policy = &policy, .queue_num = 23, .has_tarpit = true };
	char *text = printed(rules_iptables, &r);

	ck_assert_ptr_null(strstr(text, "ip6tables"));
	free(text);
	text = printed(rules_nft, &r);
	ck_assert_ptr_null(strstr(text, "ip6 "));
	ck_assert_ptr_nonnull(strstr(text, "192.0.2.3"));
	free(text);
}
END_TEST

START_TEST(port_and_queue_are_the_configured_ones)
{
	struct rules r = { .policy = &policy, .queue_num = 7 };
	char *text;

	policy.smtp_port = 2525;
	text = printed(rules_iptables, &r);
	ck_assert_uint_eq(count(text, "iptables", "--dport 2525 "), 2);
	ck_assert_uint_eq(count(text, "iptables", "--queue-num 7 "), 2);
	ck_assert_ptr_null(strstr(text, "port 25 "));
	free(text);
}
END_TEST

START_TEST(the_tarpit_gets_later_packets_and_hides_its_answers)
{
	struct rules r = { .policy = &policy, .queue_num = 23, .mark = 0x6d78,
			   .has_tarpit = true };
	char *text;

	add_ip6();
	text = printed(rules_iptables, &r);
	ck_assert_uint_eq(
		count(text, "iptables -t mangle", "! --ctstate ESTABLISHED,RELATED"), 2);
	ck_assert_uint_eq(
		count(text, "iptables -t raw -A OUTPUT", "0x6d78 -j CT --notrack"), 1);
	ck_assert_uint_eq(count(text, "ip6tables -t raw -A OUTPUT", "-j CT --notrack"),
			  1);
	free(text);
}
END_TEST

START_TEST(reset_by_mark_refuses_before_the_queue_and_never_in_raw)
{
	struct rules r = { .policy = &policy, .queue_num = 23, .mark = 0x6d78,
			   .is_reset_by_mark = true };
	char *text = printed(rules_iptables, &r);

	ck_assert_ptr_null(strstr(text, "-t raw"));
	ck_assert_uint_eq(count(text, "iptables -I INPUT", "0x6d78 -j REJECT"), 1);
	ck_assert_uint_eq(count(text, "iptables -I INPUT", "-j NFQUEUE"), 2);
	/* -I puts the line that comes last to the top. */
	ck_assert_ptr_nonnull(strstr(strstr(text, "NFQUEUE"), "REJECT --reject-with"));
	ck_assert_ptr_null(strstr(strstr(text, "REJECT --reject-with"), "NFQUEUE"));
	free(text);
}
END_TEST

#define RST_RULE "-p tcp --tcp-flags SYN,RST RST --dport 25 -d "

START_TEST(a_proof_gets_the_resets_to_fake_addresses_and_hides_its_challenges)
{
	struct rules r = { .policy = &policy, .queue_num = 23, .mark = 0x6d78,
			   .has_proof = true };
	char *text;

	add_ip6();
	text = printed(rules_iptables, &r);
	ck_assert_uint_eq(
		count(text, "iptables -t raw -A PREROUTING", RST_RULE "192.0.2.3 -j"), 1);
	ck_assert_uint_eq(
		count(text, "ip6tables -t raw -A PREROUTING", RST_RULE "2001:db8::3 -j"),
		1);
	ck_assert_uint_eq(count(text, "ip", "RST RST"), 2); /* and no real address */
	ck_assert_uint_eq(count(text, "# iptables -I INPUT", RST_RULE "192.0.2.3 -j"), 1);
	ck_assert_uint_eq(count(text, "# ip6tables -I INPUT", "RST RST"), 1);
	ck_assert_uint_eq(count(text, "ip", "0x6d78 -j CT --notrack"), 2);
	free(text);
	text = printed(rules_nft, &r);
	ck_assert_uint_eq(count(text, "\t\tiifname", "ip daddr 192.0.2.3 tcp dport 25 "
						     "tcp flags & (syn | rst) == rst"),
			  1);
	ck_assert_uint_eq(count(text, "\t\t", "== rst"), 2);
	ck_assert_uint_eq(count(text, "\t\t", "notrack"), 1);
	free(text);
}
END_TEST

START_TEST(a_proof_beside_a_tarpit_needs_nothing_more)
{
	struct rules r = { .policy = &policy, .queue_num = 23, .has_tarpit = true };
	char *tarpit = printed(rules_iptables, &r), *both;

	r.has_proof = true;
	both = printed(rules_iptables, &r);
	ck_assert_str_eq(both, tarpit);
	free(tarpit);
	free(both);
}
END_TEST

START_TEST(a_proof_works_where_a_rule_refuses)
{
	struct rules r = { .policy = &policy, .queue_num = 23, .mark = 0x6d78,
			   .is_reset_by_mark = true, .has_proof = true };
	char *text = printed(rules_iptables, &r);

	ck_assert_uint_eq(count(text, "iptables -I INPUT", RST_RULE "192.0.2.3 -j NFQ"),
			  1);
	ck_assert_uint_eq(count(text, "iptables -t raw", "--notrack"), 1);
	free(text);
}
END_TEST

START_TEST(a_tarpit_is_needed_where_anything_is_held)
{
	struct list held = { "held", LIST_DENY, VERDICT_TARPIT, 0 };
	struct lists *lists = lists_new();

	ck_assert(!rules_need_tarpit(&policy, NULL));
	policy.queue[0].deny = VERDICT_TARPIT;
	ck_assert(rules_need_tarpit(&policy, NULL));
	policy.queue[0].deny = VERDICT_DROP;
	policy.penalty.action = VERDICT_TARPIT;
	ck_assert(rules_need_tarpit(&policy, NULL));
	policy.penalty.action = VERDICT_DROP;
	ck_assert(!rules_need_tarpit(&policy, lists));
	ck_assert_uint_ne(lists_add(lists, &held), LISTS_NONE);
	ck_assert(rules_need_tarpit(&policy, lists));
	lists_free(lists);
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, each_address_has_its_rule_before_connection_tracking);
	tcase_add_test(t, without_ipv6_addresses_there_is_no_ipv6_rule);
	tcase_add_test(t, port_and_queue_are_the_configured_ones);
	tcase_add_test(t, the_tarpit_gets_later_packets_and_hides_its_answers);
	tcase_add_test(t, reset_by_mark_refuses_before_the_queue_and_never_in_raw);
	tcase_add_test(
		t, a_proof_gets_the_resets_to_fake_addresses_and_hides_its_challenges);
	tcase_add_test(t, a_proof_beside_a_tarpit_needs_nothing_more);
	tcase_add_test(t, a_proof_works_where_a_rule_refuses);
	tcase_add_test(t, a_tarpit_is_needed_where_anything_is_held);
}

int main(void)
{
	return unit_main("rules", add_tests);
}
