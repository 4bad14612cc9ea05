/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_addr.c - addresses as text, as bytes, cut and classified
 */
#include "base/addr.h"

#include <string.h>

#include <check.h>

#include "unit.h"

static struct addr addr_of(const char *text)
{
	struct addr a;

	ck_assert_msg(addr_parse(text, &a), "%s", text);
	return a;
}

static void expect_text(const char *in, const char *want)
{
	struct addr a = addr_of(in);
	char text[ADDR_TEXT_MAX];

	ck_assert_str_eq(addr_format(&a, text), want);
}

START_TEST(text_comes_back_as_rfc_5952_writes_it)
{
	expect_text("192.0.2.7", "192.0.2.7");
	expect_text("255.255.255.255", "255.255.255.255");
	expect_text("2001:DB8:0:0:0:0:0:1", "2001:db8::1");
	expect_text("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1");
	expect_text("2001:0:0:1:0:0:0:1", "2001:0:0:1::1");
	expect_text("0:0:0:0:0:0:0:1", "::1");
	expect_text("::ffff:192.0.2.7", "::ffff:192.0.2.7");
	expect_text("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
		    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
}
END_TEST

static const char *const refused[] = {
	"",	       " 192.0.2.7",   "192.0.2.7 ",	"192.0.2.7\n",   "192.0.2",
	"192.0.2.256", "192.0.2.7/32", "192.0.2.7:25",	"010.0.0.1",	 "0x7f.0.0.1",
	"1.2.3.4.5",   "fe80::1%eth0", "2001:db8::1::", "2001:db8:::1", "1:2:3:4:5:6:7",
	"::10000",     "[::1]",	       "mx.example.org", "-",		 ":",
};

START_TEST(anything_but_one_address_is_refused_and_changes_nothing)
{
	struct addr a = addr_of("192.0.2.1"), before = a;

	ck_assert_msg(!addr_parse(refused[_i], &a), "\"%s\"", refused[_i]);
	ck_assert(addr_is_equal(&a, &before));
}
END_TEST

START_TEST(bytes_and_text_name_the_same_address)
{
	const uint8_t four[4] = { 192, 0, 2, 7 };
	const uint8_t sixteen[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
	struct addr a4 = addr_from_bytes(ADDR_IP4, four), b4 = addr_of("192.0.2.7");
	struct addr a6 = addr_from_bytes(ADDR_IP6, sixteen), b6 = addr_of("2001:db8::1");

	ck_assert(addr_is_equal(&a4, &b4));
	ck_assert(addr_is_equal(&a6, &b6));
	ck_assert(!addr_is_equal(&a4, &a6));
	ck_assert_mem_eq(&a4, &b4, sizeof(a4));
	ck_assert_uint_eq(addr_bytes(&a4), 4);
	ck_assert_uint_eq(addr_bytes(&a6), 16);
}
END_TEST

START_TEST(no_address_has_no_bytes_and_a_dash_for_text)
{
	struct addr none = { 0 };
	char text[ADDR_TEXT_MAX];

	ck_assert_uint_eq(addr_bytes(&none), 0);
	ck_assert_str_eq(addr_format(&none, text), "-");
	ck_assert_int_eq(addr_scope(&none), SCOPE_UNUSABLE);
}
END_TEST

START_TEST(ipv4_and_ipv6_with_the_same_first_bytes_differ)
{
	struct addr a = addr_of("32.1.13.184"), b = addr_of("2001:db8::");

	ck_assert(!addr_is_equal(&a, &b));
}
END_TEST

static const struct {
	const char *text;
	unsigned    bits;
	const char *want;
} masks[] = {
	{ "192.0.2.255", 32, "192.0.2.255" },
	{ "192.0.2.255", 33, "192.0.2.255" },
	{ "192.0.2.255", 128, "192.0.2.255" },
	{ "192.0.2.255", 31, "192.0.2.254" },
	{ "192.0.2.255", 25, "192.0.2.128" },
	{ "192.0.2.255", 24, "192.0.2.0" },
	{ "192.0.2.255", 9, "192.0.0.0" },
	{ "192.0.2.255", 1, "128.0.0.0" },
	{ "192.0.2.255", 0, "0.0.0.0" },
	{ "2001:db8:1:2:3:4:5:6", 128, "2001:db8:1:2:3:4:5:6" },
	{ "2001:db8:1:2:3:4:5:6", 4000000000u, "2001:db8:1:2:3:4:5:6" },
	{ "2001:db8:1:2:3:4:5:6", 64, "2001:db8:1:2::" },
	{ "2001:db8:1:2:3:4:5:6", 63, "2001:db8:1:2::" },
	{ "2001:db8:1:3:3:4:5:6", 63, "2001:db8:1:2::" },
	{ "2001:db8:1:2:3:4:5:6", 0, "::" },
};

START_TEST(a_mask_clears_the_bits_behind_it)
{
	struct addr a = addr_of(masks[_i].text), want = addr_of(masks[_i].want);
	struct addr got = addr_mask(&a, masks[_i].bits);

	ck_assert_msg(addr_is_equal(&got, &want), "%s/%u", masks[_i].text,
		      masks[_i].bits);
}
END_TEST

static const struct {
	const char     *text;
	enum addr_scope want;
} scopes[] = {
	{ "192.0.2.7", SCOPE_PUBLIC },
	{ "8.8.8.8", SCOPE_PUBLIC },
	{ "9.255.255.255", SCOPE_PUBLIC },
	{ "10.0.0.0", SCOPE_PRIVATE },
	{ "10.255.255.255", SCOPE_PRIVATE },
	{ "11.0.0.0", SCOPE_PUBLIC },
	{ "172.15.255.255", SCOPE_PUBLIC },
	{ "172.16.0.0", SCOPE_PRIVATE },
	{ "172.31.255.255", SCOPE_PRIVATE },
	{ "172.32.0.0", SCOPE_PUBLIC },
	{ "192.167.255.255", SCOPE_PUBLIC },
	{ "192.168.0.0", SCOPE_PRIVATE },
	{ "192.169.0.0", SCOPE_PUBLIC },
	{ "100.63.255.255", SCOPE_PUBLIC },
	{ "100.64.0.0", SCOPE_PRIVATE },
	{ "100.127.255.255", SCOPE_PRIVATE },
	{ "100.128.0.0", SCOPE_PUBLIC },
	{ "169.253.1.1", SCOPE_PUBLIC },
	{ "169.254.1.1", SCOPE_LINK },
	{ "126.255.255.255", SCOPE_PUBLIC },
	{ "127.0.0.1", SCOPE_LOOPBACK },
	{ "127.255.255.255", SCOPE_LOOPBACK },
	{ "128.0.0.1", SCOPE_PUBLIC },
	{ "223.255.255.255", SCOPE_PUBLIC },
	{ "224.0.0.1", SCOPE_MULTICAST },
	{ "239.255.255.255", SCOPE_MULTICAST },
	{ "240.0.0.0", SCOPE_UNUSABLE },
	{ "255.255.255.255", SCOPE_UNUSABLE },
	{ "0.0.0.0", SCOPE_UNUSABLE },
	{ "0.255.255.255", SCOPE_UNUSABLE },
	{ "1.0.0.0", SCOPE_PUBLIC },
	{ "2001:db8::1", SCOPE_PUBLIC },
	{ "::", SCOPE_UNUSABLE },
	{ "::1", SCOPE_LOOPBACK },
	{ "::2", SCOPE_UNUSABLE },
	{ "::192.0.2.7", SCOPE_UNUSABLE },
	{ "::ffff:192.0.2.7", SCOPE_UNUSABLE },
	{ "::fffe:192.0.2.7", SCOPE_PUBLIC },
	{ "64:ff9b::192.0.2.7", SCOPE_PUBLIC },
	{ "fbff::1", SCOPE_PUBLIC },
	{ "fc00::", SCOPE_PRIVATE },
	{ "fdff::1", SCOPE_PRIVATE },
	{ "fe00::1", SCOPE_PUBLIC },
	{ "fe7f::1", SCOPE_PUBLIC },
	{ "fe80::1", SCOPE_LINK },
	{ "febf::1", SCOPE_LINK },
	{ "fec0::1", SCOPE_PUBLIC },
	{ "ff00::", SCOPE_MULTICAST },
	{ "ff02::1", SCOPE_MULTICAST },
};

START_TEST(every_special_range_has_its_scope_up_to_its_edges)
{
	struct addr a = addr_of(scopes[_i].text);

	ck_assert_msg(addr_scope(&a) == scopes[_i].want, "%s is %d", scopes[_i].text,
		      (int)addr_scope(&a));
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_test(t, text_comes_back_as_rfc_5952_writes_it);
	tcase_add_loop_test(t, anything_but_one_address_is_refused_and_changes_nothing, 0,
			    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(t, bytes_and_text_name_the_same_address);
	tcase_add_test(t, no_address_has_no_bytes_and_a_dash_for_text);
	tcase_add_test(t, ipv4_and_ipv6_with_the_same_first_bytes_differ);
	tcase_add_loop_test(t, a_mask_clears_the_bits_behind_it, 0,
			    sizeof(masks) / sizeof(masks[0]));
	tcase_add_loop_test(t, every_special_range_has_its_scope_up_to_its_edges, 0,
			    sizeof(scopes) / sizeof(scopes[0]));
}

int main(void)
{
	return unit_main("addr", add_tests);
}
