/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * value_text.c - values that are text: paths, names, users, groups, modes, endpoints
 */
#include "conf/conf_int.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* sun_path of a unix socket, with its NUL (unix(7)) */
enum { SOCKET_PATH_MAX = 108, GROUP_BYTES = 64 * 1024 };

bool mode_parse(const char *text, int64_t *mode)
{
	size_t len = strlen(text);
	int64_t value = 0;

	if (len < 3 || len > 4 || strspn(text, "01234567") != len)
		return false;
	for (; *text; text++)
		value = 8 * value + (*text - '0');
	if (value > 0777)
		return false;
	*mode = value;
	return true;
}

/* `text` is the path or the part of the value that is one; `max` with its NUL. */
static bool is_path(const struct saying *say, const char *text, size_t max,
		    struct complaint *why)
{
	if (text[0] == '\0')
		return complain_value(why, say,
				      "names no file: give a path that begins "
				      "with /");
	if (text[0] != '/')
		return complain_value(why, say,
				      "is relative: give a path that begins with /");
	if (strlen(text) >= max)
		return complain_value(why, say, "is too long: a path may have %zu bytes",
				      max - 1);
	if (text[1] == '\0')
		return complain_value(why, say, "is the root folder: name one below it");
	return true;
}

static bool take_path(char *field, const struct saying *say, struct complaint *why)
{
	const struct conf_option *o = say->option;

	if (o->unset && strcmp(say->value, o->unset) == 0) {
		field[0] = '\0';
		return true;
	}
	if (!is_path(say, say->value, o->max ? (size_t)o->max + 1 : o->bytes, why))
		return false;
	snprintf(field, o->bytes, "%s", say->value);
	return true;
}

static bool take_name(char *field, const struct saying *say, struct complaint *why)
{
	if (!is_name(say->value))
		return complain_value(why, say,
				      "is no name: give up to 31 letters, digits, - and "
				      "_");
	snprintf(field, say->option->bytes, "%s", say->value);
	return true;
}

static bool take_group(struct setting_group *field, const struct saying *say,
		       struct complaint *why)
{
	struct group entry, *found = NULL;
	char *room;

	if (say->value[0] == '\0' || strlen(say->value) >= sizeof(field->name))
		return complain_value(why, say, "is no system group");
	room = malloc(GROUP_BYTES);
	if (!room)
		return complain_value(why, say, "cannot be looked up: out of memory");
	(void)getgrnam_r(say->value, &entry, room, GROUP_BYTES, &found);
	if (found) {
		snprintf(field->name, sizeof(field->name), "%s", say->value);
		field->gid = entry.gr_gid;
	}
	free(room);
	return found || complain_value(why, say,
				       "is no system group: make it with groupadd, or "
				       "name one that exists");
}

static bool take_user(struct setting_user *field, const struct saying *say,
		      struct complaint *why)
{
	struct passwd entry, *found = NULL;
	char *room;

	if (say->value[0] == '\0' || strlen(say->value) >= sizeof(field->name))
		return complain_value(why, say, "is no system user");
	room = malloc(GROUP_BYTES);
	if (!room)
		return complain_value(why, say, "cannot be looked up: out of memory");
	(void)getpwnam_r(say->value, &entry, room, GROUP_BYTES, &found);
	if (found) {
		snprintf(field->name, sizeof(field->name), "%s", say->value);
		field->uid = entry.pw_uid;
		field->gid = entry.pw_gid;
	}
	free(room);
	return found || complain_value(why, say,
				       "is no system user: make it with useradd -r, or "
				       "name one that exists");
}

/* "[2001:db8::1]:7925" or "192.0.2.1:7925" */
static bool take_tcp(struct setting_listen *field, const struct saying *say,
		     const char *text, struct complaint *why)
{
	bool is_bracketed = text[0] == '[';
	const char *begin = text + is_bracketed;
	const char *stop = is_bracketed ? strchr(begin, ']') : strrchr(begin, ':');
	const char *colon = stop ? stop + is_bracketed : NULL;
	struct setting_listen l = { .kind = ENDPOINT_TCP };
	char address[ADDR_TEXT_MAX] = "";
	uint64_t port;

	if (stop && (size_t)(stop - begin) < sizeof(address))
		memcpy(address, begin, (size_t)(stop - begin));
	if (!colon || *colon != ':' || !addr_parse(address, &l.addr) ||
	    (l.addr.family == ADDR_IP6) != is_bracketed)
		return complain_value(why, say,
				      "is no TCP endpoint: write tcp:192.0.2.1:7925 or "
				      "tcp:[2001:db8::1]:7925");
	if (!text_number(colon + 1, 1, 65535, &port))
		return complain_value(why, say, "has no port from 1 to 65535");
	l.port = (uint16_t)port;
	*field = l;
	return true;
}

