/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_namebook.c - names from a file: who has which, and what is refused
 */
#include "daemon/namebook_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "unit.h"

static char path[] = "/tmp/test_namebook.XXXXXX";

static void write_file(const char *text, size_t len)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(text, 1, len, f), len);
	fclose(f);
}

static struct namebook *book_of(const char *text)
{
	struct namebook *b;
	struct complaint why;

	write_file(text, strlen(text));
	ck_assert_msg(namebook_read(&b, path, &why), "%s", why.text);
	return b;
}

static void expect_refused(const char *text, size_t len, const char *want)
{
	struct namebook *b;
	struct complaint why;

	write_file(text, len);
	ck_assert_msg(!namebook_read(&b, path, &why), "%s", text);
	ck_assert_ptr_null(b);
	ck_assert_int_eq(why.kind, COMPLAINT_FILE);
	ck_assert(strncmp(why.text, path, strlen(path)) == 0);
	ck_assert_str_eq(why.text + strlen(path), want);
}

/* What is heard of `who`, as "name=sibling,sibling;name=;". */
static const char *heard(const struct namebook *b, const char *who)
{
	static char text[512];
	struct addr siblings[POLICY_SIBLINGS_MAX], a;
	char one[ADDR_TEXT_MAX];
	struct heard h;
	size_t used = 0;

	ck_assert(addr_parse(who, &a));
	text[0] = '\0';
	for (unsigned nth = 0; namebook_hear(b, &a, nth, &h, siblings); nth++) {
		ck_assert(addr_is_equal(&h.who, &a));
		ck_assert(!h.is_failure);
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s=",
					 h.name ? h.name : "-");
		for (unsigned i = 0; i < h.count; i++)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s,",
						 addr_format(&h.siblings[i], one));
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s",
					 h.is_final ? "." : ";");
	}
	return text;
}

START_TEST(siblings_share_a_name)
{
	struct namebook *b = book_of("# names\n"
				     "192.0.2.9 Mail.Example.org.  # clean\r\n"
				     "\n"
				     "\t2001:db8::9\tmail.example.org\n"
				     "192.0.2.10 mail.example.org\n"
				     "192.0.2.10 www.example.org\n"
				     "192.0.2.8 www.example.org");

	ck_assert_str_eq(heard(b, "192.0.2.9"),
			 "mail.example.org=2001:db8::9,192.0.2.10,.");
	ck_assert_str_eq(heard(b, "192.0.2.10"),
			 "mail.example.org=192.0.2.9,2001:db8::9,;"
			 "www.example.org=192.0.2.8,.");
	ck_assert_str_eq(heard(b, "192.0.2.8"), "www.example.org=192.0.2.10,.");
	ck_assert_str_eq(heard(b, "192.0.2.1"), "-=.");
	namebook_free(b);
}
END_TEST

START_TEST(without_a_file_nobody_has_a_name)
{
	struct namebook *b;
	struct complaint why;

	ck_assert(namebook_read(&b, NULL, &why));
	ck_assert_str_eq(heard(b, "192.0.2.9"), "-=.");
	namebook_free(b);
}
END_TEST

START_TEST(more_siblings_than_a_name_may_have_are_left_out)
{
	static char text[70 * 32];
	struct addr siblings[POLICY_SIBLINGS_MAX], who;
	struct namebook *b;
	struct heard h;
	size_t used = 0;

	for (unsigned i = 0; i < 70; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "192.0.2.%u example.org\n", i);
	b = book_of(text);
	ck_assert(addr_parse("192.0.2.3", &who));
	ck_assert(namebook_hear(b, &who, 0, &h, siblings));
	ck_assert_uint_eq(h.count, POLICY_SIBLINGS_MAX);
	namebook_free(b);
}
END_TEST

START_TEST(an_address_has_four_names_at_most)
{
	struct namebook *b = book_of("192.0.2.9 a.example\n192.0.2.9 b.example\n"
				     "192.0.2.9 c.example\n192.0.2.9 d.example\n"
				     "192.0.2.9 e.example\n");

	ck_assert_str_eq(heard(b, "192.0.2.9"),
			 "a.example=;b.example=;c.example=;d.example=.");
	namebook_free(b);
}
END_TEST

static const struct {
	const char *text, *why;
} refused[] = {
	{ "mail.example.org 192.0.2.9\n",
	  ":1: \"mail.example.org\" is no address: write one like 192.0.2.7 or "
	  "2001:db8::7, and its name behind it" },
	{ "\n192.0.2.9\n", ":2: 192.0.2.9 has no name behind it" },
	{ "192.0.2.9 a.example b.example\n", ":1: more than one name: write one a line" },
	{ "192.0.2.9 a_b.example\n",
	  ":1: \"a_b.example\" is no host name: letters, digits, hyphens and dots" },
	{ "192.0.2.9 a\x1b.example\n",
	  ":1: \"a\\x1b.example\" is no host name: letters, digits, hyphens and dots" },
	{ "192.0.2.0/24 a.example\n",
	  ":1: \"192.0.2.0/24\" is no address: write one like 192.0.2.7 or "
	  "2001:db8::7, and its name behind it" },
};

START_TEST(what_is_wrong_is_told_with_its_line)
{
	expect_refused(refused[_i].text, strlen(refused[_i].text), refused[_i].why);
}
END_TEST

START_TEST(what_is_no_text_is_refused)
{
	static char longer[600];

	expect_refused("192.0.2.9 a\0b\n192.0.2.8 b.example\n", 33,
		       ":1: a zero byte: this is no text file");
	expect_refused("192.0.2.8 b.example\n192.0.2.9 a\0b.example", 41,
		       ":2: a zero byte: this is no text file");
	memset(longer, 'a', sizeof(longer));
	expect_refused(longer, sizeof(longer), ":1: longer than 512 bytes");
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_told)
{
	struct namebook *b;
	struct complaint why;

	ck_assert(!namebook_read(&b, "/nonexistent/names", &why));
	ck_assert_str_eq(why.text,
			 "/nonexistent/names: cannot be read: No such file or directory");
	ck_assert(!namebook_read(&b, "/tmp", &why));
	ck_assert_str_eq(why.text, "/tmp: cannot be read: Is a directory");
}
END_TEST

static void begin(void)
{
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	close(fd);
}

static void end(void)
{
	unlink(path);
}

static void add_tests(TCase *t)
{
	tcase_add_checked_fixture(t, begin, end);
	tcase_add_test(t, siblings_share_a_name);
	tcase_add_test(t, without_a_file_nobody_has_a_name);
	tcase_add_test(t, more_siblings_than_a_name_may_have_are_left_out);
	tcase_add_test(t, an_address_has_four_names_at_most);
	tcase_add_loop_test(t, what_is_wrong_is_told_with_its_line, 0,
			    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(t, what_is_no_text_is_refused);
	tcase_add_test(t, a_file_that_cannot_be_read_is_told);
}

int main(void)
{
	return unit_main("namebook", add_tests);
}
