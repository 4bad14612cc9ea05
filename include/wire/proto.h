/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proto.h - the grammar of the lines that come and go by local sockets
 *
 * Pure, bounded, no allocation. mxallowd-protocol(7) is the specification.
 */
#ifndef WIRE_PROTO_H
#define WIRE_PROTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

enum {
	PROTO_LINE_MAX = 512,   /* bytes of a line with its newline */
	PROTO_SIGNED_MAX = 598, /* the same, with number, MAC and two blanks in front */
	PROTO_TEXT_MAX = 200,   /* of a vote's text, escaped, with its NUL */
	PROTO_PATH_MAX = 256,
	PROTO_ERROR_MAX = 128,
	PROTO_NONCE_BYTES = 16, /* of the server's greeting, sent as hexadecimal */
	PROTO_MAC_BYTES = 32,   /* HMAC-SHA-256, sent as hexadecimal */
};

enum proto_vote_kind {
	PROTO_BLACK,            /* black ADDR [text]   +ADDR */
	PROTO_WHITE,            /* white ADDR [text] */
	PROTO_FORGET,           /* forget ADDR         -ADDR */
	PROTO_FORGET_PENALTIES, /* / */
};

struct proto_vote {
	enum proto_vote_kind kind;
	struct addr          who;
	char                 text[PROTO_TEXT_MAX]; /* escaped for the log; "" = none */
};

/* Reads one line without its newline. False: `error` (PROTO_ERROR_MAX bytes, plain text)
 * says why. Blanks around are allowed, a carriage return at the end too. */
bool proto_read_vote(const char *line, size_t len, struct proto_vote *out, char *error);

/* `SEQ MAC LINE` as a TCP voter sends it: a decimal number, 64 hexadecimal digits, and
 * the vote's line, which is borrowed from `line`. The MAC is not checked here. */
struct proto_signed {
	uint64_t    seq;
	uint8_t     mac[PROTO_MAC_BYTES];
	const char *line;
	size_t      len;
};

bool proto_read_signed(const char *line, size_t len, struct proto_signed *out,
		       char *error);

enum proto_command_kind {
	PROTO_STATUS,
	PROTO_LIST,   /* list [open|pausing|penalty|all] */
	PROTO_WHY,    /* why ADDR */
	PROTO_VOTE,   /* white|black|forget ADDR [for SPAN] [text] */
	PROTO_FLUSH,  /* flush penalties|all */
	PROTO_WATCH,
	PROTO_STATS,
	PROTO_REPORT,
	PROTO_RELOAD,
	PROTO_RULES,  /* rules [iptables|nft] */
	PROTO_EXPORT,
	PROTO_IMPORT, /* import, then its lines, then `end` */
};

enum proto_which {
	PROTO_ALL,
	PROTO_OPEN,
	PROTO_PAUSING,
	PROTO_PENALTY,
	PROTO_IPTABLES,
	PROTO_NFT,
};

struct proto_command {
	enum proto_command_kind kind;
	enum proto_which        which;  /* list, flush (PENALTY or ALL), rules */
	struct proto_vote       vote;   /* why: who; white, black, forget: all of it */
	int64_t                 for_us; /* white, black: 0 = as configured */
};

bool proto_read_command(const char *line, size_t len, struct proto_command *out,
			char *error);

/* One key=value pair of a row, in place: advances *row behind it. False at the end of the
 * row, or where it is no pair. Values are escaped (text_escape()). */
struct proto_pair {
	const char *key;
	size_t      key_len;
	const char *value;
	size_t      value_len;
};

bool proto_next_pair(const char **row, struct proto_pair *out);

#endif
