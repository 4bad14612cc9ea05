/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unit.h - run the tests of one file, one suite with one case
 */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <check.h>

/* The exit status: 0 when all passed. */
static inline int unit_main(const char *name, void (*add_tests)(TCase *t))
{
	Suite *suite = suite_create(name);
	TCase *t = tcase_create(name);
	SRunner *runner;
	int failed;

	add_tests(t);
	suite_add_tcase(suite, t);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed > 0;
}

#endif
