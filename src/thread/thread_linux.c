/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * thread_linux.c - the name of a thread
 */
#include "thread/thread.h"

void thread_name(const char *name)
{
	(void)pthread_setname_np(pthread_self(), name);
}
