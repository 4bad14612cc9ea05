/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proto.c - the grammar of the lines that come and go by local sockets
 *
 * A line is bytes: words of printable ASCII with blanks between them, and text that may
 * hold anything but control bytes. Nothing is guessed: what is not in the grammar is
 * refused with a sentence for whoever sent it.
 */
#include "wire/proto.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/tick.h"

enum {
	SPAN_MIN_US = 1000000,
	SHOWN_MAX = 48, /* of a stranger's word in a message */
	DIGITS_MAX = 20, /* of a 64-bit number */
};

/* As the longest window of a queue; times in the core are 48 bits of milliseconds. */
static const int64_t span_max_us = 3650 * INT64_C(86400000000);

/* What is left of a line. */
struct rest {
	const char *at;
	const char *end;
};

struct word {
	const char *at; /* borrowed from the line */
	size_t      len;
};

static bool refuse(char *error, const char *why)
{
	snprintf(error, PROTO_ERROR_MAX, "%s", why);
	return false;
}

static bool refuse_word(char *error, const char *what, const struct word *w)
{
	char shown[SHOWN_MAX];

	snprintf(error, PROTO_ERROR_MAX, "%s: %s", what,
		 text_escape(shown, sizeof(shown), w->at, w->len));
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_control(char c)
{
	return ((unsigned char)c < ' ' && c != '\t') || c == 0x7f;
}

/* Cuts blanks at both ends and one carriage return; refuses what no line may hold. */
static bool open_line(const char *line, size_t len, struct rest *out, char *error)
{
	struct rest r = { line, len > 0 ? line + len : line };

	if (len >= PROTO_LINE_MAX)
		return refuse(error, "the line is longer than 511 bytes");
	if (r.at < r.end && r.end[-1] == '\r')
		r.end--;
	while (r.at < r.end && is_blank(*r.at))
		r.at++;
	while (r.at < r.end && is_blank(r.end[-1]))
		r.end--;
	if (r.at == r.end)
		return refuse(error, "the line is empty");
	for (const char *c = r.at; c < r.end; c++) {
		if (is_control(*c))
			return refuse(error, "a control byte in the line");
	}
	*out = r;
	return true;
}

/* The next word, empty at the end; moves behind it and the blanks that follow. */
static struct word take_word(struct rest *r)
{
	struct word w = { r->at, 0 };

	while (r->at < r->end && !is_blank(*r->at))
		r->at++;
	w.len = (size_t)(r->at - w.at);
	while (r->at < r->end && is_blank(*r->at))
		r->at++;
	return w;
}

static bool is_word(const struct word *w, const char *text)
{
	return strlen(text) == w->len && memcmp(text, w->at, w->len) == 0;
}

static bool is_nothing_left(const struct rest *r, char *error)
{
	struct word w = { r->at, (size_t)(r->end - r->at) };

	return w.len == 0 ||
	       refuse_word(error, "nothing may follow here, but there is", &w);
}

static bool read_addr(const struct word *w, struct addr *out, char *error)
{
	char text[ADDR_TEXT_MAX];
	struct addr a;

	if (w->len == 0)
		return refuse(error, "an address is missing");
	if (w->len >= sizeof(text))
		return refuse_word(error, "this is no address", w);
	memcpy(text, w->at, w->len);
	text[w->len] = '\0';
	if (!addr_parse(text, &a))
		return refuse_word(error, "this is no address", w);
	if (addr_scope(&a) == SCOPE_UNUSABLE || addr_scope(&a) == SCOPE_MULTICAST)
		return refuse_word(error, "no sender can have this address", w);
	*out = a;
	return true;
}

static void read_text(const struct rest *r, struct proto_vote *v)
{
	text_escape(v->text, sizeof(v->text), r->at, (size_t)(r->end - r->at));
}

/* False when the word names no vote. */
static bool find_vote(const struct word *w, enum proto_vote_kind *out)
{
	if (is_word(w, "black"))
		*out = PROTO_BLACK;
	else if (is_word(w, "white"))
		*out = PROTO_WHITE;
	else if (is_word(w, "forget"))
		*out = PROTO_FORGET;
	else
		return false;
	return true;
}

/* `/`, `+ADDR` and `-ADDR`, as written to the kernel's recent list. */
static bool read_recent(struct word *w, const struct rest *r, struct proto_vote *v,
			char *error)
{
	char sign = *w->at++;

	w->len--;
	if (sign == '/') {
		v->kind = PROTO_FORGET_PENALTIES;
		if (w->len > 0)
			return refuse(error, "nothing may follow a slash");
		return is_nothing_left(r, error);
	}
	v->kind = sign == '+' ? PROTO_BLACK : PROTO_FORGET;
	return read_addr(w, &v->who, error) && is_nothing_left(r, error);
}

bool proto_read_vote(const char *line, size_t len, struct proto_vote *out, char *error)
{
	struct proto_vote v = { .who = { .family = ADDR_NONE } };
	struct rest r;
	struct word w;

	if (!open_line(line, len, &r, error))
		return false;
	w = take_word(&r);
	if (strchr("+-/", *w.at)) {
		if (!read_recent(&w, &r, &v, error))
			return false;
	} else {
		if (!find_vote(&w, &v.kind))
			return refuse_word(error, "this is no vote", &w);
		w = take_word(&r);
		if (!read_addr(&w, &v.who, error))
			return false;
		if (v.kind == PROTO_FORGET && !is_nothing_left(&r, error))
			return false;
		read_text(&r, &v);
	}
	*out = v;
	return true;
}

static bool read_seq(const struct word *w, uint64_t *out)
{
	char text[DIGITS_MAX + 1];

	/* text_number() takes 0x as well, which is not in this grammar. */
	if (w->len == 0 || w->len > DIGITS_MAX || w->at[0] == '0')
		return false;
	memcpy(text, w->at, w->len);
	text[w->len] = '\0';
	return text_number(text, 1, UINT64_MAX, out);
}

static bool read_mac(const struct word *w, uint8_t *out)
{
	if (w->len != (size_t)2 * PROTO_MAC_BYTES)
		return false;
	for (unsigned i = 0; i < PROTO_MAC_BYTES; i++) {
		unsigned high = text_digit(w->at[2 * i]);
		unsigned low = text_digit(w->at[2 * i + 1]);

		if (high > 15 || low > 15)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* Up to the next blank, which must be there and is passed, but no further: the MAC
 * covers each byte behind it. */
static bool take_field(struct rest *r, struct word *out)
{
	out->at = r->at;
	while (r->at < r->end && *r->at != ' ')
		r->at++;
	out->len = (size_t)(r->at - out->at);
	return r->at++ < r->end;
}

bool proto_read_signed(const char *line, size_t len, struct proto_signed *out,
		       char *error)
{
	struct rest r = { line, len > 0 ? line + len : line };
	struct proto_signed s;
	struct word w;

	if (r.at < r.end && r.end[-1] == '\r')
		r.end--;
	if (!take_field(&r, &w) || !read_seq(&w, &s.seq))
		return refuse(error, "a signed line starts with its number, 1 or more");
	if (!take_field(&r, &w) || !read_mac(&w, s.mac))
		return refuse(error, "behind the number stand 64 hexadecimal digits");
	s.line = r.at;
	s.len = (size_t)(r.end - r.at);
	if (s.len >= PROTO_LINE_MAX)
		return refuse(error, "the line is longer than 511 bytes");
	*out = s;
	return true;
}

/* Commands and the one word that may follow some of them, the default first. */
static const struct choice {
	const char             *command;
	const char             *argument; /* NULL = without */
	enum proto_command_kind kind;
	enum proto_which        which;
} choices[] = {
	{ "status", NULL, PROTO_STATUS, PROTO_ALL },
	{ "list", NULL, PROTO_LIST, PROTO_ALL },
	{ "list", "all", PROTO_LIST, PROTO_ALL },
	{ "list", "open", PROTO_LIST, PROTO_OPEN },
	{ "list", "pausing", PROTO_LIST, PROTO_PAUSING },
	{ "list", "penalty", PROTO_LIST, PROTO_PENALTY },
	{ "flush", "penalties", PROTO_FLUSH, PROTO_PENALTY },
	{ "flush", "all", PROTO_FLUSH, PROTO_ALL },
	{ "watch", NULL, PROTO_WATCH, PROTO_ALL },
	{ "stats", NULL, PROTO_STATS, PROTO_ALL },
	{ "report", NULL, PROTO_REPORT, PROTO_ALL },
	{ "reload", NULL, PROTO_RELOAD, PROTO_ALL },
	{ "rules", NULL, PROTO_RULES, PROTO_ALL },
	{ "rules", "iptables", PROTO_RULES, PROTO_IPTABLES },
	{ "rules", "nft", PROTO_RULES, PROTO_NFT },
	{ "export", NULL, PROTO_EXPORT, PROTO_ALL },
	{ "import", NULL, PROTO_IMPORT, PROTO_ALL },
};

static bool read_choice(const struct word *command, struct rest *r,
			struct proto_command *out, char *error)
{
	struct word w = take_word(r);
	bool is_known = false;

	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		const struct choice *c = &choices[i];

		if (!is_word(command, c->command))
			continue;
		is_known = true;
		if (c->argument ? !is_word(&w, c->argument) : w.len > 0)
			continue;
		out->kind = c->kind;
		out->which = c->which;
		return is_nothing_left(r, error);
	}
	if (!is_known)
		return refuse_word(error, "this is no command", command);
	if (w.len == 0)
		return refuse_word(error, "a word is missing behind", command);
	return refuse_word(error, "the command does not know this word", &w);
}

/* `for SPAN`, when it is there. */
static bool read_for(struct rest *r, int64_t *out, char *error)
{
	struct rest behind = *r;
	struct word w = take_word(&behind);
	char text[SPAN_TEXT_MAX];
	int64_t us;

	if (!is_word(&w, "for"))
		return true;
	w = take_word(&behind);
	if (w.len == 0 || w.len >= sizeof(text))
		return refuse_word(error, "`for` wants a span of time like 12h, not", &w);
	memcpy(text, w.at, w.len);
	text[w.len] = '\0';
	if (!span_parse(text, &us))
		return refuse_word(error, "`for` wants a span of time like 12h, not", &w);
	if (us < SPAN_MIN_US)
		return refuse(error, "`for` wants a span of at least 1s");
	if (us > span_max_us)
		return refuse(error, "`for` wants a span of at most 3650d");
	*out = us;
	*r = behind;
	return true;
}

static bool read_word_of_operator(struct rest *r, struct proto_command *out, char *error)
{
	struct word w = take_word(r);

	out->kind = PROTO_VOTE;
	if (!read_addr(&w, &out->vote.who, error) || !read_for(r, &out->for_us, error))
		return false;
	if (out->vote.kind == PROTO_FORGET && out->for_us > 0)
		return refuse(error, "forgetting is for good: no `for` here");
	read_text(r, &out->vote);
	return true;
}

bool proto_read_command(const char *line, size_t len, struct proto_command *out,
			char *error)
{
	struct proto_command c = { .kind = PROTO_STATUS };
	bool is_good;
	struct rest r;
	struct word w;

	if (!open_line(line, len, &r, error))
		return false;
	w = take_word(&r);
	if (find_vote(&w, &c.vote.kind)) {
		is_good = read_word_of_operator(&r, &c, error);
	} else if (is_word(&w, "why")) {
		c.kind = PROTO_WHY;
		w = take_word(&r);
		is_good = read_addr(&w, &c.vote.who, error) && is_nothing_left(&r, error);
	} else {
		is_good = read_choice(&w, &r, &c, error);
	}
	if (is_good)
		*out = c;
	return is_good;
}

static bool is_key_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/* What text_escape() leaves as it is, and its backslash. */
static bool is_value_byte(char c)
{
	return c > ' ' && c < 0x7f && c != '"' && c != '=';
}

bool proto_next_pair(const char **row, struct proto_pair *out)
{
	const char *at = *row;
	struct proto_pair p;

	while (*at == ' ')
		at++;
	p.key = at;
	while (is_key_byte(*at))
		at++;
	p.key_len = (size_t)(at - p.key);
	if (p.key_len == 0 || *at != '=')
		return false;
	p.value = ++at;
	while (is_value_byte(*at))
		at++;
	p.value_len = (size_t)(at - p.value);
	if (*at != ' ' && *at != '\0')
		return false;
	*row = at;
	*out = p;
	return true;
}
