/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.c - reads a configuration file
 *
 * canon_text() has refused all that libconfuse would let through, and made sections flat;
 * libconfuse hands the values over one by one, with their lines.
 */
#include "conf/conf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <confuse.h>

#include "conf/conf_int.h"

enum {
	FILE_BYTES_MAX = 1024 * 1024,
	FILE_BYTES = 16 * 1024, /* more than most have */
	PARSE_BYTES = 256 * 1024,
	PARSE_BYTES_A_BYTE = 32,
};

/*
 * libconfuse gives its callbacks no pointer of ours, but it gives them the name of the
 * file: that is the first member here, so its address is the address of all.
 */
struct reading {
	char name[sizeof(((struct settings *)NULL)->file)];
	struct settings *settings;
	struct complaint *why;
	bool complained;
	unsigned line[CONF_OPTIONS]; /* each was said in, 0 = not yet */
	void *section;		     /* the one that has begun last */
};

enum { OPTS_MAX = CONF_OPTIONS + CONF_SECTIONS * (1 + CONF_SECTION_KEYS) };

/* What libconfuse is told of: options, sections, and their keys as "queue.pause". */
struct vocabulary {
	cfg_opt_t opt[OPTS_MAX + 1];
	char name[OPTS_MAX][2 * POLICY_NAME_MAX];
	unsigned count;
};

static struct reading *reading_of(const cfg_t *cfg)
{
	return (struct reading *)(void *)cfg->filename;
}

static bool is_list(const struct conf_option *o)
{
	return o->kind == CONF_ADDRS || o->kind == CONF_ENTRIES;
}

static bool is_first(struct reading *r, const struct saying *say, unsigned *before)
{
	unsigned line = say->origin.line;

	if (*before == line && !is_list(say->option))
		return complain_at(r->why, r->name, line, "%s is said twice in this line",
				   say->option->name);
	if (*before && !is_list(say->option))
		return complain_at(r->why, r->name, line,
				   "%s is already in line %u: keep one of them",
				   say->option->name, *before);
	*before = line;
	return true;
}

static bool take_option(struct reading *r, const struct saying *say)
{
	unsigned row = option_row(say->option);

	if (!is_first(r, say, &r->line[row]) || !value_take(r->settings, say, r->why))
		return false;
	r->settings->said[row] = say->origin;
	return true;
}

/* canon_text() has seen to it that the key stands in its section. */
static bool take_key(struct reading *r, const struct saying *say)
{
	struct setting_section *head = r->section;

	return is_first(r, say, &head->said[key_row(say->option)]) &&
	       value_take(r->section, say, r->why);
}

static bool take_value(struct reading *r, const char *name, struct saying *say)
{
	const char *dot = strchr(name, '.');
	char section[POLICY_NAME_MAX];

	if (dot) {
		snprintf(section, sizeof(section), "%.*s", (int)(dot - name), name);
		say->option = conf_key_find(conf_section_find(section), dot + 1);
		return take_key(r, say);
	}
	if (conf_section_find(name) != SECTION_NONE) {
		r->section =
			section_begin(r->settings, conf_section_find(name), say, r->why);
		return r->section != NULL;
	}
	say->option = conf_option_find(name);
	return take_option(r, say);
}

static int on_value(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	struct reading *r = reading_of(cfg);
	const char **kept = result;
	struct saying say = {
		.value = value,
		.origin = { .from = FROM_FILE, .line = (unsigned)cfg->line },
		.file = r->name,
	};

	*kept = value;
	if (take_value(r, opt->name, &say))
		return 0;
	r->complained = true;
	return -1;
}

__attribute__((format(printf, 2, 0))) static void on_error(cfg_t *cfg, const char *fmt,
							   va_list ap)
{
	struct reading *r = reading_of(cfg);
	char message[CONF_QUOTED_MAX];

	if (r->complained)
		return;
	r->complained = true;
	vsnprintf(message, sizeof(message), fmt, ap);
	(void)complain_at(r->why, r->name, (unsigned)cfg->line, "%s", message);
}

/* Every value is a string to libconfuse: its numbers are octal and wrap. */
static void add_word(struct vocabulary *v, const char *section, const char *name,
		     int flags)
{
	snprintf(v->name[v->count], sizeof(v->name[0]), "%s%s%s", section,
		 section[0] && name[0] ? "." : "", name);
	v->opt[v->count] = (cfg_opt_t){
		.name = v->name[v->count],
		.type = CFGT_STR,
		.flags = CFGF_NODEFAULT | flags,
		.parsecb = on_value,
	};
	v->count++;
}

