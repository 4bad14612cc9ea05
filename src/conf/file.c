/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.c - reads a configuration file
 *
 * canon_text() has refused all that libconfuse would let through; libconfuse hands the
 * values over one by one, with their lines.
 */
#include "conf/conf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <confuse.h>

#include "conf_int.h"

enum { FILE_BYTES_MAX = 1024 * 1024 };

/*
 * libconfuse gives its callbacks no pointer of ours, but it gives them the name of the
 * file: that is the first member here, so its address is the address of all.
 */
struct reading {
	char              name[sizeof(((struct settings *)NULL)->file)];
	struct settings  *settings;
	struct complaint *why;
	bool              complained;
	unsigned          line[CONF_OPTIONS]; /* each was said in, 0 = not yet */
};

static struct reading *reading_of(const cfg_t *cfg)
{
	return (struct reading *)(void *)cfg->filename;
}

static bool take_value(struct reading *r, const struct conf_option *o, const char *value,
		       unsigned line)
{
	struct saying say = {
		.option = o,
		.value = value,
		.origin = { .from = FROM_FILE, .line = line },
		.file = r->name,
	};
	unsigned *before = &r->line[option_row(o)];

	if (*before == line && o->kind != CONF_ADDRS)
		return complain_at(r->why, r->name, line, "%s is said twice in this line",
				   o->name);
	if (*before && o->kind != CONF_ADDRS)
		return complain_at(r->why, r->name, line,
				   "%s is already in line %u: keep one of them", o->name,
				   *before);
	*before = line;
	return value_take(r->settings, &say, r->why);
}

static int on_value(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	struct reading *r = reading_of(cfg);
	const char **kept = result;

	*kept = value;
	if (take_value(r, conf_option_find(opt->name), value, (unsigned)cfg->line))
		return 0;
	r->complained = true;
	return -1;
}

__attribute__((format(printf, 2, 0)))
static void on_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	struct reading *r = reading_of(cfg);
	char message[CONF_QUOTED_MAX];

	if (r->complained)
		return;
	r->complained = true;
	vsnprintf(message, sizeof(message), fmt, ap);
	(void)complain_at(r->why, r->name, (unsigned)cfg->line, "%s", message);
}

static bool parse(struct reading *r, const char *text)
{
	cfg_opt_t opts[CONF_OPTIONS + 1] = { [CONF_OPTIONS] = CFG_END() };
	cfg_t *cfg;
	FILE *in;
	int rc = CFG_PARSE_ERROR;

	/* Every value is a string to libconfuse: its numbers are octal and wrap. */
	for (unsigned i = 0; i < CONF_OPTIONS; i++)
		opts[i] = (cfg_opt_t){
			.name = conf_option_at(i)->name,
			.type = CFGT_STR,
			.flags = CFGF_NODEFAULT |
				 (conf_option_at(i)->kind == CONF_ADDRS ? CFGF_LIST : 0),
			.parsecb = on_value,
		};
	cfg = cfg_init(opts, CFGF_NONE);
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

	canonical = canon_text(name, text, len, why);
	if (!canonical)
		return false;
	snprintf(s->file, sizeof(s->file), "%s", name);
	forget_file(&s->fake);
	forget_file(&s->real);
	fine = parse(&r, canonical);
	free(canonical);
	return fine;
}

/* Up to FILE_BYTES_MAX + 1 bytes, so that too many show. Negative errno on failure. */
static ssize_t read_all(int fd, char *text)
{
	size_t used = 0;

	while (used <= FILE_BYTES_MAX) {
		ssize_t n = read(fd, text + used, FILE_BYTES_MAX + 1 - used);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		used += (size_t)n;
	}
	return (ssize_t)used;
}

static bool load_open(struct settings *s, const char *path, int fd, struct complaint *why)
{
	struct stat st;
	ssize_t len;
	char *text;
	bool fine;

	if (fstat(fd, &st) < 0)
		return complain_at(why, path, 0, "%s", strerror(errno));
	if (S_ISDIR(st.st_mode))
		return complain_at(why, path, 0, "is a directory: name the file in it");
	if (!S_ISREG(st.st_mode))
		return complain_at(why, path, 0, "is no regular file");

	text = malloc(FILE_BYTES_MAX + 1);
	if (!text)
		return complain_at(why, path, 0, "out of memory");
	len = read_all(fd, text);
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
	/* Without O_NONBLOCK a FIFO would hold us up before we see that it is one. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	bool fine;

	if (fd < 0 && errno == ENOENT && !must_exist)
		return true;
	if (fd < 0)
		return complain_at(why, path, 0, "%s", strerror(errno));
	fine = load_open(s, path, fd, why);
	close(fd);
	return fine;
}
