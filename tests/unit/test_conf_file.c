/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_conf_file.c - files that are there, are not, or are no files
 */
#include "conf/conf.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf_case.h"
#include "unit.h"

static char dir[] = "/tmp/test_conf_file.XXXXXX";
static char path[64];

static void begin(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/mxallowd.conf", dir);
}

static void end(void)
{
	if (unlink(path) < 0)
		rmdir(path);
	rmdir(dir);
}

static void write_file(const char *text, size_t len)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(text, 1, len, f), len);
	fclose(f);
}

static void expect_refused(const char *message)
{
	struct settings s;
	struct complaint why;
	char want[256];

	snprintf(want, sizeof(want), "%s: %s", path, message);
	conf_defaults(&s);
	ck_assert(!conf_load(&s, path, true, &why));
	ck_assert_str_eq(why.text, want);
	ck_assert_int_eq(why.kind, COMPLAINT_FILE);
}

START_TEST(a_file_is_read_and_its_name_kept)
{
	struct settings s;
	struct complaint why;

	write_file(CONF_CASE_WHOLE, strlen(CONF_CASE_WHOLE));
	conf_defaults(&s);
	ck_assert_msg(conf_load(&s, path, true, &why), "%s", why.text);
	ck_assert_int_eq(s.queue_num, 23);
	ck_assert_str_eq(s.file, path);
}
END_TEST

START_TEST(a_missing_file_is_a_mistake_only_when_it_must_exist)
{
	struct settings s;
	struct complaint why;

	conf_defaults(&s);
	ck_assert(conf_load(&s, path, false, &why));
	ck_assert_str_eq(s.file, "");
	expect_refused("No such file or directory");
}
END_TEST

START_TEST(a_directory_is_refused)
{
	ck_assert_int_eq(mkdir(path, 0700), 0);
	expect_refused("is a directory: name the file in it");
}
END_TEST

START_TEST(a_fifo_is_refused_without_waiting_for_a_writer)
{
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	expect_refused("is no regular file");
}
END_TEST

START_TEST(a_link_to_itself_is_refused_even_when_it_need_not_exist)
{
	struct settings s;
	struct complaint why;

	ck_assert_int_eq(symlink("mxallowd.conf", path), 0);
	expect_refused("Too many levels of symbolic links");
	conf_defaults(&s);
	ck_assert(!conf_load(&s, path, false, &why));
}
END_TEST

START_TEST(an_endless_file_is_refused)
{
	write_file("", 0);
	ck_assert_int_eq(truncate(path, (off_t)1 << 40), 0);
	expect_refused("larger than 1 MiB: this is no configuration");
}
END_TEST

static void add(TCase *t)
{
	tcase_add_checked_fixture(t, begin, end);
	tcase_add_test(t, a_file_is_read_and_its_name_kept);
	tcase_add_test(t, a_missing_file_is_a_mistake_only_when_it_must_exist);
	tcase_add_test(t, a_directory_is_refused);
	tcase_add_test(t, a_fifo_is_refused_without_waiting_for_a_writer);
	tcase_add_test(t, a_link_to_itself_is_refused_even_when_it_need_not_exist);
	tcase_add_test(t, an_endless_file_is_refused);
}

int main(void)
{
	return unit_main("conf_file", add);
}