static void fill_vocabulary(struct vocabulary *v)
{
	const struct conf_option *o;

	memset(v, 0, sizeof(*v));
	for (unsigned i = 0; i < CONF_OPTIONS; i++)
		add_word(v, "", conf_option_at(i)->name,
			 is_list(conf_option_at(i)) ? CFGF_LIST : CFGF_NONE);
	for (unsigned s = SECTION_NONE + 1; s < CONF_SECTIONS; s++) {
		const char *section = conf_section_name((enum conf_section)s);

		add_word(v, section, "", CFGF_LIST);
		for (unsigned i = 0; (o = conf_key_at((enum conf_section)s, i)); i++)
			add_word(v, section, o->name, CFGF_LIST);
	}
	v->opt[v->count] = (cfg_opt_t)CFG_END();
}

/* libconfuse's lexer ends the program where there is no memory, so there must be enough
 * of it for a text of that length: this much is more than it takes. */
static bool has_room(size_t len)
{
	void *room = malloc(PARSE_BYTES + PARSE_BYTES_A_BYTE * len);

	free(room);
	return room != NULL;
}

static bool parse(struct reading *r, const char *text)
{
	struct vocabulary words;
	cfg_t *cfg;
	FILE *in;
	int rc = CFG_PARSE_ERROR;

	if (!has_room(strlen(text)))
		return complain_at(r->why, r->name, 0, "out of memory");
	fill_vocabulary(&words);
	cfg = cfg_init(words.opt, CFGF_NONE);
	in = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	if (cfg && in) {
		cfg->filename = r->name;
		cfg_set_error_function(cfg, on_error);
		rc = cfg_parse_fp(cfg, in);
		cfg->filename = NULL; /* cfg_free() would free it */
	}
	if (in)
		fclose(in);
	if (cfg)
		cfg_free(cfg);
	if (rc != CFG_SUCCESS && !r->complained)
		return complain_at(r->why, r->name, 0, "out of memory");
	return rc == CFG_SUCCESS;
}

/* Reading a file again does not add to what it said before. */
static void forget_file(struct setting_addrs *list)
{
	if (list->count > 0 && list->origin[0].from == FROM_FILE)
		list->count = 0;
}

bool conf_read(struct settings *s, const char *name, const char *text, size_t len,
	       struct complaint *why)
{
	struct reading r = { .settings = s, .why = why };
	char *canonical;
	bool fine;

	if (strlen(name) >= sizeof(r.name))
		return complain(why, COMPLAINT_FILE,
				"the name of the configuration file is "
				"longer than %zu bytes",
				sizeof(r.name) - 1);
	snprintf(r.name, sizeof(r.name), "%s", name);
	if (len > FILE_BYTES_MAX)
		return complain_at(why, name, 0,
				   "larger than 1 MiB: this is no configuration");

	sections_forget(s);
	canonical = canon_text(name, text, len, why);
	if (!canonical)
		return false;
	snprintf(s->file, sizeof(s->file), "%s", name);
	forget_file(&s->fake);
	forget_file(&s->real);
	fine = parse(&r, canonical);
	free(canonical);
	if (!fine)
		conf_free(s);
	return fine;
}

static bool grow(char **text, size_t *room)
{
	size_t more = *room == 0 ? FILE_BYTES : 2 * *room;
	char *grown = realloc(*text, more);

	if (!grown)
		return false;
	*text = grown;
	*room = more;
	return true;
}

/*
 * The whole file, or more than FILE_BYTES_MAX of it, into *text, which is to be freed.
 * Negative errno on failure. No more memory than it takes: what glibc had mapped and got
 * back it maps no more (M_MMAP_THRESHOLD, mallopt(3)), and the tables made after this
 * should be mapped, so that what is never used of them is not there.
 */
static ssize_t read_all(int fd, char **text)
{
	size_t used = 0, room = 0;

	do {
		ssize_t n;

		if (!grow(text, &room))
			return -ENOMEM;
		n = input_read(fd, *text + used, room - used);
		if (n < 0)
			return n;
		used += (size_t)n;
	} while (used == room && used <= FILE_BYTES_MAX);
	return (ssize_t)used;
}

static bool load_open(struct settings *s, const char *path, int fd, struct complaint *why)
{
	char *text = NULL;
	ssize_t len = read_all(fd, &text);
	bool fine;

	if (len < 0)
		fine = complain_at(why, path, 0, "%s", strerror((int)-len));
	else
		fine = conf_read(s, path, text, (size_t)len, why);
	free(text);
	return fine;
}

bool conf_load(struct settings *s, const char *path, bool must_exist,
	       struct complaint *why)
{
	struct stat st;
	int fd = input_open(path, &st);
	bool fine;

	if (fd == -ENOENT && !must_exist)
		return true;
	if (fd < 0)
		return complain_at(why, path, 0, "%s", strerror(-fd));
	if (S_ISDIR(st.st_mode))
		fine = complain_at(why, path, 0, "is a directory: name the file in it");
	else if (!S_ISREG(st.st_mode))
		fine = complain_at(why, path, 0, "is no regular file");
	else
		fine = load_open(s, path, fd, why);
	close(fd);
	return fine;
}
