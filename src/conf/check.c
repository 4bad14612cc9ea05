/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check.c - what only shows between values, and what needs a restart
 */
#include "conf/conf.h"

#include <inttypes.h>
#include <string.h>

#include "conf/conf_int.h"

/* That the default file is missing is no mistake, but may well be the reason. */
static const char *file_of(const struct settings *s)
{
	return s->file[0] ? s->file : CONF_DEFAULT_FILE " (there is none)";
}

/* Some queue lets in who knocks. */
static bool knocks_count(const struct settings *s)
{
	for (unsigned i = 0; i < s->queues; i++)
		if (s->queue[i].start != START_ATTEMPT)
			return true;
	return false;
}

static bool addresses_are_said(const struct settings *s, struct complaint *why)
{
	if (s->real.count == 0)
		return complain(
			why, COMPLAINT_MISSING,
			"no real mail server: give -r ADDRESS or \"real-mailserver\" in "
			"%s, the address it listens on",
			file_of(s));
	if (s->fake.count == 0 && knocks_count(s))
		return complain(
			why, COMPLAINT_MISSING,
			"no fake mail server: give -f ADDRESS or \"fake-mailserver\" in "
			"%s, the address of the first MX, where no mail server listens",
			file_of(s));
	return true;
}

static bool queue_is_said(const struct settings *s, struct complaint *why)
{
	if (s->queue_num == CONF_UNSET)
		return complain(
			why, COMPLAINT_MISSING,
			"no queue number: give -n NUMBER or \"queue-num\" in %s, the "
			"same as in the firewall rule",
			file_of(s));
	return true;
}

bool conf_complain(const struct settings *s, const char *name, struct complaint *why,
		   const char *message)
{
	struct origin where = s->said[option_row(conf_option_find(name))];
	char said[64];

	if (where.from == FROM_FILE)
		return complain_at(why, s->file, where.line, "%s %s", name, message);
	return complain(why, COMPLAINT_USAGE, "%s %s",
			option_said(conf_option_find(name), where, said, sizeof(said)),
			message);
}

/* pf has judged a packet when its log tells of it. */
static bool pf_can_do_it(const struct settings *s, struct complaint *why)
{
	if (s->proof == PROOF_COOKIE)
		return conf_complain(s, "proof", why,
				     "= cookie takes packets that are held, and pf holds "
				     "none: give none or retransmit");
	if (s->pflog_interface[0] == '\0')
		return conf_complain(s, "pflog-interface", why, "names nothing");
	if (!is_name(s->pf_table) || s->pf_table[0] == '-')
		return conf_complain(s, "pf-table", why,
				     "is no name of a table: give letters, digits, - and "
				     "_");
	if (s->pfctl[0] != '/')
		return conf_complain(s, "pfctl", why, "is no path that begins with /");
	return true;
}

/* "line 3", or "-f" when it was said on the command line. */
static const char *place(const char *name, struct origin where, char *out, size_t size)
{
	if (where.from == FROM_FILE)
		snprintf(out, size, "line %u", where.line);
	else
		option_said(conf_option_find(name), where, out, size);
	return out;
}

static bool complain_both(const struct settings *s, const struct addr *a,
			  struct origin fake, struct origin real, struct complaint *why)
{
	char text[ADDR_TEXT_MAX], here[64], there[64];

	addr_format(a, text);
	place("fake-mailserver", fake, here, sizeof(here));
	place("real-mailserver", real, there, sizeof(there));
	if (fake.from == FROM_COMMAND_LINE && real.from == FROM_COMMAND_LINE)
		return complain(
			why, COMPLAINT_USAGE,
			"%s is both fake (-f) and real (-r) mail server: they must be "
			"two addresses",
			text);
	if (fake.from == FROM_COMMAND_LINE || real.from == FROM_COMMAND_LINE)
		return complain(
			why, COMPLAINT_USAGE,
			"%s is both fake (%s) and real (%s) mail server, the lines being "
			"those of %s: they must be two addresses",
			text, here, there, file_of(s));
	if (fake.line > real.line)
		return complain_at(
			why, s->file, fake.line,
			"%s is already real-mailserver in line %u: the fake one must "
			"be another address",
			text, real.line);
	return complain_at(
		why, s->file, real.line,
		"%s is already fake-mailserver in line %u: the real one must be "
		"another address",
		text, fake.line);
}

static bool fake_is_not_real(const struct settings *s, struct complaint *why)
{
	for (unsigned f = 0; f < s->fake.count; f++)
		for (unsigned r = 0; r < s->real.count; r++)
			if (addr_is_equal(&s->fake.addr[f], &s->real.addr[r]))
				return complain_both(s, &s->fake.addr[f],
						     s->fake.origin[f], s->real.origin[r],
						     why);
	return true;
}

/* conf_set() has settled it where one of them stands on the command line alone. */
static bool quiet_or_debug(const struct settings *s, struct complaint *why)
{
	struct origin quiet = s->said[option_row(conf_option_find("quiet"))];
	struct origin debug = s->said[option_row(conf_option_find("debug"))];

	if (!s->quiet || !s->debug)
		return true;
	if (quiet.from == FROM_COMMAND_LINE)
		return complain(why, COMPLAINT_USAGE,
				"-q and -d contradict each other: give one of them");
	if (quiet.line > debug.line)
		return complain_at(why, s->file, quiet.line,
				   "quiet contradicts debug in line %u: keep one of them",
				   debug.line);
	return complain_at(why, s->file, debug.line,
			   "debug contradicts quiet in line %u: keep one of them",
			   quiet.line);
}

bool conf_check_replay(const struct settings *s, struct complaint *why)
{
	return fake_is_not_real(s, why) && quiet_or_debug(s, why) &&
	       sections_check(s, why) && addresses_are_said(s, why);
}

bool conf_check(const struct settings *s, struct complaint *why)
{
	return conf_check_replay(s, why) &&
	       (WITH_PF ? pf_can_do_it(s, why) : queue_is_said(s, why));
}

static const char *value_text(const struct settings *s, const struct conf_option *o,
			      char *out, size_t size)
{
	const char *text = setting_format(s, o, out, size);

	return text ? text : "nothing";
}

bool conf_may_change(const struct settings *old, const struct settings *new,
		     struct complaint *why)
{
	for (unsigned i = 0; i < CONF_OPTIONS; i++) {
		const struct conf_option *o = conf_option_at(i);
		char before[CONF_PATH_MAX], after[CONF_PATH_MAX];
		const char *was, *is;

		if (!o->restart)
			continue;
		was = value_text(old, o, before, sizeof(before));
		is = value_text(new, o, after, sizeof(after));
		if (strcmp(was, is) == 0)
			continue;
		return complain_at(
			why, file_of(new),
			new->said[i].from == FROM_FILE ? new->said[i].line : 0,
			"%s changes from %s to %s%s, which takes a restart", o->name, was,
			is, new->said[i].from == FROM_DEFAULT ? " (the default)" : "");
	}
	return true;
}
