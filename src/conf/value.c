/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * value.c - one value: from text to its field, and back to text
 *
 * The same checks and the same words whether the value came from the file or from the
 * command line.
 */
#include "conf/conf_int.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "base/tick.h"

const void *setting_field(const void *base, const struct conf_option *o)
{
	return (const char *)base + o->offset;
}

int64_t setting_get(const void *base, const struct conf_option *o)
{
	const void *field = setting_field(base, o);
	uint8_t one;
	uint16_t two;
	uint32_t four;
	int64_t eight;

	switch (o->bytes) {
	case sizeof(one):
		memcpy(&one, field, sizeof(one));
		return one;
	case sizeof(two):
		memcpy(&two, field, sizeof(two));
		return two;
	case sizeof(four):
		memcpy(&four, field, sizeof(four));
		/* Fields that can be unset are signed, and hold no more than 65535. */
		return o->fallback == CONF_UNSET ? (int64_t)(int32_t)four : (int64_t)four;
	default:
		memcpy(&eight, field, sizeof(eight));
		return eight;
	}
}

void setting_put(void *base, const struct conf_option *o, int64_t value)
{
	char *field = (char *)base + o->offset;
	uint8_t one = (uint8_t)value;
	uint16_t two = (uint16_t)value;
	uint32_t four = (uint32_t)value;

	switch (o->bytes) {
	case sizeof(one):
		memcpy(field, &one, sizeof(one));
		break;
	case sizeof(two):
		memcpy(field, &two, sizeof(two));
		break;
	case sizeof(four):
		memcpy(field, &four, sizeof(four));
		break;
	default:
		memcpy(field, &value, sizeof(value));
		break;
	}
}

