/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_resolver.c - what the resolver makes of what DNS says
 */
#include "resolver_case.h"

/* --- what DNS says, and what comes of it ---------------------------------------- */

START_TEST(a_name_that_leads_back_brings_both_families)
{
	const char *const source[] = { SOURCE4, SOURCE6 };
	struct addr who = addr(source[_i]);
	struct dns_answer a;

	begin(pool);
	ask_at(source[_i], 0);
	a = next_answer();
	ck_assert(addr_is_equal(&a.who, &who));
	ck_assert_str_eq(a.name, "mail.example.org");
	ck_assert_uint_eq(a.count, 3);
	ck_assert(has_sibling(&a, "203.0.113.10"));
	ck_assert(has_sibling(&a, "2001:db8::26"));
	ck_assert(has_sibling(&a, source[!_i]));
	ck_assert_uint_eq(settle().confirmed, 1);
	expect_no_answer();
	end();
}
END_TEST

static const struct dns_record alone[] = {
	{ .name = PTR4, .type = DNS_PTR, .data = "mail.example.org" },
	{ .name = "mail.example.org", .type = DNS_A, .data = SOURCE4 },
	{ 0 },
};

START_TEST(a_name_without_other_addresses_is_an_answer_too)
{
	begin(alone);
	ask_at(SOURCE4, 0);
	ck_assert_uint_eq(next_answer().count, 0);
	ck_assert_uint_eq(settle().confirmed, 1);
	end();
}
END_TEST

static const struct dns_record two_names[] = {
	{ .name = PTR4, .type = DNS_PTR, .data = "a.example.org" },
	{ .name = PTR4, .type = DNS_PTR, .data = "forged.example.com" },
	{ .name = PTR4, .type = DNS_PTR, .data = "b.example.net" },
	{ .name = "a.example.org", .type = DNS_A, .data = SOURCE4 },
	{ .name = "forged.example.com", .type = DNS_A, .data = "198.51.100.1" },
	{ .name = "b.example.net", .type = DNS_A, .data = SOURCE4 },
	{ .name = "b.example.net", .type = DNS_AAAA, .data = "2001:db8::b" },
	{ 0 },
};

START_TEST(each_name_that_leads_back_is_an_answer_of_its_own)
{
	struct dns_answer first, second;

	begin(two_names);
	ask_at(SOURCE4, 0);
	first = next_answer();
	second = next_answer();
	if (strcmp(first.name, "a.example.org") != 0) {
		struct dns_answer swap = first;

		first = second;
		second = swap;
	}
	ck_assert_str_eq(first.name, "a.example.org");
	ck_assert_uint_eq(first.count, 0);
	ck_assert_str_eq(second.name, "b.example.net");
	ck_assert_uint_eq(second.count, 1);
	ck_assert_uint_eq(settle().confirmed, 1);
	expect_no_answer();
	end();
}
END_TEST

static const struct dns_record delegated[] = {
	{ .name = PTR4, .type = DNS_CNAME, .data = "9.part.in-addr.arpa" },
	{ .name = "9.part.in-addr.arpa", .type = DNS_PTR, .data = "mail.example.org" },
	{ .name = "mail.example.org", .type = DNS_CNAME, .data = "host.example.org" },
	{ .name = "host.example.org", .type = DNS_A, .data = SOURCE4 },
	{ .name = "host.example.org", .type = DNS_A, .data = "203.0.113.10" },
	{ 0 },
};

START_TEST(aliases_are_followed)
{
	struct dns_answer a;

	begin(delegated);
	ask_at(SOURCE4, 0);
	a = next_answer();
	ck_assert_str_eq(a.name, "mail.example.org");
	ck_assert_uint_eq(a.count, 1);
	ck_assert(has_sibling(&a, "203.0.113.10"));
	end();
}
END_TEST

START_TEST(names_and_addresses_in_the_hosts_file_come_first)
{
	struct dns_answer a;

	write_file("/etc/hosts", SOURCE4 " mail.local mail\n"
				 "203.0.113.10 mail.local\n"
				 "2001:db8::26 mail.local\n");
	begin(pool);
	ask_at(SOURCE4, 0);
	a = next_answer();
	ck_assert_str_eq(a.name, "mail.local");
	ck_assert_uint_eq(a.count, 2);
	ck_assert(has_sibling(&a, "203.0.113.10"));
	ck_assert(has_sibling(&a, "2001:db8::26"));
	settle();
	ck_assert_uint_eq(server.questions, 0);
	end();
}
END_TEST

/* --- what brings nothing -------------------------------------------------------- */

#define PTR(text) { .name = PTR4, .type = DNS_PTR, .data = text }
#define MAIL(t, text) { .name = "mail.example.org", .type = t, .data = text }
/* Would confirm whatever name it is asked for under, were the name not refused. */
#define LURE(text) { .name = text, .type = DNS_A, .data = SOURCE4 }

