/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pflog_layout.h - records of pf's log, as the headers of each system have them
 */
#ifndef TESTS_UNIT_PFLOG_LAYOUT_H
#define TESTS_UNIT_PFLOG_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

static const struct layout {
	const char *system;
	uint8_t     length;
	size_t      payload_at;
	size_t      direction_at;
	uint8_t     ip6;
} layouts[] = {
	{ "OpenBSD", 100, 100, 60, 24 }, { "FreeBSD", 69, 72, 60, 28 },
	{ "FreeBSD, older", 61, 64, 60, 28 }, { "NetBSD", 61, 64, 60, 24 },
	{ "macOS", 61, 64, 60, 30 },     { "DragonFly", 45, 48, 44, 28 },
};

enum { LAYOUTS = sizeof(layouts) / sizeof(layouts[0]) };

#endif