/* inet_pton() takes no other form, so this is about addresses and not about names. */
static bool complain_no_address(const struct saying *say, struct complaint *why)
{
	if (strchr(say->value, '/'))
		return complain_value(why, say, "is a network: give single addresses");
	if (strchr(say->value, '%'))
		return complain_value(why, say, "has a zone: give the address alone");
	if (!strchr(say->value, ':') &&
	    strpbrk(say->value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		return complain_value(why, say,
				      "is a name: give the address it leads to");
	return complain_value(why, say, "is no address: give one like 192.0.2.3 or "
					"2001:db8::3");
}

static bool may_be_mailserver(const struct saying *say, const struct addr *a,
			      struct complaint *why)
{
	enum addr_scope scope = addr_scope(a);
	char text[ADDR_TEXT_MAX];
	struct addr inner;

	if (addr_is_mapped(a)) {
		inner = addr_from_bytes(ADDR_IP4, a->byte + 12);
		return complain_value(why, say, "is IPv4 dressed as IPv6: write %s",
				      addr_format(&inner, text));
	}
	if (scope == SCOPE_MULTICAST)
		return complain_value(why, say,
				      "is a multicast address: give the one the "
				      "MX leads to");
	if (scope == SCOPE_UNUSABLE)
		return complain_value(why, say,
				      "is nobody's address: give the one the MX "
				      "leads to");
	return true;
}

static bool is_new(const struct setting_addrs *list, const struct saying *say,
		   const struct addr *a, struct complaint *why)
{
	for (unsigned i = 0; i < list->count; i++) {
		if (!addr_is_equal(&list->addr[i], a))
			continue;
		if (say->origin.from == FROM_FILE &&
		    list->origin[i].line != say->origin.line)
			return complain_value(why, say,
					      "is already in line %u: keep one of "
					      "them",
					      list->origin[i].line);
		return complain_value(why, say, "is given twice: once is enough");
	}
	return true;
}

static bool take_addr(struct setting_addrs *list, const struct saying *say,
		      struct complaint *why)
{
	struct addr a;

	if (!addr_parse(say->value, &a))
		return complain_no_address(say, why);
	if (!may_be_mailserver(say, &a, why))
		return false;

	/* The command line replaces what the file said. */
	if (list->count > 0 && list->origin[0].from != say->origin.from)
		list->count = 0;
	if (!is_new(list, say, &a, why))
		return false;
	if (list->count == POLICY_ADDRS_MAX)
		return complain_value(why, say, "is one too many: give at most %d",
				      POLICY_ADDRS_MAX);
	list->addr[list->count] = a;
	list->origin[list->count++] = say->origin;
	return true;
}

/* What is wrong with the value, and what would be right. */
static bool complain_range(const struct saying *say, const char *wrong,
			   struct complaint *why)
{
	char range[CONF_RANGE_MAX];

	return complain_value(why, say, "%s: give %s", wrong,
			      conf_option_range(say->option, range, sizeof(range)));
}

static bool in_bounds(const struct saying *say, int64_t value, const char *few,
		      const char *many, struct complaint *why)
{
	if (value >= say->option->min && value <= say->option->max)
		return true;
	return complain_range(say, value < say->option->min ? few : many, why);
}

static bool is_unset(const struct saying *say)
{
	return say->option->unset && strcmp(say->value, say->option->unset) == 0;
}

static bool read_number(const struct saying *say, int64_t *value, struct complaint *why)
{
	bool is_digits = say->value[0] && strspn(say->value, "0123456789") ==
						  strlen(say->value);
	uint64_t n;

	if (is_unset(say)) {
		*value = CONF_UNSET;
		return true;
	}
	if (text_number(say->value, 0, INT64_MAX, &n))
		*value = (int64_t)n;
	else if (is_digits)
		*value = INT64_MAX;
	else
		return complain_range(say, "is no number", why);
	return in_bounds(say, *value, "is too small", "is too large", why);
}

static bool read_span(const struct saying *say, int64_t *value, struct complaint *why)
{
	if (is_unset(say)) {
		*value = CONF_UNSET;
		return true;
	}
	if (!span_parse(say->value, value))
		return complain_range(say, "is no time, such as 90s, 10m or 36d", why);
	return in_bounds(say, *value, "is too short", "is too long", why);
}

static bool read_word(const struct saying *say, int64_t *value, struct complaint *why)
{
	for (const struct conf_word *w = say->option->words; w->word; w++) {
		if (strcmp(w->word, say->value) == 0) {
			*value = w->value;
			return true;
		}
	}
	return complain_range(say, "is unknown", why);
}

static bool read_switch(const struct saying *say, int64_t *value, struct complaint *why)
{
	static const struct conf_word words[] = {
		{ "yes", true }, { "true", true }, { "on", true },
		{ "no", false }, { "false", false }, { "off", false },
		{ NULL, 0 },
	};

	for (const struct conf_word *w = words; w->word; w++) {
		if (strcasecmp(w->word, say->value) == 0) {
			*value = w->value;
			return true;
		}
	}
	return complain_value(why, say, "is neither yes nor no");
}

static bool read_mode(const struct saying *say, int64_t *value, struct complaint *why)
{
	return mode_parse(say->value, value) ||
	       complain_range(say, "is no octal mode", why);
}

bool value_take(void *base, const struct saying *say, struct complaint *why)
{
	const struct conf_option *o = say->option;
	void *field = (char *)base + o->offset;
	int64_t value = 0;
	bool fine = false;

	switch (o->kind) {
	case CONF_ADDRS:
		return take_addr(field, say, why);
	case CONF_ENTRIES:
		return entry_take(field, say, why);
	case CONF_PATH:
	case CONF_NAME:
	case CONF_GROUP:
	case CONF_USER:
	case CONF_LISTEN:
	case CONF_PF:
		return text_take(base, say, why);
	case CONF_NUMBER:
		fine = read_number(say, &value, why);
		break;
	case CONF_SPAN:
		fine = read_span(say, &value, why);
		break;
	case CONF_SWITCH:
		fine = read_switch(say, &value, why);
		break;
	case CONF_WORD:
		fine = read_word(say, &value, why);
		break;
	case CONF_MODE:
		fine = read_mode(say, &value, why);
		break;
	case CONF_COMMAND:
		return complain_value(why, say, "is no setting");
	}
	if (fine)
		setting_put(base, o, value);
	return fine;
}

static const char *number_format(const struct conf_option *o, int64_t value, char *out,
				 size_t size)
{
	if (value == CONF_UNSET && !o->unset)
		return NULL;
	if (value == CONF_UNSET)
		snprintf(out, size, "%s", o->unset);
	else if (o->hex)
		snprintf(out, size, "0x%" PRIx64, (uint64_t)value);
	else
		snprintf(out, size, "%" PRId64, value);
	return out;
}

const char *value_format(const struct conf_option *o, int64_t value, char *out,
			 size_t size)
{
	char span[SPAN_TEXT_MAX];

	switch (o->kind) {
	case CONF_NUMBER:
		return number_format(o, value, out, size);
	case CONF_SPAN:
		snprintf(out, size, "%s",
			 value == CONF_UNSET ? o->unset : span_format(value, span));
		return out;
	case CONF_MODE:
		snprintf(out, size, "%04" PRIo64, (uint64_t)value);
		return out;
	case CONF_SWITCH:
		snprintf(out, size, "%s", value ? "yes" : "no");
		return out;
	case CONF_WORD:
		for (const struct conf_word *w = o->words; w->word; w++) {
			if (w->value == value) {
				snprintf(out, size, "%s", w->word);
				return out;
			}
		}
		return NULL;
	case CONF_PATH:
	case CONF_NAME:
	case CONF_GROUP:
	case CONF_USER:
	case CONF_LISTEN:
	case CONF_ENTRIES:
	case CONF_ADDRS:
	case CONF_COMMAND:
	case CONF_PF:
		break;
	}
	return NULL;
}

/* Of two opposites, what stands on the command line beats what stands in the file. */
static void outrank(struct settings *s, const char *name, const char *rival)
{
	const struct conf_option *loser = conf_option_find(rival);

	if (setting_get(s, conf_option_find(name)) &&
	    s->said[option_row(loser)].from != FROM_COMMAND_LINE)
		setting_put(s, loser, false);
}

bool conf_set(struct settings *s, const char *option, const char *value,
	      struct complaint *why)
{
	struct saying say = {
		.option = conf_option_find(option),
		.value = value,
		.origin = { .from = FROM_COMMAND_LINE },
	};
	char shown[CONF_QUOTED_MAX];

	if (!say.option)
		return complain(why, COMPLAINT_USAGE, "unknown option \"--%s\"",
				value_quoted(option, shown));
	if (!value_take(s, &say, why))
		return false;
	s->said[option_row(say.option)] = say.origin;
	if (strcmp(option, "quiet") == 0)
		outrank(s, "quiet", "debug");
	else if (strcmp(option, "debug") == 0)
		outrank(s, "debug", "quiet");
	return true;
}
