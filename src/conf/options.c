/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.c - the option table, its look-ups and its defaults
 *
 * One row says all there is to say about an option; nothing about a single option
 * stands anywhere else but where settings become a policy.
 */
#include "conf/options.h"

#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "conf/conf_int.h"

#define FIELD(f) .offset = offsetof(struct settings, f), \
	.bytes = sizeof(((struct settings *)NULL)->f)

static const struct conf_word fake_actions[] = {
	{ "reset", VERDICT_RESET },
	{ "accept", VERDICT_ACCEPT },
	{ "drop", VERDICT_DROP },
	{ NULL, 0 },
};

static const struct conf_word unsure_actions[] = {
	{ "accept", VERDICT_ACCEPT },
	{ "drop", VERDICT_DROP },
	{ NULL, 0 },
};

static const struct conf_word resetters[] = {
	{ "own", false },
	{ "mark", true },
	{ NULL, 0 },
};

static const struct conf_word proofs[] = {
	{ "none", PROOF_NONE },
	{ "retransmit", PROOF_RETRANSMIT },
	{ "cookie", PROOF_COOKIE },
	{ NULL, 0 },
};

static const struct conf_word confinements[] = {
	{ "full", CONFINE_FULL },
	{ "user", CONFINE_USER },
	{ "none", CONFINE_NONE },
	{ NULL, 0 },
};

static const struct conf_word facilities[] = {
	{ "mail", LOG_MAIL },     { "daemon", LOG_DAEMON }, { "user", LOG_USER },
	{ "auth", LOG_AUTH },     { "authpriv", LOG_AUTHPRIV },
	{ "syslog", LOG_SYSLOG }, { "local0", LOG_LOCAL0 }, { "local1", LOG_LOCAL1 },
	{ "local2", LOG_LOCAL2 }, { "local3", LOG_LOCAL3 }, { "local4", LOG_LOCAL4 },
	{ "local5", LOG_LOCAL5 }, { "local6", LOG_LOCAL6 }, { "local7", LOG_LOCAL7 },
	{ NULL, 0 },
};

