/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * counters.c - everything that is counted, in one list
 *
 * A name is its group, an underscore, and what is counted; or, with a label, the group
 * alone. Log line, mxallowctl and Prometheus all show this list.
 */
#include <stdio.h>
#include <string.h>

#include "daemon/app_int.h"

struct list_of {
	struct counter *at;
	unsigned        left;
};

static void add(struct list_of *l, const char *name, const char *help, uint64_t value)
{
	if (l->left == 0)
		return;
	*l->at++ = (struct counter){ .name = name, .help = help, .value = value };
	l->left--;
}

static void add_gauge(struct list_of *l, const char *name, const char *help,
		      uint64_t value)
{
	unsigned left = l->left;

	add(l, name, help, value);
	if (left > 0)
		l->at[-1].is_gauge = true;
}

static void add_whole(struct list_of *l, const struct counter *c)
{
	if (l->left == 0)
		return;
	*l->at++ = *c;
	l->left--;
}

/* Literals, since a counter outlives this call. */
static const char *reason_label(enum reason r)
{
	switch (r) {
	case REASON_NOT_A_SYN:         return "reason=not-a-syn";
	case REASON_MALFORMED:         return "reason=malformed";
	case REASON_OTHER_DESTINATION: return "reason=other-destination";
	case REASON_LISTED_ALLOW:      return "reason=listed-allow";
	case REASON_LISTED_DENY:       return "reason=listed-deny";
	case REASON_PENALTY:           return "reason=penalty";
	case REASON_KNOCK:             return "reason=knock";
	case REASON_OPEN:              return "reason=open";
	case REASON_PAUSING:           return "reason=pausing";
	case REASON_SPENT:             return "reason=spent";
	case REASON_FIRST_TRY:         return "reason=first-try";
	case REASON_NO_KNOCK:          return "reason=no-knock";
	case REASON_UNSURE:            return "reason=unsure";
	}
	return "reason=unknown";
}

static void add_attempts(struct list_of *l, const struct stats *s)
{
	for (enum reason r = 0; r < REASONS; r++)
		add_whole(l,
			     &(struct counter){ .name = "attempts",
						.help = "connection attempts by reason",
						.value = s->by_reason[r],
						.label = reason_label(r) });
	add(l, "attempts_repeats", "retransmissions that met the same again", s->repeats);
	add(l, "attempts_lost_wishes",
	    "questions and admissions that did not fit a batch", s->lost_wishes);
}

static void add_table(struct list_of *l, const struct app *app)
{
	struct gate_counts g = gate_count(app->gate);

	add_gauge(l, "table_entries", "sources with an entry", g.entries);
	add_gauge(l, "table_used", "of these, let in at least once", g.used);
	add_gauge(l, "table_records", "sources with strikes, white votes or a penalty",
		  g.records);
	add(l, "table_evicted", "live entries pushed out by others", g.evicted);
	add(l, "table_over", "knocks and attempts of networks that overspent", g.over);
	add(l, "table_unasked", "questions to DNS not asked for that", g.unasked);
	add(l, "table_log_lost", "log lines lost because nobody read them",
	    log_lost(app->log));
}

static void add_source(struct list_of *l, const struct app *app)
{
	struct counter counters[SOURCE_COUNTERS_MAX];
	unsigned count = source_counters(app, counters);

	for (unsigned i = 0; i < count; i++)
		add_whole(l, &counters[i]);
}

static void add_watchdog(struct list_of *l, const struct app *app)
{
	const struct watchdog *w = &app->watchdog;

	add(l, "watchdog_fed", "times the service manager was told that all is well",
	    w->fed);
	add(l, "watchdog_starved", "times it was not: packets came and were not read",
	    w->starved);
}

static void add_reload(struct list_of *l, const struct app *app)
{
	const struct reload *r = &app->reload;

	add(l, "reload_done", "configurations taken over", r->done);
	add(l, "reload_refused", "configurations refused", r->refused);
	add_gauge(l, "reload_reading", "1 while one is being read",
		  r->stage == RELOAD_READING);
	add_gauge(l, "reload_read_us", "microseconds that reading the last one took",
		  (uint64_t)r->read_us);
	add_gauge(l, "reload_swap_us", "of these, without a verdict: the swap",
		  (uint64_t)r->swap_us);
}

static void add_control(struct list_of *l, const struct app *app)
{
	struct control_counts c = control_count(app->control);

	add(l, "control_clients", "connections of operators", c.clients);
	add(l, "control_refused", "clients refused: too many at a time", c.refused);
	add(l, "control_no_files", "clients not taken: descriptors ran out", c.no_files);
	add(l, "control_no_memory", "clients and commands that found no memory",
	    c.no_memory + app->stats.no_memory);
	add(l, "control_bad", "lines that were no command", c.bad);
	add(l, "control_slow", "clients sent away: they did not read", c.slow);
	add(l, "control_lost", "lines that slow watchers missed", c.lost);
}

static void add_replies(struct list_of *l, const struct app *app)
{
	struct counter counters[REPLIES_COUNTERS_MAX];
	unsigned count = replies_counters(app, counters);

	for (unsigned i = 0; i < count; i++)
		add_whole(l, &counters[i]);
}

