/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * listfile.c - the entries of a list, inline and from its file, and all lists together
 *
 * A file is read in pieces: a list of a million networks needs no more memory while it is
 * read than one of ten.
 */
#include "conf/listfile_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

enum {
	FILE_BYTES_MAX = 256 * 1024 * 1024,
	PIECE_BYTES = 64 * 1024,
};

bool entry_take(struct setting_entries *list, const struct saying *say,
		struct complaint *why)
{
	char wrong[LIST_WRONG_MAX];
	struct list_entry entry;
	char *text;

	if (!list_entry_parse(say->value, &entry, wrong))
		return complain_value(why, say, "%s", wrong);
	if (list->count == list->room) {
		unsigned room = list->room ? 2 * list->room : 8;
		struct setting_entry *grown = realloc(list->entry, room * sizeof(*grown));

		if (!grown)
			return complain_at(why, say->file, 0, "out of memory");
		list->entry = grown;
		list->room = room;
	}
	text = strdup(say->value);
	if (!text)
		return complain_at(why, say->file, 0, "out of memory");
	list->entry[list->count++] = (struct setting_entry){ text, say->origin.line };
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Takes off comment and blanks. */
static void trim(const char **text, size_t *len)
{
	const char *comment = memchr(*text, '#', *len);

	if (comment)
		*len = (size_t)(comment - *text);
	while (*len > 0 && is_blank((*text)[*len - 1]))
		(*len)--;
	while (*len > 0 && is_blank((*text)[0])) {
		(*text)++;
		(*len)--;
	}
}

static bool take_line(struct list_reading *r, const char *text, size_t len)
{
	char entry[LIST_LINE_MAX + 1], shown[CONF_QUOTED_MAX], wrong[LIST_WRONG_MAX];
	struct list_entry e;

	r->line++;
	if (len > LIST_LINE_MAX)
		return complain_at(r->why, r->name, r->line,
				   "longer than %d bytes: write one entry a line",
				   LIST_LINE_MAX);
	trim(&text, &len);
	if (len == 0)
		return true;
	memcpy(entry, text, len);
	entry[len] = '\0';
	text_escape(shown, sizeof(shown), text, len);

	if (memchr(text, ' ', len) || memchr(text, '\t', len))
		return complain_at(r->why, r->name, r->line,
				   "\"%s\" is more than one entry: write one a line",
				   shown);
	if (strlen(entry) != len)
		return complain_at(r->why, r->name, r->line,
				   "\"%s\" has a zero byte: this is no text file", shown);
	if (!list_entry_parse(entry, &e, wrong))
		return complain_at(r->why, r->name, r->line, "\"%s\" %s", shown, wrong);
	if (!list_entry_add(r->lists, r->list, &e))
		return complain_at(r->why, r->name, r->line, "out of memory");
	return true;
}

/* Takes the lines that are whole; what is behind them begins at *used. */
static bool take_lines(struct list_reading *r, const char *text, size_t len, size_t *used)
{
	const char *at = text, *end = text + len, *newline;

	if (r->line == 0 && len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		at += 3;
	while (at < end && (newline = memchr(at, '\n', (size_t)(end - at)))) {
		if (!take_line(r, at, (size_t)(newline - at)))
			return false;
		at = newline + 1;
	}
	*used = (size_t)(at - text);
	return true;
}

bool list_read_text(struct list_reading *r, const char *text, size_t len)
{
	size_t used;

	return take_lines(r, text, len, &used) &&
	       (used == len || take_line(r, text + used, len - used));
}

static bool read_pieces(struct list_reading *r, int fd, char *piece)
{
	size_t held = 0, total = 0, used;
	ssize_t n;

	while ((n = input_read(fd, piece + held, PIECE_BYTES - held)) > 0) {
		total += (size_t)n;
		if (total > FILE_BYTES_MAX)
			return complain_at(r->why, r->name, 0,
					   "larger than 256 MiB: this is no list");
		if (!take_lines(r, piece, held + (size_t)n, &used))
			return false;
		held += (size_t)n - used;
		memmove(piece, piece + used, held);
		if (held == PIECE_BYTES)
			return take_line(r, piece, held); /* which is too long */
	}
	if (n < 0)
		return complain_at(r->why, r->name, 0, "%s", strerror((int)-n));
	return list_read_text(r, piece, held);
}

/* The settings name the file in `line`, which is where to look when it cannot be read. */
static bool read_file(struct list_reading *r, const struct settings *s, unsigned line)
{
	char shown[CONF_QUOTED_MAX];
	struct stat st;
	int fd = input_open(r->name, &st);
	bool fine = false;
	char *piece;

	value_quoted(r->name, shown);
	if (fd < 0)
		(void)complain_at(r->why, s->file, line, "file \"%s\" cannot be read: %s",
				  shown, strerror(-fd));
	else if (!S_ISREG(st.st_mode))
		(void)complain_at(r->why, s->file, line, "file \"%s\" is no regular file",
				  shown);
	else if (!(piece = malloc(PIECE_BYTES)))
		(void)complain_at(r->why, s->file, line, "out of memory");
	else {
		fine = read_pieces(r, fd, piece);
		free(piece);
	}
	if (fd >= 0)
		close(fd);
	return fine;
}

static bool add_entries(struct list_reading *r, const struct settings *s,
			const struct setting_entries *entries)
{
	char wrong[LIST_WRONG_MAX];
	struct list_entry e;

	for (unsigned i = 0; i < entries->count; i++)
		if (!list_entry_parse(entries->entry[i].text, &e, wrong) ||
		    !list_entry_add(r->lists, r->list, &e))
			return complain_at(r->why, s->file, entries->entry[i].line,
					   "out of memory");
	return true;
}

static bool add_list(struct lists *lists, const struct settings *s,
		     const struct setting_list *from, struct complaint *why)
{
	const struct conf_option *file = conf_key_find(SECTION_LIST, "file");
	struct list list = {
		.action = (enum list_action)from->action,
		.deny = from->deny,
	};
	struct list_reading r = { .lists = lists, .name = from->file, .why = why };

	memcpy(list.name, from->head.name, sizeof(list.name));
	if (list.action == LIST_QUEUE)
		list.queue = (uint8_t)settings_queue(s, from->queue);
	r.list = lists_add(lists, &list);
	return add_entries(&r, s, &from->entries) &&
	       (!from->file[0] || read_file(&r, s, from->head.said[key_row(file)]));
}

bool conf_compile_lists(const struct settings *s, struct lists **out,
			struct complaint *why)
{
	unsigned count = s->many ? s->many->lists : 0;
	struct lists *lists = NULL;

	if (count > 0) {
		lists = lists_new();
		if (!lists)
			return complain_at(why, s->file, 0, "out of memory");
	}
	for (unsigned i = 0; i < count; i++) {
		if (!add_list(lists, s, &s->many->list[i], why)) {
			lists_free(lists);
			return false;
		}
	}
	*out = lists;
	return true;
}