/* --help and --print-config keep this order. */
static const struct conf_option table[] = {
	{ .name = "fake-mailserver", .letter = 'f', .kind = CONF_ADDRS, FIELD(fake),
	  .argument = "ADDRESS",
	  .help = "first MX, no mail server there; repeatable" },
	{ .name = "real-mailserver", .letter = 'r', .kind = CONF_ADDRS, FIELD(real),
	  .argument = "ADDRESS",
	  .help = "MX where the mail server is; repeatable" },
	{ .name = "queue-num", .letter = 'n', .kind = CONF_NUMBER, FIELD(queue_num),
	  .argument = "NUMBER", .max = 65535, .fallback = CONF_UNSET, .restart = true,
	  .help = "NFQUEUE number, as in the firewall rule" },
	{ .name = "queue-maxlen", .kind = CONF_NUMBER, FIELD(queue_maxlen),
	  .argument = "NUMBER", .min = 16, .max = 65536, .fallback = 4096,
	  .restart = true, .help = "packets the kernel may hold for us" },
	{ .name = "smtp-port", .kind = CONF_NUMBER, FIELD(smtp_port), .argument = "PORT",
	  .min = 1, .max = 65535, .fallback = 25,
	  .help = "TCP port of the mail server" },
	{ .name = "whitelist-time", .letter = 't', .kind = CONF_SPAN, FIELD(whitelist_us),
	  .argument = "TIME", .min = SECOND, .max = 3650 * DAY, .fallback = 36 * DAY,
	  .help = "how long a source is let in after its last use" },
	{ .name = "no-rdns-whitelist", .letter = 'b', .kind = CONF_SWITCH,
	  FIELD(no_rdns_whitelist),
	  .help = "do not let in other addresses of its name" },
	{ .name = "siblings-max", .kind = CONF_NUMBER, FIELD(siblings_max),
	  .argument = "NUMBER", .max = POLICY_SIBLINGS_MAX,
	  .fallback = POLICY_SIBLINGS_MAX,
	  .help = "addresses of one name that are let in" },
	{ .name = "fake-action", .kind = CONF_WORD, FIELD(fake_action),
	  .argument = "ACTION", .words = fake_actions, .fallback = VERDICT_RESET,
	  .help = "what a SYN to the fake mail server meets" },
	{ .name = "when-unsure", .kind = CONF_WORD, FIELD(when_unsure),
	  .argument = "ACTION", .words = unsure_actions, .fallback = VERDICT_ACCEPT,
	  .help = "verdict when none can be worked out" },
	{ .name = "observe", .letter = 'O', .kind = CONF_SWITCH, FIELD(observe),
	  .help = "judge and log, but accept everything" },
	{ .name = "stdout", .letter = 's', .kind = CONF_SWITCH, FIELD(to_stdout),
	  .help = "log to standard output, not to syslog" },
	{ .name = "quiet", .letter = 'q', .kind = CONF_SWITCH, FIELD(quiet),
	  .help = "log errors only" },
	{ .name = "debug", .letter = 'd', .kind = CONF_SWITCH, FIELD(debug),
	  .help = "log every detail" },
	{ .name = "foreground", .letter = 'F', .kind = CONF_SWITCH, FIELD(foreground),
	  .restart = true, .help = "stay in the foreground" },
	{ .name = "prefix4", .kind = CONF_NUMBER, FIELD(prefix4), .argument = "BITS",
	  .min = 8, .max = 32, .fallback = 32, .restart = true,
	  .help = "bits of an IPv4 address that make a source" },
	{ .name = "prefix6", .kind = CONF_NUMBER, FIELD(prefix6), .argument = "BITS",
	  .min = 16, .max = 128, .fallback = 64, .restart = true,
	  .help = "bits of an IPv6 address that make a source" },
	{ .name = "entries-max", .kind = CONF_NUMBER, FIELD(entries_max),
	  .argument = "NUMBER", .min = POLICY_ENTRIES_MIN, .max = POLICY_ENTRIES_MAX,
	  .fallback = 1000000, .restart = true,
	  .help = "sources remembered at one time" },
	{ .name = "coalesce", .kind = CONF_SPAN, FIELD(coalesce_us), .argument = "TIME",
	  .max = 10 * MS, .fallback = MS / 2,
	  .help = "longest nap between reads under flood, 0 = off" },
	{ .name = "cpu", .kind = CONF_NUMBER, FIELD(cpu), .argument = "NUMBER",
	  .max = 1023, .fallback = CONF_UNSET, .unset = "any", .restart = true,
	  .help = "processor the packets are judged on" },
	{ .name = "mark", .kind = CONF_NUMBER, FIELD(mark), .argument = "NUMBER",
	  .max = 0xffffffff, .fallback = 0x6d78, .hex = true, .restart = true,
	  .help = "firewall mark of the packets we send" },
	{ .name = "reset-with", .kind = CONF_WORD, FIELD(reset_with_mark),
	  .argument = "WAY", .words = resetters, .restart = true,
	  .help = "who sends the RST: we, or a rule that sees the mark" },
	{ .name = "proof", .kind = CONF_WORD, FIELD(proof), .argument = "KIND",
	  .words = proofs, .fallback = PROOF_NONE,
	  .help = "what shows that a knock was not forged" },
	{ .name = "probation", .kind = CONF_SPAN, FIELD(probation_us),
	  .argument = "TIME", .min = 60 * SECOND, .max = 7 * DAY,
	  .fallback = 600 * SECOND,
	  .help = "the window of a knock that was not proved" },
	{ .name = "tarpit-max", .kind = CONF_SPAN, FIELD(tarpit_max_us),
	  .argument = "TIME", .min = 60 * SECOND, .max = 7 * DAY, .fallback = DAY / 2,
	  .help = "how long a tarpit holds a source" },
	{ .name = "run-dir", .kind = CONF_PATH, FIELD(run_dir), .argument = "DIR",
	  .max = CONF_RUN_DIR_MAX - sizeof("/control"), .usual = RUN_DIR,
	  .restart = true, .help = "where the socket of mxallowctl lies" },
	{ .name = "state-dir", .kind = CONF_PATH, FIELD(state_dir), .argument = "DIR",
	  .usual = STATE_DIR, .unset = "none", .restart = true,
	  .help = "where what is known outlives the daemon" },
	{ .name = "user", .kind = CONF_USER, FIELD(user), .argument = "USER",
	  .restart = true, .help = "system user to run as once all is open" },
	{ .name = "group", .kind = CONF_GROUP, FIELD(group), .argument = "GROUP",
	  .restart = true, .help = "system group that may use mxallowctl, besides root" },
	{ .name = "confine", .kind = CONF_WORD, FIELD(confine), .argument = "HOW",
	  .words = confinements, .fallback = CONFINE_FULL, .restart = true,
	  .help = "what to give up once all is open; not for normal use" },
	{ .name = "log-facility", .kind = CONF_WORD, FIELD(log_facility),
	  .argument = "FACILITY", .words = facilities, .fallback = LOG_MAIL,
	  .takes = "mail, daemon, user, auth, authpriv, syslog or local0 to local7",
	  .help = "syslog facility" },
	{ .name = "pflog-interface", .letter = 'p', .kind = CONF_PF,
	  FIELD(pflog_interface), .argument = "IF", .usual = "pflog0", .restart = true,
	  .help = "where pf logs to; a path is a FIFO that tcpdump writes to" },
	{ .name = "pcap-filter", .letter = 'l', .kind = CONF_PF, FIELD(pcap_filter),
	  .argument = "FILTER", .usual = "port 25", .restart = true,
	  .help = "which packets of the log to look at, as tcpdump has it" },
	{ .name = "pf-table", .kind = CONF_PF, FIELD(pf_table), .argument = "TABLE",
	  .usual = "mx-white", .restart = true,
	  .help = "table of pf that holds whom we let in" },
	{ .name = "pfctl", .kind = CONF_PF, FIELD(pfctl), .argument = "PATH",
	  .usual = PFCTL, .restart = true, .help = "program that changes it" },
	{ .name = "config", .letter = 'c', .kind = CONF_COMMAND, .argument = "FILE",
	  .help = "read FILE instead of " CONF_DEFAULT_FILE },
	{ .name = "check", .letter = 'T', .kind = CONF_COMMAND,
	  .help = "check the configuration and end" },
	{ .name = "print-config", .kind = CONF_COMMAND,
	  .help = "print all settings, defaults too, and end" },
	{ .name = "replay", .kind = CONF_COMMAND, .argument = "FILE",
	  .help = "judge the packets of a capture, - is standard input" },
	{ .name = "names", .kind = CONF_COMMAND, .argument = "FILE",
	  .help = "reverse names for --replay, a line each: ADDRESS NAME" },
	{ .name = "report", .kind = CONF_COMMAND, .argument = "json", .is_optional = true,
	  .help = "who was turned away and was no bot, for --replay" },
	{ .name = "help", .letter = 'h', .kind = CONF_COMMAND,
	  .help = "print this and end" },
	{ .name = "version", .letter = 'V', .kind = CONF_COMMAND,
	  .help = "print the version and end" },
};