static void add_proofs(struct list_of *l, const struct app *app)
{
	const struct stats *s = &app->stats;

	add(l, "proofs_asked", "knocks dropped to have their source proven",
	    s->showings[SHOWING_NOTHING]);
	add(l, "proofs_challenged", "of these, challenged", replies_challenges(app));
	add(l, "proofs_shown", "sources proven by their answer", s->proofs[PROVEN_NOW]);
	add(l, "proofs_again", "answers of sources proven before",
	    s->proofs[PROVEN_BEFORE]);
	add(l, "proofs_late", "answers for which the queue knows no knocks any more",
	    s->proofs[PROVEN_NOBODY]);
	add(l, "proofs_repeated", "sources proven by repeating their SYN",
	    s->showings[SHOWING_PROOF]);
	add(l, "proofs_missing", "knocks repeated without proof",
	    s->showings[SHOWING_PATIENCE]);
}

static void add_resolver(struct list_of *l, const struct app *app)
{
	struct resolver_counts r = resolver_count(app->resolver);

	add(l, "resolver_asked", "sources whose names were asked for", r.asked);
	add(l, "resolver_remembered", "not asked: asked a while ago", r.remembered);
	add(l, "resolver_limited", "not asked: too many in one second", r.limited);
	add(l, "resolver_dropped", "not asked: the resolver is behind", r.dropped);
	add(l, "resolver_confirmed", "sources with a name that leads back", r.confirmed);
	add(l, "resolver_unconfirmed", "sources without one", r.unconfirmed);
	add(l, "resolver_failed", "sources for which DNS gave no answer", r.failed);
	add(l, "resolver_unread", "times resolv.conf could not be read again", r.unread);
}

static void add_votes(struct list_of *l, const struct app *app)
{
	struct ballot_counts b = ballot_count(app->ballot);
	const uint64_t *v = app->stats.votes;

	add(l, "votes_counted", "votes that changed nothing yet", v[VOTE_COUNTED]);
	add(l, "votes_penalised", "votes that began a penalty", v[VOTE_PENALISED]);
	add(l, "votes_trusted", "votes that opened a window", v[VOTE_TRUSTED]);
	add(l, "votes_forgotten", "votes that made us forget", v[VOTE_FORGOTTEN]);
	add(l, "votes_unknown", "the same, with nothing to forget", v[VOTE_UNKNOWN]);
	add(l, "votes_listed", "votes overruled by a list", v[VOTE_LISTED]);
	add(l, "votes_bad", "lines that were no vote", b.bad);
	add(l, "votes_forged", "wrong key, nonce or sequence number", b.forged);
	add(l, "votes_over", "votes beyond a peer's quota", b.over);
	add(l, "votes_clients", "connections of voters", b.clients);
	add(l, "votes_refused", "voters refused: too many at a time", b.refused);
	add(l, "votes_no_files", "voters not taken: descriptors ran out", b.no_files);
	add(l, "votes_no_memory", "voters not taken: no memory", b.no_memory);
	add(l, "votes_slow", "voters sent away: they did not read", b.slow);
}

static void add_store(struct list_of *l, const struct app *app)
{
	struct store_counts s = store_count(app->keeper.store);
	struct keeper_state k = app_state(app);

	add(l, "store_written", "changes stored", s.written);
	add(l, "store_commits", "commits of them", s.commits);
	add(l, "store_failed", "attempts to store that failed", s.failed);
	add(l, "store_skipped", "rows of the state file that made no sense", s.skipped);
	add_gauge(l, "store_waiting", "changes waiting to be stored", k.waiting);
	add_gauge(l, "store_behind_ms", "age of the oldest change not on disk",
		  (uint64_t)k.behind_ms);
}

unsigned app_counters(const struct app *app, struct counter *out, unsigned max)
{
	struct list_of l = { out, max };

	add_gauge(&l, "process_started", "when, in seconds since 1970",
		  (uint64_t)app->started_wall_s);
	add_attempts(&l, &app->stats);
	add_table(&l, app);
	add_source(&l, app);
	add_reload(&l, app);
	if (app->control)
		add_control(&l, app);
	if (app->watchdog.is_wanted)
		add_watchdog(&l, app);
	add_replies(&l, app);
	if (gate_policy(app->gate)->proof != PROOF_NONE)
		add_proofs(&l, app);
	if (app->resolver)
		add_resolver(&l, app);
	if (app->ballot)
		add_votes(&l, app);
	if (app->keeper.health != KEEPER_OFF)
		add_store(&l, app);
	return max - l.left;
}

/* " key=value", the key as people write it: attempts by their reason, the rest without
 * its group. */
static int format_counter(const struct counter *c, size_t group, char *out, size_t size)
{
	const char *key = c->label ? strchr(c->label, '=') + 1 : c->name + group + 1;
	int n = snprintf(out, size, " %s=%llu", key, (unsigned long long)c->value);

	for (char *p = out; *p && *p != '='; p++)
		if (*p == '_')
			*p = '-';
	return n;
}

void app_log_statistics(struct app *app)
{
	struct counter counters[COUNTERS_MAX];
	unsigned count = app_counters(app, counters, COUNTERS_MAX);

	stats_log(&app->stats, app->log);
	for (unsigned i = 0; i < count;) {
		size_t group = strcspn(counters[i].name, "_");
		const char *name = counters[i].name;
		char line[LOG_LINE_MAX];
		size_t used = 0;

		line[0] = '\0';
		for (; i < count && strncmp(counters[i].name, name, group) == 0 &&
		       used < sizeof(line) - 64; i++) {
			int n = format_counter(&counters[i], group, line + used,
					       sizeof(line) - used);

			used += n > 0 ? (size_t)n : 0;
		}
		log_note(app->log, "counters %.*s%s", (int)group, name, line);
	}
}
