/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf_int.h - what the files of conf/ share among themselves
 */
#ifndef CONF_CONF_INT_H
#define CONF_CONF_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "conf/conf.h"
#include "conf/options.h"

#define CONF_DEFAULT_FILE "/etc/mxallowd.conf"

/* Spans are in microseconds. */
#define MS INT64_C(1000)
#define SECOND (1000 * MS)
#define DAY (86400 * SECOND)

enum {
	CONF_VALUE_MAX = 512,  /* bytes of one value, with its NUL */
	CONF_RANGE_MAX = 200,  /* what conf_option_range() writes */
	CONF_QUOTED_MAX = 100, /* a stranger's bytes in a message */
};

/* One value somebody wrote, and where. */
struct saying {
	const struct conf_option *option;
	const char               *value;
	struct origin             origin;
	const char               *file; /* FROM_FILE: its name */
};

/* All of them write *why and return false, to be returned in turn. */
bool complain(struct complaint *why, enum complaint_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* About a line of the file; line 0 stands for the file as a whole. */
bool complain_at(struct complaint *why, const char *file, unsigned line, const char *fmt,
		 ...) __attribute__((format(printf, 4, 5)));
/* About a value: names the option and shows the value in front of the message. */
bool complain_value(struct complaint *why, const struct saying *s, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* About an option nobody knows, with the nearest one. */
bool complain_unknown(struct complaint *why, const char *file, unsigned line,
		      const char *name);

/* The text escaped into `out` (CONF_QUOTED_MAX bytes). */
const char *value_quoted(const char *text, char *out);

/* `-t`, `--prefix4`, or the bare name: as it is said in that place. */
const char *option_said(const struct conf_option *o, struct origin origin, char *out,
			size_t size);

/* Of many names, the one nearest to `name`. */
struct nearest {
	const char *name;
	const char *best;  /* NULL = none is near */
	unsigned    below; /* nearer than this it has to be */
};

struct nearest nearest_to(const char *name);
void nearest_try(struct nearest *n, const char *candidate);

unsigned option_row(const struct conf_option *o);
unsigned key_row(const struct conf_option *key); /* within its section */

/* `base` is what the option's offset counts from: the settings, or a section's struct. */
int64_t setting_get(const void *base, const struct conf_option *o);
void setting_put(void *base, const struct conf_option *o, int64_t value);
void setting_default(void *base, const struct conf_option *o);
const void *setting_field(const void *base, const struct conf_option *o);

/* Reads, checks and stores a value. */
bool value_take(void *base, const struct saying *say, struct complaint *why);

/* The kinds that are text, and those that are neither text nor number. */
bool text_take(void *base, const struct saying *say, struct complaint *why);
bool entry_take(struct setting_entries *list, const struct saying *say,
		struct complaint *why);
bool mode_parse(const char *text, int64_t *mode);

/* The value as value_take() reads it, and as the operator would write it; NULL for what
 * is no number, and for one that was not said and has no default. Returns `out`. */
const char *value_format(const struct conf_option *o, int64_t value, char *out,
			 size_t size);

/* The same for the setting as it is, text too, unquoted; not for CONF_ADDRS and
 * CONF_ENTRIES. */
const char *setting_format(const void *base, const struct conf_option *o, char *out,
			   size_t size);

/* Letters, digits, - and _, as queues and lists are called. */
bool is_name(const char *text);

void section_fill(enum conf_section section, void *base); /* with the defaults */

/* All sections as if the file had none; sections_forget() frees what they own before. */
void sections_default(struct settings *s);
void sections_forget(struct settings *s);

/* Begins a section; what its keys go into, or NULL. The settings' arrays may move: the
 * pointer is good until the next one begins. */
void *section_begin(struct settings *s, enum conf_section section,
		    const struct saying *title, struct complaint *why);

bool sections_check(const struct settings *s, struct complaint *why);
/* Index of the queue of that name, or -1. */
int settings_queue(const struct settings *s, const char *name);

/* A file to read, of whatever type *st says. Negative errno. */
int input_open(const char *path, struct stat *st);

/* Up to `size` bytes, fewer at the end of the file. Negative errno. */
ssize_t input_read(int fd, void *bytes, size_t size);

/*
 * The file as libconfuse reads it without its surprises: one `name = "value"` or
 * `name += {"value", ...}` after the other, every value on the line it came from, no
 * comments. Owned by the caller; NULL with *why when the text is no configuration.
 */
char *canon_text(const char *name, const char *text, size_t len, struct complaint *why);

#endif