static bool take_listen(struct setting_listen *field, const struct saying *say,
			struct complaint *why)
{
	struct setting_listen l = { .kind = ENDPOINT_NONE };
	const char *rest = strchr(say->value, ':');
	size_t max = sizeof(l.path);

	if (strncmp(say->value, "tcp:", 4) == 0)
		return take_tcp(field, say, say->value + 4, why);
	if (strncmp(say->value, "unix:", 5) == 0) {
		l.kind = ENDPOINT_UNIX;
		max = SOCKET_PATH_MAX;
	} else if (strncmp(say->value, "fifo:", 5) == 0) {
		l.kind = ENDPOINT_FIFO;
	} else {
		return complain_value(why, say,
				      "is no endpoint: give unix:PATH, fifo:PATH or "
				      "tcp:ADDRESS:PORT");
	}
	if (!is_path(say, rest + 1, max, why))
		return false;
	snprintf(l.path, sizeof(l.path), "%s", rest + 1);
	*field = l;
	return true;
}

/* What it means, pf and libpcap know. */
static bool take_plain(char *field, const struct saying *say, struct complaint *why)
{
	if (strlen(say->value) >= say->option->bytes)
		return complain_value(why, say, "is too long: it may have %zu bytes",
				      say->option->bytes - 1);
	snprintf(field, say->option->bytes, "%s", say->value);
	return true;
}

bool text_take(void *base, const struct saying *say, struct complaint *why)
{
	void *field = (char *)base + say->option->offset;

	if (say->option->kind == CONF_PATH)
		return take_path(field, say, why);
	if (say->option->kind == CONF_PF)
		return take_plain(field, say, why);
	if (say->option->kind == CONF_NAME)
		return take_name(field, say, why);
	if (say->option->kind == CONF_GROUP)
		return take_group(field, say, why);
	if (say->option->kind == CONF_USER)
		return take_user(field, say, why);
	return take_listen(field, say, why);
}

static const char *listen_format(const struct setting_listen *l, char *out, size_t size)
{
	char text[ADDR_TEXT_MAX];

	switch (l->kind) {
	case ENDPOINT_UNIX:
		snprintf(out, size, "unix:%s", l->path);
		return out;
	case ENDPOINT_FIFO:
		snprintf(out, size, "fifo:%s", l->path);
		return out;
	case ENDPOINT_TCP:
		addr_format(&l->addr, text);
		if (l->addr.family == ADDR_IP6)
			snprintf(out, size, "tcp:[%s]:%u", text, l->port);
		else
			snprintf(out, size, "tcp:%s:%u", text, l->port);
		return out;
	case ENDPOINT_NONE:
		break;
	}
	return NULL;
}

const char *setting_format(const void *base, const struct conf_option *o, char *out,
			   size_t size)
{
	const void *field = setting_field(base, o);
	const char *text = field;

	if (o->kind == CONF_LISTEN)
		return listen_format(field, out, size);
	if (o->kind == CONF_GROUP)
		text = ((const struct setting_group *)field)->name;
	else if (o->kind == CONF_USER)
		text = ((const struct setting_user *)field)->name;
	else if (o->kind != CONF_PATH && o->kind != CONF_NAME && o->kind != CONF_PF)
		return value_format(o, setting_get(base, o), out, size);
	if (text[0] == '\0' && o->kind != CONF_PF)
		text = o->unset;
	if (!text)
		return NULL;
	snprintf(out, size, "%s", text);
	return out;
}

void setting_default(void *base, const struct conf_option *o)
{
	char *field = (char *)base + o->offset;

	if (o->kind == CONF_GROUP)
		*(struct setting_group *)(void *)field =
			(struct setting_group){ .gid = (gid_t)-1 };
	else if (o->kind == CONF_USER)
		*(struct setting_user *)(void *)field =
			(struct setting_user){ .uid = (uid_t)-1, .gid = (gid_t)-1 };
	else if (o->kind == CONF_LISTEN)
		memset(field, 0, o->bytes);
	else if (o->kind == CONF_PATH || o->kind == CONF_NAME || o->kind == CONF_PF)
		snprintf(field, o->bytes, "%s", o->usual ? o->usual : "");
	else
		setting_put(base, o, o->fallback);
}