static const struct dns_record fruitless[][4] = {
	{ { 0 } },                                               /* no name */
	{ PTR("mail.example.org"), MAIL(DNS_A, "203.0.113.8") }, /* forged */
	{ PTR("mail.example.org"), MAIL(DNS_AAAA, "::ffff:203.0.113.9") },
	{ PTR("mail.example.org") },                             /* leads nowhere */
	{ PTR("mail.example.org"), MAIL(DNS_CNAME, "mail.example.org") },
	{ PTR("mail.example.org"), MAIL(DNS_CNAME, "b.example.org"),
	  { .name = "b.example.org", .type = DNS_CNAME, .data = "mail.example.org" } },
	{ { .name = PTR4, .type = DNS_CNAME, .data = PTR4 } },
	{ PTR("mail"), LURE("mail.search.example") },
	{ PTR("%n%n%s.example.org"), LURE("%n%n%s.example.org") },
	{ PTR("ma il.example.org"), LURE("ma il.example.org") },
	{ PTR("mail\n.example.org"), LURE("mail\n.example.org") },
	{ PTR("mail_1.example.org"), LURE("mail_1.example.org") },
	{ PTR("-mail.example.org"), LURE("-mail.example.org") },
	{ PTR("\x01\xff.example.org"), LURE("\x01\xff.example.org") },
	{ PTR(SOURCE4), LURE(SOURCE4) },
	{ PTR("localhost") },
	{ PTR("host.onion"), LURE("host.onion") },
	{ PTR("."), LURE(".") },
};

START_TEST(a_source_without_a_confirmed_name_brings_nothing)
{
	begin(fruitless[_i]);
	ask_at(SOURCE4, 0);
	ck_assert_uint_eq(settle().unconfirmed, 1);
	ck_assert_uint_ge(server.questions, 1);
	ck_assert_uint_eq(server.strays, 0);
	expect_nameless();
	end();
}
END_TEST

static const struct dns_record broken[][3] = {
	{ { .name = PTR4, .type = DNS_SAYS, .many = DNS_SERVFAIL } },
	{ PTR("mail.example.org"),
	  { .name = "mail.example.org", .type = DNS_SAYS, .many = DNS_SERVFAIL } },
};

START_TEST(an_error_is_counted_as_failed)
{
	begin(broken[_i]);
	ask_at(SOURCE4, 0);
	ck_assert_uint_eq(settle().failed, 1);
	expect_nameless();
	end();
}
END_TEST

START_TEST(no_dns_server_at_all_is_counted_as_failed)
{
	ck_assert_int_eq(resolver_start(&resolver), 0);
	ask_at(SOURCE4, 0);
	ck_assert_uint_eq(settle().failed, 1);
	expect_nameless();
	resolver_stop(resolver);
}
END_TEST

static const struct dns_record crowd[] = {
	{ .name = PTR4, .type = DNS_PTR, .data = "mail.example.org", .many = 600 },
	{ .name = "mail.example.org", .type = DNS_A, .data = SOURCE4, .many = 4000 },
	{ 0 },
};

START_TEST(hundreds_of_names_make_few_questions)
{
	begin(crowd);
	ask_at(SOURCE4, 0);
	settle();
	/* Two for the names (UDP, then TCP) and at most three for each name followed. */
	ck_assert_uint_ge(server.questions, 2);
	ck_assert_uint_le(server.questions, 2 + 3 * RESOLVER_NAMES_MAX);
	end();
}
END_TEST

static const struct dns_record giant[] = {
	{ .name = PTR4, .type = DNS_PTR, .data = "mail.example.org" },
	{ .name = "mail.example.org", .type = DNS_A, .data = SOURCE4, .many = 4000 },
	{ 0 },
};

START_TEST(thousands_of_addresses_are_searched_but_few_are_kept)
{
	struct dns_answer a;

	begin(giant);
	ask_at(SOURCE4, 0);
	a = next_answer();
	ck_assert_uint_eq(a.count, RESOLVER_SIBLINGS_MAX);
	ck_assert(has_sibling(&a, "10.0.0.0"));
	ck_assert(!has_sibling(&a, SOURCE4));
	end();
}
END_TEST

static void add_tests(TCase *tc)
{
	set_up_cases(tc);
	tcase_add_loop_test(tc, a_name_that_leads_back_brings_both_families, 0, 2);
	tcase_add_test(tc, a_name_without_other_addresses_is_an_answer_too);
	tcase_add_test(tc, each_name_that_leads_back_is_an_answer_of_its_own);
	tcase_add_test(tc, aliases_are_followed);
	tcase_add_test(tc, names_and_addresses_in_the_hosts_file_come_first);
	tcase_add_loop_test(tc, a_source_without_a_confirmed_name_brings_nothing, 0,
			    sizeof(fruitless) / sizeof(fruitless[0]));
	tcase_add_loop_test(tc, an_error_is_counted_as_failed, 0, 2);
	tcase_add_test(tc, no_dns_server_at_all_is_counted_as_failed);
	tcase_add_test(tc, hundreds_of_names_make_few_questions);
	tcase_add_test(tc, thousands_of_addresses_are_searched_but_few_are_kept);
}

int main(int argc, char **argv)
{
	(void)argc;
	return resolver_main(argv, add_tests);
}
