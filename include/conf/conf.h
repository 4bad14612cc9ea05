/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf.h - from text to settings to policy: three doors
 *
 * conf_load() and conf_set() read and check each value by itself, conf_check() checks
 * what only shows between values, conf_compile() makes what the core runs on. Nothing here
 * prints or exits. Allocates only while it runs.
 */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/addr.h"
#include "core/policy.h"

enum {
	COMPLAINT_MAX = 640,
	CONF_OPTIONS = 29, /* rows of the option table */
};

/* Whose fault it is decides the exit status. */
enum complaint_kind {
	COMPLAINT_FILE,    /* the configuration file is wrong */
	COMPLAINT_USAGE,   /* the command line is wrong */
	COMPLAINT_MISSING, /* neither of them says what must be said */
};

/* No newline at its end. COMPLAINT_FILE: "file:line: message", to be shown as it stands;
 * the others: a message that names no program yet. */
struct complaint {
	enum complaint_kind kind;
	char                text[COMPLAINT_MAX];
};

/* Where a value came from, for messages. */
struct origin {
	enum { FROM_DEFAULT, FROM_FILE, FROM_COMMAND_LINE } from;
	unsigned line; /* FROM_FILE: counted from 1 */
};

struct setting_addrs {
	struct addr   addr[POLICY_ADDRS_MAX];
	struct origin origin[POLICY_ADDRS_MAX];
	unsigned      count;
};

/* Everything an operator can say, checked one by one. Values only, nothing to free. */
struct settings {
	struct setting_addrs fake;
	struct setting_addrs real;
	int32_t  queue_num;     /* -1 = not said */
	uint32_t queue_maxlen;
	uint16_t smtp_port;
	int64_t  whitelist_us;
	bool     no_rdns_whitelist;
	uint32_t siblings_max;
	enum verdict fake_action;
	enum verdict when_unsure;
	bool     observe;
	bool     to_stdout;
	bool     quiet;
	bool     debug;
	bool     foreground;
	uint32_t prefix4;
	uint32_t prefix6;
	uint32_t entries_max;
	int64_t  coalesce_us;   /* 0 = off */
	int32_t  cpu;           /* -1 = any */
	uint32_t mark;
	int      log_facility;  /* LOG_MAIL and so on, as <syslog.h> says */
	char     file[256];     /* the configuration file read, "" = none */
	struct origin said[CONF_OPTIONS]; /* by row; where each but addresses was said */
};

void conf_defaults(struct settings *s);

/*
 * Reads the file into *s, over what is there. A file that does not exist is a complaint
 * only when `must_exist`. False: *why says what is wrong and where, *s is unspecified.
 */
bool conf_load(struct settings *s, const char *path, bool must_exist,
	       struct complaint *why);

/* The same from memory (tests, fuzzing); `name` stands where the path would. */
bool conf_read(struct settings *s, const char *name, const char *text, size_t len,
	       struct complaint *why);

/*
 * One option from the command line by its long name; a switch takes "true". The first
 * address said this way replaces those of the file, further ones add up. False: *why.
 */
bool conf_set(struct settings *s, const char *option, const char *value,
	      struct complaint *why);

/* What only shows between values: nothing missing, fake is not real, ... False: *why. */
bool conf_check(const struct settings *s, struct complaint *why);

/* Settings that passed conf_check() as the core wants them. */
void conf_compile(const struct settings *s, struct policy *p);

/* Whether a running daemon can take over the new settings. False: *why names the first
 * option that needs a restart. */
bool conf_may_change(const struct settings *old, const struct settings *new,
		     struct complaint *why);

/* Writes the settings as a configuration file that conf_load() reads back the same. */
void conf_print(const struct settings *s, FILE *out);

#endif
