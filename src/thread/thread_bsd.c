/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * thread_bsd.c - the name of a thread: each BSD has a call of its own, we need none
 */
#include "thread/thread.h"

void thread_name(const char *name)
{
	(void)name;
}
