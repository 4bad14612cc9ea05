/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - everything an operator can say, in two tables
 *
 * Options and the keys of sections. The reader of the file, the command line, --help,
 * --print-config and the hints in messages are made from them. To add one, add its row in
 * options.c or sections.c, its field in struct settings, and its paragraph in the
 * manual; tests/lint/options.sh asks for that.
 */
#ifndef CONF_OPTIONS_H
#define CONF_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum conf_kind {
	CONF_ADDRS,   /* any number of addresses */
	CONF_NUMBER,
	CONF_SPAN,    /* of time, in microseconds */
	CONF_SWITCH,
	CONF_WORD,    /* one of a set */
	CONF_PATH,    /* absolute name of a file or folder */
	CONF_NAME,    /* of a queue */
	CONF_GROUP,   /* of the system */
	CONF_USER,    /* the same */
	CONF_MODE,    /* permissions, octal */
	CONF_LISTEN,  /* an endpoint for votes */
	CONF_ENTRIES, /* of a list, any number */
	CONF_COMMAND, /* tells the program what to do: command line only */
	CONF_PF,      /* text, of builds that watch pf; others refuse it */
};

struct conf_word {
	const char *word;
	int         value;
};

enum { CONF_UNSET = -1 }; /* a number that was not said */

enum conf_section {
	SECTION_NONE, /* an option: outside of all sections */
	SECTION_QUEUE,
	SECTION_LIST,
	SECTION_VOTE,
	SECTION_PENALTY,
	SECTION_TRUST,
};

enum { CONF_SECTIONS = SECTION_TRUST + 1 };

struct conf_option {
	const char    *name;     /* long option, and key in the file */
	enum conf_section section;
	char           letter;   /* short option, 0 = none */
	enum conf_kind kind;
	const char    *argument; /* what --help calls the value; NULL = takes none */
	bool           is_optional; /* the argument may be left out: no letter then */
	const char    *help;     /* one line */
	int64_t        min;      /* CONF_NUMBER, CONF_SPAN */
	int64_t        max;
	int64_t        fallback; /* the default */
	const char *unset; /* how CONF_UNSET, or no path, is said; NULL = it cannot be */
	const char    *usual;    /* CONF_PATH: the default */
	const struct conf_word *words; /* CONF_WORD, ended by NULL */
	const char    *takes;    /* NULL, or what it takes, in words */
	bool           hex;      /* printed as 0x... */
	bool           restart;  /* a running daemon cannot change it */
	size_t         offset;   /* of its field in struct settings, or the section's */
	size_t         bytes;
};

/* Row `i`, counted from 0 to CONF_OPTIONS - 1. */
const struct conf_option *conf_option_at(unsigned i);

/* NULL when there is none of that name, or letter. */
const struct conf_option *conf_option_find(const char *name);
const struct conf_option *conf_option_letter(char letter);

/* False: it is for another transport than this one. */
bool conf_option_is_built(const struct conf_option *o);

/* The name somebody probably meant; NULL when nothing is near. */
const char *conf_option_nearest(const char *name);

/* A section's row `i`, from 0; NULL behind the last. */
const struct conf_option *conf_key_at(enum conf_section section, unsigned i);
const struct conf_option *conf_key_find(enum conf_section section, const char *name);
const char *conf_key_nearest(enum conf_section section, const char *name);

/* "queue"; and back, SECTION_NONE when there is none of that name. */
const char *conf_section_name(enum conf_section section);
enum conf_section conf_section_find(const char *name);
const char *conf_section_nearest(const char *name);

/* What the option takes, for people: "1s to 3650d (default 36d)". Returns `out`. */
const char *conf_option_range(const struct conf_option *o, char *out, size_t size);

#endif
