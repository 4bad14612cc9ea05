/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_lists.c - who is in which list, when several know the source
 */
#include "core/lists.h"

#include <stdio.h>

#include "unit.h"

static struct lists *lists;
static uint16_t allow, deny, queue;

static uint16_t add_list(const char *name, enum list_action action)
{
	struct list list = { .action = action, .deny = VERDICT_DROP };

	snprintf(list.name, sizeof(list.name), "%s", name);
	return lists_add(lists, &list);
}

static void begin(void)
{
	lists = lists_new();
	ck_assert_ptr_nonnull(lists);
	queue = add_list("queue", LIST_QUEUE);
	deny = add_list("deny", LIST_DENY);
	allow = add_list("allow", LIST_ALLOW);
}

static void end(void)
{
	lists_free(lists);
}

static void put(uint16_t list, const char *text)
{
	struct net n;

	if (net_parse(text, &n))
		ck_assert(lists_add_net(lists, list, &n));
	else
		ck_assert(lists_add_name(lists, list, text));
}

static uint16_t of_addr(const char *text)
{
	struct addr a;

	ck_assert(addr_parse(text, &a));
	return lists_find_addr(lists, &a);
}

START_TEST(without_entries_nobody_is_known)
{
	ck_assert_uint_eq(of_addr("192.0.2.1"), LISTS_NONE);
	ck_assert_uint_eq(lists_find_name(lists, "mail.example.org"), LISTS_NONE);
	ck_assert(!lists_have_names(lists));
	ck_assert_uint_eq(lists_count(lists), 3);
	ck_assert_str_eq(lists_at(lists, deny)->name, "deny");
}
END_TEST

START_TEST(the_longest_prefix_wins_whatever_the_action)
{
	put(allow, "192.0.2.0/24");
	put(deny, "192.0.2.128/25");
	put(queue, "192.0.2.200");
	ck_assert_uint_eq(of_addr("192.0.2.1"), allow);
	ck_assert_uint_eq(of_addr("192.0.2.129"), deny);
	ck_assert_uint_eq(of_addr("192.0.2.200"), queue);
	ck_assert_uint_eq(of_addr("192.0.3.1"), LISTS_NONE);
}
END_TEST

START_TEST(of_equal_entries_allow_beats_deny_and_deny_beats_queue)
{
	static const char *const entry[] = { "192.0.2.0/24", "2001:db8::/32" };
	static const char *const host[] = { "192.0.2.1", "2001:db8::1" };

	put(queue, entry[_i]);
	ck_assert_uint_eq(of_addr(host[_i]), queue);
	put(deny, entry[_i]);
	ck_assert_uint_eq(of_addr(host[_i]), deny);
	put(queue, entry[_i]);
	ck_assert_uint_eq(of_addr(host[_i]), deny);
	put(allow, entry[_i]);
	ck_assert_uint_eq(of_addr(host[_i]), allow);
	put(deny, entry[_i]);
	ck_assert_uint_eq(of_addr(host[_i]), allow);
}
END_TEST

START_TEST(of_equal_names_allow_beats_deny_and_deny_beats_queue)
{
	static const char *const pattern[] = { "mail.example.org", ".example.org" };

	put(queue, pattern[_i]);
	ck_assert_uint_eq(lists_find_name(lists, "mail.example.org"), queue);
	put(deny, pattern[_i]);
	ck_assert_uint_eq(lists_find_name(lists, "mail.example.org"), deny);
	put(queue, pattern[_i]);
	ck_assert_uint_eq(lists_find_name(lists, "mail.example.org"), deny);
	put(allow, pattern[_i]);
	ck_assert_uint_eq(lists_find_name(lists, "mail.example.org"), allow);
	put(deny, pattern[_i]);
	ck_assert_uint_eq(lists_find_name(lists, "mail.example.org"), allow);
}
END_TEST

START_TEST(between_equal_actions_the_first_list_stays)
{
	uint16_t second = add_list("second", LIST_DENY);

	put(deny, "192.0.2.1");
	put(second, "192.0.2.1");
	put(deny, ".example.org");
	put(second, ".example.org");
	ck_assert_uint_eq(of_addr("192.0.2.1"), deny);
	ck_assert_uint_eq(lists_find_name(lists, "a.example.org"), deny);
}
END_TEST

