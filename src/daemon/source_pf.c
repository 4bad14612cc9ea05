/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source_pf.c - packets that pf has judged by its rules and a table, which we keep
 */
#include "daemon/source_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "daemon/app_int.h"
#include "daemon/source_pf_int.h"
#include "transport/pflog.h"

int source_prepare(struct app *app, struct plan *plan)
{
	(void)plan;
	app->source = calloc(1, sizeof(*app->source));
	if (app->source)
		return admissions_open(app, &app->source->admissions);
	log_bad(app->log, "no memory");
	return EX_OSERR;
}

bool source_check(const struct settings *s, struct complaint *why)
{
	char message[COMPLAINT_MAX], trouble[PFLOG_WHY_MAX];

	if (pflog_check_filter(s->pcap_filter, trouble) == PFLOG_FINE)
		return true;
	snprintf(message, sizeof(message), "= %s: %s", s->pcap_filter, trouble);
	return conf_complain(s, "pcap-filter", why, message);
}

static int tell_trouble(struct app *app, enum pflog_trouble trouble, const char *why)
{
	const char *from = app->settings.pflog_interface;
	const char *hint = strchr(from, '/') ? "; a path has to be that of a FIFO which "
					       "tcpdump -U -w writes the log to"
					     : "";

	switch (trouble) {
	case PFLOG_FINE:
		return 0;
	case PFLOG_ABSENT:
	case PFLOG_FOREIGN:
		log_bad(app->log, "pflog-interface = %s: %s%s", from, why, hint);
		return EX_UNAVAILABLE;
	case PFLOG_FORBIDDEN:
		log_bad(app->log, "not allowed to read %s: %s; start mxallowd as root",
			from, why);
		return EX_NOPERM;
	case PFLOG_BAD_FILTER:
		log_bad(app->log, "pcap-filter = %s: %s", app->settings.pcap_filter, why);
		return EX_CONFIG;
	case PFLOG_BROKEN:
		break;
	}
	log_bad(app->log, "cannot read %s: %s", from, why);
	return EX_OSERR;
}

static bool is_file(int fd)
{
	struct stat what;

	return fstat(fd, &what) == 0 && S_ISREG(what.st_mode);
}

int source_open(struct app *app, struct plan *plan)
{
	struct pflog_conf c = { app->settings.pflog_interface,
				app->settings.pcap_filter };
	char why[PFLOG_WHY_MAX];
	enum pflog_trouble trouble = pflog_open(&app->source->tap, &c, why);
	int err;

	(void)plan;
	if (trouble == PFLOG_FINE && is_file(pflog_fd(app->source->tap)))
		return tell_trouble(app, PFLOG_FOREIGN,
				    "this is a file, which has an end; --replay judges "
				    "one");
	if (trouble != PFLOG_FINE)
		return tell_trouble(app, trouble, why);
	err = admissions_start(app, &app->source->admissions);
	if (err == 0)
		return 0;
	log_bad(app->log, "cannot watch the helper: %s", uv_strerror(err));
	return EX_OSERR;
}

void source_end(struct app *app)
{
	pflog_close(app->source->tap);
	app->source->tap = NULL;
}

void source_free(struct app *app)
{
	if (app->source) {
		pflog_close(app->source->tap);
		admissions_close(&app->source->admissions);
	}
	free(app->source);
	app->source = NULL;
}

int source_fd(const struct app *app)
{
	return pflog_fd(app->source->tap);
}

int source_read(struct app *app, bool *drained)
{
	return pflog_read(app->source->tap, app->batch.held, drained);
}

void source_tell_lost(struct app *app, int err)
{
	(void)err;
	log_bad(app->log, "%s is lost: %s", app->settings.pflog_interface,
		pflog_why(app->source->tap));
}

/* pf has answered; the table decides what it does the next time. */
void source_answer(struct app *app, const enum answer *answers, unsigned count,
		   struct mono now)
{
	const struct batch *b = &app->batch;

	(void)answers;
	for (unsigned i = 0; i < count; i++)
		admissions_judged(app, &b->held[i], &b->attempt[i], &b->decision[i], now);
	if (count > 0)
		admissions_go_on(app, now);
}

