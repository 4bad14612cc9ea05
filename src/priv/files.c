/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * files.c - Landlock: the files of the plan, no others, whatever their modes allow
 *
 * Numbers and structures are the kernel's (linux/landlock.h), which headers of the
 * distributions know in part only. Each version can forbid more; a kernel without
 * Landlock, or with an older one, limits as much as it can.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "priv/priv_int.h"

enum {
	ADD_PATH = 1,
	ADD_PORT = 2,
	ASK_VERSION = 1,
	DNS_PORT = 53,
};

/* File rights, as bits. */
enum {
	FILE_WRITE = 1 << 1,
	FILE_READ = 1 << 2,
	DIR_READ = 1 << 3,
	REMOVE_FILE = 1 << 5,
	MAKE_FILE = 1 << 8,
	MAKE_SOCKET = 1 << 9,
	MAKE_FIFO = 1 << 10,
	TRUNCATE = 1 << 14,
	OF_FILES = FILE_WRITE | FILE_READ | TRUNCATE,
	READING = FILE_READ | DIR_READ,
	WRITING = READING | FILE_WRITE | REMOVE_FILE | MAKE_FILE | MAKE_SOCKET |
		  MAKE_FIFO | TRUNCATE,
};

enum { CONNECT_TCP = 1 << 1, SIGNALS_OUT = 1 << 1 };

struct ruleset {
	uint64_t files;
	uint64_t net;    /* version 4 */
	uint64_t scoped; /* version 6 */
};

struct path_rule {
	uint64_t allowed;
	int32_t  fd;
} __attribute__((packed));

struct port_rule {
	uint64_t allowed;
	uint64_t port;
};

/* All rights on files that a version knows of: 13 to begin with, then links between
 * folders, truncation, and ioctl() on devices. */
static uint64_t all_rights(long version)
{
	static const unsigned bits[] = { 0, 13, 14, 15, 15, 16 };
	long last = sizeof(bits) / sizeof(bits[0]) - 1;

	return ((uint64_t)1 << bits[version > last ? last : version]) - 1;
}

/* 0, also for what vanished meanwhile. */
static int add_path(int rules, const struct priv_place *place, uint64_t known)
{
	struct path_rule rule = {
		.allowed = (place->access == PRIV_WRITE ? WRITING : READING) & known,
		.fd = open(place->path, O_PATH | O_CLOEXEC),
	};
	struct stat st;
	int err = 0;

	if (rule.fd < 0)
		return 0;
	if (fstat(rule.fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.allowed &= OF_FILES;
	if (syscall(SYS_landlock_add_rule, rules, ADD_PATH, &rule, 0) < 0)
		err = -errno;
	close(rule.fd);
	return err;
}

/* Votes may come in by TCP, but the only ones we call are DNS servers. */
static int add_dns(int rules)
{
	const struct port_rule rule = { CONNECT_TCP, DNS_PORT };

	return syscall(SYS_landlock_add_rule, rules, ADD_PORT, &rule, 0) < 0 ? -errno : 0;
}

static int restrict_self(const struct settling *s, int rules, const struct ruleset *known)
{
	int err = known->net ? add_dns(rules) : 0;

	for (unsigned i = 0; err == 0 && i < s->plan->places; i++)
		err = add_path(rules, &s->plan->place[i], known->files);
	if (err == 0 && syscall(SYS_landlock_restrict_self, rules, 0) < 0)
		err = -errno;
	return err;
}

int files_close(struct settling *s)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
	struct ruleset known = { 0 };
	size_t size = sizeof(known);
	int rules, err;

	if (version < 1) {
		log_talk(s->log, "files are not limited: this kernel has no Landlock");
		s->out->missing = "landlock";
		return 0;
	}
	known.files = all_rights(version);
	known.net = version >= 4 ? CONNECT_TCP : 0;
	known.scoped = version >= 6 ? SIGNALS_OUT : 0;
	if (version < 6)
		size = version < 4 ? sizeof(known.files) : 2 * sizeof(known.files);
	rules = (int)syscall(SYS_landlock_create_ruleset, &known, size, 0);
	if (rules < 0)
		return -errno;
	err = restrict_self(s, rules, &known);
	close(rules);
	if (err == 0)
		log_talk(s->log, "files are limited by Landlock, version %ld", version);
	return err;
}
