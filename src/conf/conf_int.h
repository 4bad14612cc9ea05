/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf_int.h - what the files of conf/ share among themselves
 */
#ifndef CONF_CONF_INT_H
#define CONF_CONF_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/conf.h"
#include "conf/options.h"

#define CONF_DEFAULT_FILE "/etc/mxallowd.conf"

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

unsigned option_row(const struct conf_option *o);

int64_t setting_get(const struct settings *s, const struct conf_option *o);
void setting_put(struct settings *s, const struct conf_option *o, int64_t value);
struct setting_addrs *setting_addrs(struct settings *s, const struct conf_option *o);

/* Reads, checks and stores a value. */
bool value_take(struct settings *s, const struct saying *say, struct complaint *why);

/* The value as value_take() reads it, and as the operator would write it; not for
 * CONF_ADDRS. NULL when the option was not said and has no default. Returns `out`. */
const char *value_format(const struct conf_option *o, int64_t value, char *out,
			 size_t size);

/*
 * The file as libconfuse reads it without its surprises: one `name = "value"` or
 * `name += {"value", ...}` after the other, every value on the line it came from, no
 * comments. Owned by the caller; NULL with *why when the text is no configuration.
 */
char *canon_text(const char *name, const char *text, size_t len, struct complaint *why);

#endif
