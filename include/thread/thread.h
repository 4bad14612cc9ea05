/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * thread.h - threads beside the main one
 */
#ifndef THREAD_THREAD_H
#define THREAD_THREAD_H

#include <pthread.h>

/* Starts one that no signal reaches: they are for the main thread. Negative errno. */
int thread_start(pthread_t *out, void *(*run)(void *), void *arg);

/* thread_*.c: a name for the calling thread, which ps(1) shows where it can; at most 15
 * bytes. */
void thread_name(const char *name);

#endif
