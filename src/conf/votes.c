/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * votes.c - the endpoints for votes, with the keys read from their files
 *
 * A key that others can read is no key: such a file is refused, and without a key there
 * is no TCP socket.
 */
#include "conf/conf.h"

#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "conf/conf_int.h"

struct key_reading {
	const struct settings *settings;
	const char *path;
	unsigned line; /* that names it */
	struct complaint *why;
};

static bool complain_key(const struct key_reading *r, const char *message)
{
	char shown[CONF_QUOTED_MAX];

	return complain_at(r->why, r->settings->file, r->line, "key-file \"%s\" %s",
			   value_quoted(r->path, shown), message);
}

static bool complain_errno(const struct key_reading *r, int error)
{
	char message[CONF_QUOTED_MAX];

	snprintf(message, sizeof(message), "cannot be read: %s", strerror(error));
	return complain_key(r, message);
}

static bool read_open_key(const struct key_reading *r, int fd, struct conf_vote *out)
{
	uint8_t bytes[CONF_KEY_MAX + 2]; /* a newline, and one that is too many */
	ssize_t len = input_read(fd, bytes, sizeof(bytes));

	if (len < 0)
		return complain_errno(r, (int)-len);
	if (len > 0 && bytes[len - 1] == '\n')
		len--;
	if (len >= CONF_KEY_MIN && len <= CONF_KEY_MAX) {
		memcpy(out->key, bytes, (size_t)len);
		out->key_bytes = (unsigned)len;
	}
	sodium_memzero(bytes, sizeof(bytes));
	if (len < CONF_KEY_MIN)
		return complain_key(r, "is too short: a key has at least 16 bytes");
	if (len > CONF_KEY_MAX)
		return complain_key(r, "is too long: a key has at most 256 bytes");
	return true;
}

static bool read_key(const struct key_reading *r, struct conf_vote *out)
{
	struct stat st;
	int fd = input_open(r->path, &st);
	bool fine;

	if (fd < 0)
		return complain_errno(r, -fd);
	if (!S_ISREG(st.st_mode))
		fine = complain_key(r, "is no regular file");
	else if (st.st_mode & 0007)
		fine = complain_key(r, "is open to everybody: chmod o= it, and make a "
				       "new key");
	else
		fine = read_open_key(r, fd, out);
	close(fd);
	return fine;
}

bool conf_compile_votes(const struct settings *s, struct conf_votes *out,
			struct complaint *why)
{
	const struct conf_option *key_file = conf_key_find(SECTION_VOTE, "key-file");

	memset(out, 0, sizeof(*out));
	out->count = s->many ? s->many->votes : 0;
	for (unsigned i = 0; i < out->count; i++) {
		const struct setting_vote *from = &s->many->vote[i];
		struct conf_vote *v = &out->vote[i];
		struct key_reading r = { s, from->key_file,
					 from->head.said[key_row(key_file)], why };

		v->kind = from->listen.kind;
		memcpy(v->path, from->listen.path, sizeof(v->path));
		v->addr = from->listen.addr;
		v->port = from->listen.port;
		v->mode = (mode_t)from->mode;
		v->gid = from->group.gid;
		if (v->kind == ENDPOINT_TCP && !read_key(&r, v))
			return false;
	}
	return true;
}
