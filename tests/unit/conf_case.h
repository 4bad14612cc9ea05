/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf_case.h - what the tests of the configuration have in common
 */
#ifndef TESTS_CONF_CASE_H
#define TESTS_CONF_CASE_H

#include <stdio.h>
#include <string.h>

#include <check.h>

#include "conf/conf.h"

/* Enough to pass conf_check(). */
#define CONF_CASE_WHOLE                                                                  \
	"fake-mailserver 192.0.2.3\nreal-mailserver 192.0.2.4\nqueue-num 23\n"

/* Defaults and `text`, which must be good. */
static inline struct settings conf_case_read(const char *text)
{
	struct settings s;
	struct complaint why;

	conf_defaults(&s);
	ck_assert_msg(conf_read(&s, "t.conf", text, strlen(text), &why), "%s", why.text);
	return s;
}

/* `text` is refused with exactly `want`. */
static inline void conf_case_refuse(const char *text, const char *want)
{
	struct settings s;
	struct complaint why;

	conf_defaults(&s);
	ck_assert_msg(!conf_read(&s, "t.conf", text, strlen(text), &why), "%s", text);
	ck_assert_str_eq(why.text, want);
	ck_assert_int_eq(why.kind, COMPLAINT_FILE);
}

/* An option of the command line, which must be good. */
static inline void conf_case_set(struct settings *s, const char *option,
				 const char *value)
{
	struct complaint why;

	ck_assert_msg(conf_set(s, option, value, &why), "%s", why.text);
}

#endif