START_TEST(a_domain_is_itself_and_all_below_it)
{
	put(deny, ".example.org");
	ck_assert(lists_have_names(lists));
	ck_assert_uint_eq(lists_find_name(lists, "example.org"), deny);
	ck_assert_uint_eq(lists_find_name(lists, "mail.example.org"), deny);
	ck_assert_uint_eq(lists_find_name(lists, "a.b.example.org"), deny);
	ck_assert_uint_eq(lists_find_name(lists, "badexample.org"), LISTS_NONE);
	ck_assert_uint_eq(lists_find_name(lists, "org"), LISTS_NONE);
	ck_assert_uint_eq(lists_find_name(lists, "example.org.net"), LISTS_NONE);
	ck_assert_uint_eq(lists_find_name(lists, ""), LISTS_NONE);
}
END_TEST

START_TEST(a_host_is_itself_alone)
{
	put(deny, "mail.example.org");
	ck_assert_uint_eq(lists_find_name(lists, "mail.example.org"), deny);
	ck_assert_uint_eq(lists_find_name(lists, "a.mail.example.org"), LISTS_NONE);
	ck_assert_uint_eq(lists_find_name(lists, "example.org"), LISTS_NONE);
}
END_TEST

START_TEST(a_host_beats_domains_and_a_longer_domain_a_shorter_one)
{
	put(allow, ".org");
	put(deny, ".dsl.example.org");
	put(allow, ".example.org");
	put(queue, "host.dsl.example.org");
	put(allow, ".host.dsl.example.org");
	ck_assert_uint_eq(lists_find_name(lists, "mail.example.org"), allow);
	ck_assert_uint_eq(lists_find_name(lists, "other.dsl.example.org"), deny);
	ck_assert_uint_eq(lists_find_name(lists, "host.dsl.example.org"), queue);
	ck_assert_uint_eq(lists_find_name(lists, "a.host.dsl.example.org"), allow);
	ck_assert_uint_eq(lists_find_name(lists, "example.net"), LISTS_NONE);
}
END_TEST

START_TEST(many_names_are_found_again)
{
	char name[64];

	for (unsigned i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "%sh%u.example.org", i % 2 ? "." : "", i);
		put(i % 3 ? deny : allow, name);
	}
	for (unsigned i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "h%u.example.org", i);
		ck_assert_uint_eq(lists_find_name(lists, name), i % 3 ? deny : allow);
	}
	ck_assert_uint_eq(lists_find_name(lists, "h5000.example.org"), LISTS_NONE);
}
END_TEST

START_TEST(there_are_so_many_lists_and_no_more)
{
	while (lists_count(lists) < LISTS_MAX)
		ck_assert_uint_ne(add_list("more", LIST_DENY), LISTS_NONE);
	ck_assert_uint_eq(add_list("one too many", LIST_DENY), LISTS_NONE);
	ck_assert_uint_eq(lists_count(lists), LISTS_MAX);
}
END_TEST

static void add(TCase *t)
{
	tcase_add_checked_fixture(t, begin, end);
	tcase_add_test(t, without_entries_nobody_is_known);
	tcase_add_test(t, the_longest_prefix_wins_whatever_the_action);
	tcase_add_loop_test(t, of_equal_entries_allow_beats_deny_and_deny_beats_queue, 0,
			    2);
	tcase_add_loop_test(t, of_equal_names_allow_beats_deny_and_deny_beats_queue, 0,
			    2);
	tcase_add_test(t, between_equal_actions_the_first_list_stays);
	tcase_add_test(t, a_domain_is_itself_and_all_below_it);
	tcase_add_test(t, a_host_is_itself_alone);
	tcase_add_test(t, a_host_beats_domains_and_a_longer_domain_a_shorter_one);
	tcase_add_test(t, many_names_are_found_again);
	tcase_add_test(t, there_are_so_many_lists_and_no_more);
}

int main(void)
{
	return unit_main("lists", add);
}
