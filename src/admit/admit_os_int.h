/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * admit_os_int.h - what one system can do to lock the helper in; configure picks the file
 */
#ifndef ADMIT_ADMIT_OS_INT_H
#define ADMIT_ADMIT_OS_INT_H

#include <stdbool.h>

/* From here on the process can do no more than talk through what is open, and run this
 * one program. False: it could not be locked in. */
bool admit_os_confine(const char *pfctl);

#endif
