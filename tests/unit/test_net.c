/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_net.c - networks from text and back
 */
#include "base/addr.h"

#include <stdio.h>

#include "unit.h"

static const struct {
	const char *text;
	const char *want; /* as it is written again */
	unsigned    bits;
} good[] = {
	{ "192.0.2.7", "192.0.2.7", 32 },
	{ "192.0.2.7/32", "192.0.2.7", 32 },
	{ "192.0.2.0/24", "192.0.2.0/24", 24 },
	{ "192.0.2.6/31", "192.0.2.6/31", 31 },
	{ "0.0.0.0/0", "0.0.0.0/0", 0 },
	{ "128.0.0.0/1", "128.0.0.0/1", 1 },
	{ "2001:DB8:0::7", "2001:db8::7", 128 },
	{ "2001:db8::/32", "2001:db8::/32", 32 },
	{ "2001:db8:8000::/33", "2001:db8:8000::/33", 33 },
	{ "::/0", "::/0", 0 },
	{ "2001:db8::8/125", "2001:db8::8/125", 125 },
	{ "1111:2222:3333:4444:5555:6666:7777:8888/128",
	  "1111:2222:3333:4444:5555:6666:7777:8888", 128 },
};

START_TEST(a_network_is_read_and_written_again)
{
	char text[NET_TEXT_MAX];
	struct net n;

	ck_assert_msg(net_parse(good[_i].text, &n), "%s", good[_i].text);
	ck_assert_uint_eq(n.bits, good[_i].bits);
	ck_assert_str_eq(net_format(&n, text), good[_i].want);
}
END_TEST

static const char *const bad[] = {
	"", "/", "/24", "192.0.2", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/-1",
	"192.0.2.0/+8", "192.0.2.0/024", "192.0.2.0/00", "192.0.2.0/0x18",
	"192.0.2.0/24 ", " 192.0.2.0/24", "192.0.2.0/24/24", "192.0.2.0/255.255.255.0",
	"192.0.2.0/4294967320", "192.0.2.1/31", "192.0.2.128/24", "1.0.0.0/0",
	"2001:db8::/129", "2001:db8::1/127", "2001:db8::/999", "2001:db8::1/64", "::1/0",
	"fe80::%eth0/64", "mail.example.org", "010.0.0.0/8",
	"1111:2222:3333:4444:5555:6666:7777:8888:9999/64",
	"1111:2222:3333:4444:5555:6666:255.255.255.255:0000000000000000/64",
};

START_TEST(what_is_no_network_is_refused_and_changes_nothing)
{
	struct net n = { .bits = 77 };

	ck_assert_msg(!net_parse(bad[_i], &n), "%s", bad[_i]);
	ck_assert_uint_eq(n.bits, 77);
	ck_assert_uint_eq(n.addr.family, ADDR_NONE);
}
END_TEST

START_TEST(the_longest_text_fits)
{
	static const struct net n = {
		.addr = { ADDR_IP6,
			  { 0x11, 0x11, 0x22, 0x22, 0x33, 0x33, 0x44, 0x44, 0x55, 0x55,
			    0x66, 0x66, 0x77, 0x77, 0x88, 0x80 } },
		.bits = 127,
	};
	char text[NET_TEXT_MAX];

	ck_assert_str_eq(net_format(&n, text),
			 "1111:2222:3333:4444:5555:6666:7777:8880/127");
}
END_TEST

static void add(TCase *t)
{
	tcase_add_loop_test(t, a_network_is_read_and_written_again, 0,
			    sizeof(good) / sizeof(good[0]));
	tcase_add_loop_test(t, what_is_no_network_is_refused_and_changes_nothing, 0,
			    sizeof(bad) / sizeof(bad[0]));
	tcase_add_test(t, the_longest_text_fits);
}

int main(void)
{
	return unit_main("net", add);
}
