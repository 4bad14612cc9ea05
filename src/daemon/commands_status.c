/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands_status.c - how the daemon is doing
 */
#include "daemon/commands_int.h"

#include <unistd.h>

#include "daemon/clock_int.h"

static void daemon_row(const struct app *app, struct control_client *c)
{
	const struct policy *p = gate_policy(app->gate);
	struct gate_counts g = gate_count(app->gate);
	struct row r = { .used = 0 };

	row_add(&r, "status version=%s pid=%ld", PACKAGE_VERSION, (long)getpid());
	row_add_span(&r, "up", mono_now().ms - app->started.ms);
	if (app->settings.file[0] != '\0')
		row_add_text(&r, "config", app->settings.file);
	row_add(&r,
		" observe=%s fakes=%u reals=%u entries=%u entries-max=%u let-in=%u "
		"evicted=%llu records=%u",
		p->observe ? "yes" : "no", p->fakes, p->reals, g.entries, p->entries_max,
		g.used, (unsigned long long)g.evicted, g.records);
	row_add(&r, " user=%s confined=%s", app->privileges.user, app_confinement(app));
	if (app->confined.missing)
		row_add(&r, " missing=%s", app->confined.missing);
	control_row(c, "%s", r.text);
}

static void resolver_row(const struct app *app, struct control_client *c)
{
	struct resolver_counts r = resolver_count(app->resolver);

	control_row(c,
		    "resolver asked=%llu remembered=%llu limited=%llu dropped=%llu "
		    "confirmed=%llu unconfirmed=%llu failed=%llu",
		    (unsigned long long)r.asked, (unsigned long long)r.remembered,
		    (unsigned long long)r.limited, (unsigned long long)r.dropped,
		    (unsigned long long)r.confirmed, (unsigned long long)r.unconfirmed,
		    (unsigned long long)r.failed);
}

static void votes_row(const struct app *app, struct control_client *c)
{
	struct ballot_counts b = ballot_count(app->ballot);

	control_row(c,
		    "votes good=%llu bad=%llu forged=%llu over=%llu clients=%llu "
		    "refused=%llu",
		    (unsigned long long)b.votes, (unsigned long long)b.bad,
		    (unsigned long long)b.forged, (unsigned long long)b.over,
		    (unsigned long long)b.clients, (unsigned long long)b.refused);
}

static void store_row(const struct app *app, struct control_client *c)
{
	struct store_counts s = store_count(app->keeper.store);
	struct keeper_state k = app_state(app);

	control_row(c,
		    "store health=%s waiting=%u behind-ms=%lld written=%llu commits=%llu "
		    "failed=%llu skipped=%llu",
		    keeper_health_name(k.health), k.waiting, (long long)k.behind_ms,
		    (unsigned long long)s.written, (unsigned long long)s.commits,
		    (unsigned long long)s.failed, (unsigned long long)s.skipped);
}

void status_rows(struct app *app, struct control_client *c)
{
	daemon_row(app, c);
	for (enum reason r = 0; r < REASONS; r++)
		control_row(c, "reason name=%s count=%llu", reason_name(r),
			    (unsigned long long)app->stats.by_reason[r]);
	source_row(app, c);
	if (app->resolver)
		resolver_row(app, c);
	replies_row(app, c);
	if (app->ballot)
		votes_row(app, c);
	if (app->keeper.health != KEEPER_OFF)
		store_row(app, c);
}

void stats_rows(struct app *app, struct control_client *c)
{
	struct counter counters[COUNTERS_MAX];
	unsigned count = app_counters(app, counters, COUNTERS_MAX);

	for (unsigned i = 0; i < count; i++) {
		struct row r = { .used = 0 };

		row_add(&r, "counter name=%s type=%s value=%llu", counters[i].name,
			counters[i].is_gauge ? "gauge" : "counter",
			(unsigned long long)counters[i].value);
		if (counters[i].label)
			row_add_text(&r, "label", counters[i].label);
		row_add_text(&r, "help", counters[i].help);
		control_row(c, "%s", r.text);
	}
}
