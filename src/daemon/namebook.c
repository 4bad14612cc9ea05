/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * namebook.c - names by address and addresses by name, two sorted arrays
 */
#include "daemon/namebook_int.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "resolver/resolver.h"
#include "wire/dnsname.h"

enum { LINE_MAX_BYTES = 512, SHOWN_MAX = 100 };

struct line {
	struct addr who;
	uint32_t    number; /* in the file; keeps its order where all else is equal */
	char       *name;   /* owned by the book */
};

struct namebook {
	struct line *by_addr; /* owned, as is the next */
	struct line *by_name; /* the same lines */
	uint32_t     count;
	uint32_t     room;
};

static int by_number(const struct line *a, const struct line *b)
{
	return a->number < b->number ? -1 : a->number > b->number;
}

static int compare_addrs(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int order = memcmp(&x->who, &y->who, sizeof(x->who));

	return order ? order : by_number(x, y);
}

static int compare_names(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : by_number(x, y);
}

/* The first line that does not come before `wanted`, whose number is 0. */
static uint32_t find_first(const struct namebook *b, const struct line *lines,
			   const struct line *wanted,
			   int (*compare)(const void *, const void *))
{
	uint32_t low = 0, high = b->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (compare(&lines[middle], wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct reading {
	struct namebook  *book;
	const char       *path;
	unsigned          line;
	struct complaint *why;
};

__attribute__((format(printf, 2, 3)))
static bool complain(const struct reading *r, const char *fmt, ...)
{
	char path[256];
	size_t used;
	va_list ap;

	r->why->kind = COMPLAINT_FILE;
	text_escape(path, sizeof(path), r->path, strlen(r->path));
	used = (size_t)snprintf(r->why->text, sizeof(r->why->text),
				r->line > 0 ? "%s:%u: " : "%s: ", path, r->line);
	va_start(ap, fmt);
	vsnprintf(r->why->text + used, sizeof(r->why->text) - used, fmt, ap);
	va_end(ap);
	return false;
}

static bool add_line(const struct reading *r, const struct addr *who, const char *name)
{
	struct namebook *b = r->book;
	char *copy = strdup(name);

	if (copy && b->count == b->room) {
		uint32_t room = b->room ? 2 * b->room : 64;
		struct line *grown = realloc(b->by_addr, room * sizeof(*grown));

		if (!grown) {
			free(copy);
			copy = NULL;
		} else {
			b->by_addr = grown;
			b->room = room;
		}
	}
	if (!copy)
		return complain(r, "out of memory");
	b->by_addr[b->count++] = (struct line){ *who, r->line, copy };
	return true;
}

/* Ends the word at `text` and returns what follows it, without blanks. */
static char *split(char *text)
{
	char *rest = text + strcspn(text, " \t");

	if (*rest)
		*rest++ = '\0';
	return rest + strspn(rest, " \t");
}

static bool take_line(const struct reading *r, char *text)
{
	char name[DNSNAME_MAX], shown[SHOWN_MAX];
	struct addr who;
	char *second, *third;

	text[strcspn(text, "#\r\n")] = '\0';
	text += strspn(text, " \t");
	if (*text == '\0')
		return true;
	second = split(text);
	third = split(second);
	if (!addr_parse(text, &who))
		return complain(r, "\"%s\" is no address: write one like 192.0.2.7 or "
				   "2001:db8::7, and its name behind it",
				text_escape(shown, sizeof(shown), text, strlen(text)));
	if (*second == '\0')
		return complain(r, "%s has no name behind it", text);
	if (*third != '\0')
		return complain(r, "more than one name: write one a line");
	if (!dnsname_clean(second, strlen(second), name))
		return complain(
			r, "\"%s\" is no host name: letters, digits, hyphens and dots",
			text_escape(shown, sizeof(shown), second, strlen(second)));
	return add_line(r, &who, name);
}

static bool take_lines(struct reading *r, FILE *f)
{
	char text[LINE_MAX_BYTES + 2];
	size_t len;

	while (memset(text, '\n', sizeof(text)), fgets(text, sizeof(text), f)) {
		r->line++;
		len = strlen(text);
		if (len > LINE_MAX_BYTES)
			return complain(r, "longer than %d bytes", LINE_MAX_BYTES);
		/* fgets() puts one zero behind the line, and tells no length. */
		if (memchr(text + len + 1, '\0', sizeof(text) - len - 1))
			return complain(r, "a zero byte: this is no text file");
		if (!take_line(r, text))
			return false;
	}
	r->line = 0;
	return !ferror(f) || complain(r, "cannot be read: %s", strerror(errno));
}

static bool sort_lines(const struct reading *r)
{
	struct namebook *b = r->book;

	if (b->count == 0)
		return true;
	b->by_name = malloc(b->count * sizeof(*b->by_name));
	if (!b->by_name)
		return complain(r, "out of memory");
	memcpy(b->by_name, b->by_addr, b->count * sizeof(*b->by_name));
	qsort(b->by_addr, b->count, sizeof(*b->by_addr), compare_addrs);
	qsort(b->by_name, b->count, sizeof(*b->by_name), compare_names);
	return true;
}

bool namebook_read_stream(struct namebook **out, FILE *f, const char *path,
			  struct complaint *why)
{
	struct reading r = { calloc(1, sizeof(*r.book)), path, 0, why };

	*out = NULL;
	if (!r.book)
		return complain(&r, "out of memory");
	if (!take_lines(&r, f) || !sort_lines(&r)) {
		namebook_free(r.book);
		return false;
	}
	*out = r.book;
	return true;
}

bool namebook_read(struct namebook **out, const char *path, struct complaint *why)
{
	struct reading r = { .path = path ? path : "/dev/null", .why = why };
	FILE *f = fopen(r.path, "re");
	bool fine;

	*out = NULL;
	if (!f)
		return complain(&r, "cannot be read: %s", strerror(errno));
	fine = namebook_read_stream(out, f, r.path, why);
	fclose(f);
	return fine;
}

void namebook_free(struct namebook *b)
{
	if (!b)
		return;
	for (uint32_t i = 0; i < b->count; i++)
		free(b->by_addr[i].name);
	free(b->by_addr);
	free(b->by_name);
	free(b);
}

static unsigned find_siblings(const struct namebook *b, const struct line *line,
			      struct addr siblings[POLICY_SIBLINGS_MAX])
{
	struct line wanted = { .name = line->name };
	uint32_t i = find_first(b, b->by_name, &wanted, compare_names);
	unsigned count = 0;

	for (; i < b->count && count < POLICY_SIBLINGS_MAX &&
	       strcmp(b->by_name[i].name, line->name) == 0; i++)
		if (!addr_is_equal(&b->by_name[i].who, &line->who))
			siblings[count++] = b->by_name[i].who;
	return count;
}

bool namebook_hear(const struct namebook *b, const struct addr *who, unsigned nth,
		   struct heard *h, struct addr siblings[POLICY_SIBLINGS_MAX])
{
	struct line wanted = { .who = *who };
	uint32_t first = find_first(b, b->by_addr, &wanted, compare_addrs);
	uint32_t end = first;

	while (end < b->count && end - first < RESOLVER_NAMES_MAX &&
	       addr_is_equal(&b->by_addr[end].who, who))
		end++;
	*h = (struct heard){ .who = *who, .siblings = siblings, .is_final = true };
	if (nth >= end - first)
		return nth == 0;
	h->name = b->by_addr[first + nth].name;
	h->count = find_siblings(b, &b->by_addr[first + nth], siblings);
	h->is_final = first + nth + 1 == end;
	return true;
}
