/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_int.h - have the daemon's program look at a configuration file
 */
#ifndef CTL_CHECK_INT_H
#define CTL_CHECK_INT_H

/* Runs the mxallowd next to this program, or the installed one, with -T; its output is
 * ours. NULL = the default file. Returns its exit status, 69 when there is no such
 * program. */
int check_run(const char *file);

#endif