void source_heed(struct app *app, const struct addr *who, struct mono now)
{
	if (!app->source) /* a gate without a firewall has no table */
		return;
	if (who)
		admissions_heed(app, who, now);
	else
		admissions_heed_all(app, now);
	admissions_go_on(app, now);
}

uint32_t source_owed(const struct app *app)
{
	(void)app;
	return 0;
}

uint64_t source_progress(const struct app *app)
{
	struct pflog_counts p = pflog_count(app->source->tap);

	return p.packets + p.filtered + p.outgoing + p.odd;
}

/* A burst of losses is told when it begins, not every second it lasts. */
void source_watch(struct app *app)
{
	struct source *s = app->source;
	uint64_t drops = pflog_count(s->tap).drops;
	bool is_trouble = drops != s->drops;

	if (is_trouble && !s->is_burst)
		log_bad(app->log,
			"%s overrun: records come faster than they are read (drops=%llu)",
			app->settings.pflog_interface, (unsigned long long)drops);
	s->is_burst = is_trouble;
	s->drops = drops;
}

void source_tell_stall(struct app *app, uint64_t gap_ms)
{
	log_bad(app->log,
		"stood still for %llu.%llu s: stopped, or without a CPU or memory; pf "
		"went on with the table as it was",
		(unsigned long long)gap_ms / 1000,
		(unsigned long long)gap_ms % 1000 / 100);
}

/* There is nothing to warn of: what pf's rules are we do not see. */
void source_warn(struct app *app)
{
	(void)app;
}

const char *source_name(const struct app *app, char *out)
{
	snprintf(out, SOURCE_NAME_MAX, "%s", app->settings.pflog_interface);
	return out;
}

const char *source_pair(const struct app *app, char *out)
{
	snprintf(out, SOURCE_NAME_MAX, "pflog-interface=%s",
		 app->settings.pflog_interface);
	return out;
}

void source_row(const struct app *app, struct control_client *c)
{
	struct pflog_counts p = pflog_count(app->source->tap);
	struct admit_counts a = admit_count(app->source->admissions.table);

	control_row(c,
		    "pflog interface=%s packets=%llu filtered=%llu outgoing=%llu "
		    "odd=%llu drops=%llu",
		    app->settings.pflog_interface, (unsigned long long)p.packets,
		    (unsigned long long)p.filtered, (unsigned long long)p.outgoing,
		    (unsigned long long)p.odd, (unsigned long long)p.drops);
	control_row(c,
		    "table name=%s networks=%u runs=%llu failed=%llu full=%llu odd=%llu",
		    app->settings.pf_table, a.wanted, (unsigned long long)a.runs,
		    (unsigned long long)a.failed, (unsigned long long)a.full,
		    (unsigned long long)a.odd);
}

unsigned source_counters(const struct app *app, struct counter *out)
{
	struct pflog_counts p = pflog_count(app->source->tap);
	struct admit_counts a = admit_count(app->source->admissions.table);
	const struct counter all[] = {
		{ .name = "pflog_packets", .help = "packets read from pf's log",
		  .value = p.packets },
		{ .name = "pflog_filtered", .help = "left out by pcap-filter",
		  .value = p.filtered },
		{ .name = "pflog_outgoing", .help = "left out: sent by this host",
		  .value = p.outgoing },
		{ .name = "pflog_odd", .help = "records that made no sense",
		  .value = p.odd },
		{ .name = "pflog_drops", .help = "records lost before they were read",
		  .value = p.drops },
		{ .name = "pflog_stalls", .value = app->watch.stalls,
		  .help = "times we stood still for two seconds or more" },
		{ .name = "table_networks", .value = a.wanted, .is_gauge = true,
		  .help = "networks that should be in the table" },
		{ .name = "table_runs", .help = "runs of pfctl that went well",
		  .value = a.runs },
		{ .name = "table_failed", .help = "runs that did not",
		  .value = a.failed },
		{ .name = "table_full", .help = "networks that found no room",
		  .value = a.full },
		{ .name = "table_odd", .help = "networks where no sender can be",
		  .value = a.odd },
	};

	_Static_assert(sizeof(all) / sizeof(all[0]) <= SOURCE_COUNTERS_MAX, "they fit");
	memcpy(out, all, sizeof(all));
	return sizeof(all) / sizeof(all[0]);
}
