/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf.h - from text to settings to policy: three doors
 *
 * conf_load() and conf_set() read and check each value by itself, conf_check() checks
 * what only shows between values, conf_compile() and its sisters make what the core and
 * the sockets run on. Nothing here prints or exits.
 */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/addr.h"
#include "core/lists.h"
#include "core/policy.h"

enum {
	COMPLAINT_MAX = 1024,
	CONF_OPTIONS = 43,      /* rows of the option table */
	CONF_SECTION_KEYS = 6,  /* at most, of one section */
	CONF_PATH_MAX = 256,    /* of a file's name, with its NUL */
	CONF_RUN_DIR_MAX = 108, /* the same; "/control" still fits a socket */
	CONF_GROUP_MAX = 33,
	CONF_TABLE_MAX = 32,    /* of a table of pf, with its NUL (its limit) */
	CONF_VOTES_MAX = 16,    /* vote sections */
	CONF_KEY_MIN = 16,      /* bytes of a TCP voter's key */
	CONF_KEY_MAX = 256,
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

/* A system group, which existed when it was read. */
struct setting_group {
	char  name[CONF_GROUP_MAX]; /* "" = none */
	gid_t gid;                  /* (gid_t)-1 = none */
};

/* A system user, who existed when it was read. */
struct setting_user {
	char  name[CONF_GROUP_MAX]; /* "" = none */
	uid_t uid;                  /* (uid_t)-1 = none */
	gid_t gid;                  /* of his login group */
};

/* What a running daemon gives up for good, see priv/priv.h. */
enum confine {
	CONFINE_FULL,
	CONFINE_USER, /* privileges only: files and calls stay open to it */
	CONFINE_NONE,
};

/* How every section begins. */
struct setting_section {
	char     name[POLICY_NAME_MAX];   /* "" where sections have no name */
	unsigned line;                    /* it begins in; 0 = not in the file */
	unsigned said[CONF_SECTION_KEYS]; /* line of each key; 0 = not said */
};

struct setting_queue {
	struct setting_section head;
	enum start   start;
	int64_t      pause_us;
	int64_t      window_us; /* -1 = whitelist-time */
	uint32_t     connections;
	bool         refresh;
	enum verdict deny;
};

struct setting_penalty {
	struct setting_section head;
	uint32_t     strikes;
	int64_t      within_us;
	int64_t      time_us;
	enum verdict action;
	uint32_t     escalate;
	int64_t      time_max_us;
};

struct setting_trust {
	struct setting_section head;
	uint32_t votes;
	int64_t  time_us;
};

/* One inline entry of a list: already read once, and found good. */
struct setting_entry {
	char    *text;
	unsigned line;
};

struct setting_entries {
	struct setting_entry *entry;
	unsigned count;
	unsigned room;
};

struct setting_list {
	struct setting_section head;
	int32_t      action; /* enum list_action; -1 = not said */
	char         queue[POLICY_NAME_MAX];
	enum verdict deny;
	char         file[CONF_PATH_MAX]; /* "" = none */
	struct setting_entries entries;
};

enum setting_endpoint {
	ENDPOINT_NONE,
	ENDPOINT_UNIX,
	ENDPOINT_FIFO,
	ENDPOINT_TCP,
};

struct setting_listen {
	enum setting_endpoint kind;
	char        path[CONF_PATH_MAX]; /* UNIX, FIFO */
	struct addr addr;                /* TCP */
	uint16_t    port;
};

struct setting_vote {
	struct setting_section head;
	struct setting_listen  listen;
	struct setting_group   group;
	uint32_t               mode;
	char                   key_file[CONF_PATH_MAX]; /* "" = none */
};

/* The sections of which there may be many. */
struct setting_many {
	struct setting_list *list;
	unsigned             lists;
	struct setting_vote  vote[CONF_VOTES_MAX];
	unsigned             votes;
};

/* Everything an operator can say, checked one by one. Values but for `many`: of all
 * copies one is kept, and ended with conf_free(). */
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
	bool     reset_with_mark; /* a firewall rule sends the RST, not we */
	int64_t  tarpit_max_us;
	enum proof proof;
	int64_t  probation_us;
	char     run_dir[CONF_RUN_DIR_MAX];
	char     state_dir[CONF_PATH_MAX]; /* "" = remember nothing beyond the end */
	struct setting_user user;          /* to become when all is open */
	struct setting_group group; /* may use the control socket, besides root */
	enum confine confine;
	int      log_facility;  /* LOG_MAIL and so on, as <syslog.h> says */
	char     pflog_interface[CONF_PATH_MAX];
	char     pcap_filter[CONF_PATH_MAX];
	char     pf_table[CONF_TABLE_MAX];
	char     pfctl[CONF_PATH_MAX];
	char     file[CONF_PATH_MAX]; /* the configuration file read, "" = none */
	struct origin said[CONF_OPTIONS]; /* by row; where each but addresses was said */
	struct setting_queue   queue[POLICY_QUEUES_MAX]; /* the first is `default` */
	unsigned               queues;                   /* at least 1 */
	struct setting_penalty penalty;
	struct setting_trust   trust;
	struct setting_many   *many; /* owned; NULL = none of them */
};

void conf_defaults(struct settings *s);

/* What *s owns; *s may then only be filled anew. */
void conf_free(struct settings *s);

/*
 * Reads the file into *s, over what is there. A file that does not exist is a complaint
 * only when `must_exist`. False: *why says what is wrong and where, *s is unspecified and
 * owns nothing.
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

/* The same for a replay, which reads no queue and needs no number of one. */
bool conf_check_replay(const struct settings *s, struct complaint *why);

/* Complains of an option, where it was said: its name and `message`. Returns false. */
bool conf_complain(const struct settings *s, const char *name, struct complaint *why,
		   const char *message);

/* Settings that passed conf_check() as the core wants them. */
void conf_compile(const struct settings *s, struct policy *p);

/*
 * The lists, their files read; NULL in *out when there are none. Given to the caller.
 * Settings must have passed conf_check(). False: *why names file and line, and *out is
 * left alone.
 */
bool conf_compile_lists(const struct settings *s, struct lists **out,
			struct complaint *why);

/* Where votes come in, as the sockets want it. */
struct conf_vote {
	enum setting_endpoint kind;
	char        path[CONF_PATH_MAX]; /* UNIX, FIFO */
	struct addr addr;                /* TCP */
	uint16_t    port;
	mode_t      mode;                /* UNIX, FIFO */
	gid_t       gid;                 /* (gid_t)-1 = leave it */
	uint8_t     key[CONF_KEY_MAX];   /* TCP */
	unsigned    key_bytes;
};

struct conf_votes {
	struct conf_vote vote[CONF_VOTES_MAX];
	unsigned         count;
};

/* The key files read; else as conf_compile_lists(). False: *out is unspecified. */
bool conf_compile_votes(const struct settings *s, struct conf_votes *out,
			struct complaint *why);

/* Whether a running daemon can take over the new settings. False: *why names the first
 * option that needs a restart. */
bool conf_may_change(const struct settings *old, const struct settings *new,
		     struct complaint *why);

/* Writes the settings as a configuration file that conf_load() reads back the same. */
void conf_print(const struct settings *s, FILE *out);

#endif