_Static_assert(sizeof(table) / sizeof(table[0]) == CONF_OPTIONS,
	       "CONF_OPTIONS in conf.h counts these rows");

const struct conf_option *conf_option_at(unsigned i)
{
	return &table[i];
}

unsigned option_row(const struct conf_option *o)
{
	return (unsigned)(o - table);
}

const struct conf_option *conf_option_find(const char *name)
{
	for (unsigned i = 0; i < CONF_OPTIONS; i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

const struct conf_option *conf_option_letter(char letter)
{
	for (unsigned i = 0; i < CONF_OPTIONS; i++)
		if (letter && table[i].letter == letter)
			return &table[i];
	return NULL;
}

bool conf_option_is_built(const struct conf_option *o)
{
	return WITH_PF || o->kind != CONF_PF;
}

const char *conf_option_nearest(const char *name)
{
	struct nearest n = nearest_to(name);

	for (unsigned i = 0; i < CONF_OPTIONS; i++)
		if (conf_option_is_built(&table[i]))
			nearest_try(&n, table[i].name);
	return n.best;
}

/* "reset, accept or drop" */
static void list_words(const struct conf_word *w, char *out, size_t size)
{
	size_t used = 0;

	for (unsigned i = 0; w[i].word && used < size; i++) {
		const char *gap = i == 0 ? "" : w[i + 1].word ? ", " : " or ";

		used += (size_t)snprintf(out + used, size - used, "%s%s", gap, w[i].word);
	}
}

/* What a kind of text takes; NULL for those that have bounds or words. */
static const char *kind_words(const struct conf_option *o)
{
	switch (o->kind) {
	case CONF_ADDRS:
		return "an IPv4 or IPv6 address";
	case CONF_PATH:
		return o->unset ? "a path that begins with /, or none"
				: "a path that begins with /";
	case CONF_NAME:
		return "the name of a queue";
	case CONF_GROUP:
		return "the name of a system group";
	case CONF_USER:
		return "the name of a system user";
	case CONF_LISTEN:
		return "unix:PATH, fifo:PATH or tcp:ADDRESS:PORT";
	case CONF_ENTRIES:
		return "an address, a network or a host name pattern";
	case CONF_NUMBER:
	case CONF_SPAN:
	case CONF_SWITCH:
	case CONF_WORD:
	case CONF_MODE:
	case CONF_COMMAND:
	case CONF_PF:
		break;
	}
	return NULL;
}

static bool default_format(const struct conf_option *o, char *out, size_t size)
{
	if (o->usual)
		snprintf(out, size, "%s", o->usual);
	return o->usual || value_format(o, o->fallback, out, size);
}

const char *conf_option_range(const struct conf_option *o, char *out, size_t size)
{
	char text[CONF_RANGE_MAX / 2], least[32], most[32], usual[64];
	const char *words = o->takes ? o->takes : kind_words(o);

	if (words) {
		snprintf(text, sizeof(text), "%s", words);
	} else if (o->kind == CONF_WORD) {
		list_words(o->words, text, sizeof(text));
	} else if (o->kind == CONF_NUMBER || o->kind == CONF_SPAN ||
		   o->kind == CONF_MODE) {
		snprintf(text, sizeof(text), "%s to %s%s%s",
			 value_format(o, o->min, least, sizeof(least)),
			 value_format(o, o->max, most, sizeof(most)),
			 o->unset ? " or " : "", o->unset ? o->unset : "");
	} else {
		snprintf(text, sizeof(text), "%s",
			 o->argument ? o->argument : "yes or no");
	}

	if (!default_format(o, usual, sizeof(usual)))
		snprintf(out, size, "%s", text);
	else
		snprintf(out, size, "%s (default %s)", text, usual);
	return out;
}

void conf_defaults(struct settings *s)
{
	memset(s, 0, sizeof(*s));
	for (unsigned i = 0; i < CONF_OPTIONS; i++)
		if (table[i].bytes && table[i].kind != CONF_ADDRS)
			setting_default(s, &table[i]);
	sections_default(s);
}
