/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_dnsname.c - which names of strangers are host names
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "wire/dnsname.h"

#include "unit.h"

static const char label63[] =
	"a23456789-123456789-123456789-123456789-123456789-123456789-123";

static bool clean(const char *name, char *out)
{
	return dnsname_clean(name, strlen(name), out);
}

/* `count` labels of 63 characters, then `tail`. */
static const char *long_name(char *out, unsigned count, const char *tail)
{
	size_t at = 0;

	for (unsigned i = 0; i < count; i++) {
		memcpy(out + at, label63, 63);
		at += 63;
		out[at++] = '.';
	}
	memcpy(out + at, tail, strlen(tail) + 1);
	return out;
}

static const struct {
	const char *name;
	const char *cleaned;
} good[] = {
	{ "mail.example.org", "mail.example.org" },
	{ "mail.example.org.", "mail.example.org" },
	{ "MAIL.Example.ORG", "mail.example.org" },
	{ "localhost", "localhost" },
	{ "a", "a" },
	{ "3com.example", "3com.example" },
	{ "25.113.0.203.dyn.example.net", "25.113.0.203.dyn.example.net" },
	{ "a--b.xn--mnchen-3ya.example", "a--b.xn--mnchen-3ya.example" },
	{ "host.1e100", "host.1e100" },
};

START_TEST(a_host_name_comes_out_lower_cased_without_its_final_dot)
{
	char out[DNSNAME_MAX];

	ck_assert_msg(clean(good[_i].name, out), "%s", good[_i].name);
	ck_assert_str_eq(out, good[_i].cleaned);
}
END_TEST

static const char *const bad[] = {
	"",
	".",
	"..",
	".example.org",
	"mail..example.org",
	"example.org..",
	"-mail.example.org",
	"mail-.example.org",
	"mail.-example.org",
	"mail.example.org-",
	"ma il.example.org",
	"mail.example.org ",
	"mail\t.example.org",
	"mail\n.example.org",
	"mail_1.example.org",
	"%n%s.example.org",
	"a\"b.example.org",
	"a\\b.example.org",
	"a=b.example.org",
	"*.example.org",
	"m\xc3\xa4il.example.org",
	"mail.example.\xff",
	"192.0.2.1",
	"mail.example.123",
	"2001:db8::1",
	"0",
};

START_TEST(what_is_no_host_name_is_refused)
{
	char out[DNSNAME_MAX];

	ck_assert_msg(!clean(bad[_i], out), "%s", bad[_i]);
}
END_TEST

START_TEST(a_nul_inside_is_refused)
{
	char out[DNSNAME_MAX];

	ck_assert(!dnsname_clean("mail\0.example.org", 17, out));
	ck_assert(!dnsname_clean("mail.example.org\0", 17, out));
}
END_TEST

START_TEST(only_the_given_bytes_are_the_name)
{
	char out[DNSNAME_MAX];

	ck_assert(dnsname_clean("mail.example.org!!", 16, out));
	ck_assert_str_eq(out, "mail.example.org");
}
END_TEST

START_TEST(a_label_has_at_most_63_characters)
{
	char name[80], out[DNSNAME_MAX];

	ck_assert(clean(label63, out));
	memcpy(name, label63, 63);
	memcpy(name + 63, "x", 2);
	ck_assert(!clean(name, out));
	memcpy(name + 63, "x.org", 6);
	ck_assert(!clean(name, out));
}
END_TEST

START_TEST(a_name_has_at_most_253_characters)
{
	char name[400], out[DNSNAME_MAX], want[DNSNAME_MAX];
	const char *tail = strrchr(label63, '-') - 57; /* 61 characters */

	long_name(name, 3, tail);
	ck_assert_uint_eq(strlen(name), 253);
	memcpy(want, name, 254);
	ck_assert(clean(name, out));
	ck_assert_str_eq(out, want);

	strncat(name, ".", 2);
	ck_assert(clean(name, out));
	ck_assert_str_eq(out, want);

	ck_assert(!clean(long_name(name, 3, tail - 1), out));
	ck_assert(!clean(long_name(name, 4, "org"), out));
}
END_TEST

static void add_tests(TCase *t)
{
	tcase_add_loop_test(t, a_host_name_comes_out_lower_cased_without_its_final_dot,
			    0, sizeof(good) / sizeof(good[0]));
	tcase_add_loop_test(t, what_is_no_host_name_is_refused, 0,
			    sizeof(bad) / sizeof(bad[0]));
	tcase_add_test(t, a_nul_inside_is_refused);
	tcase_add_test(t, only_the_given_bytes_are_the_name);
	tcase_add_test(t, a_label_has_at_most_63_characters);
	tcase_add_test(t, a_name_has_at_most_253_characters);
}

int main(void)
{
	return unit_main("dnsname", add_tests);
}
