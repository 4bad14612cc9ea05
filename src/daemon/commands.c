/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands.c - from a command to what answers it, at once or piece by piece
 */
#include "daemon/commands_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "daemon/rules_int.h"

enum { SECOND_MS = 1000, MINUTE_MS = 60 * SECOND_MS, HOUR_MS = 60 * MINUTE_MS };

void row_add(struct row *r, const char *fmt, ...)
{
	size_t room = sizeof(r->text) - r->used;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(r->text + r->used, room, fmt, ap);
	va_end(ap);
	if (n > 0)
		r->used += (size_t)n < room ? (size_t)n : room - 1;
}

void row_add_text(struct row *r, const char *key, const char *text)
{
	char safe[COMMAND_ROW_MAX / 2];

	row_add(r, " %s=%s", key, text_escape(safe, sizeof(safe), text, strlen(text)));
}

void row_add_span(struct row *r, const char *key, int64_t ms)
{
	int64_t unit = ms >= 24 * (int64_t)HOUR_MS ? HOUR_MS
		       : ms >= HOUR_MS		   ? MINUTE_MS
						   : SECOND_MS;
	char span[SPAN_TEXT_MAX];

	row_add(r, " %s=%s", key,
		span_format((ms + unit - 1) / unit * unit * 1000, span));
}

static void add_entry(struct row *r, const struct app *app, const struct knowledge *k)
{
	char text[ADDR_TEXT_MAX];

	row_add(r, " queue=%s via=%s", gate_policy(app->gate)->queue[k->queue].name,
		via_name(k->via));
	if (k->bringer.family != ADDR_NONE)
		row_add(r, " of=%s", addr_format(&k->bringer, text));
	if (k->opens_ms <= 0)
		row_add(r, " opens=now");
	else
		row_add_span(r, "opens", k->opens_ms);
	row_add_span(r, "closes", k->closes_ms);
	row_add(r, " connections=%u used=%s proven=%s", k->connections,
		k->is_used ? "yes" : "no", k->is_proven ? "yes" : "no");
}

void row_add_knowledge(struct row *r, const struct app *app, const struct knowledge *k)
{
	row_add(r, " state=%s", state_name(k->state));
	if (k->has_entry)
		add_entry(r, app, k);
	if (k->strikes > 0)
		row_add(r, " strikes=%u", k->strikes);
	if (k->whites > 0)
		row_add(r, " whites=%u", k->whites);
	if (k->penalty_ms > 0)
		row_add_span(r, "penalty", k->penalty_ms);
	if (k->penalties > 0)
		row_add(r, " penalties=%u", k->penalties);
	if (k->list != LISTS_NONE && gate_lists(app->gate))
		row_add_text(r, "list", lists_at(gate_lists(app->gate), k->list)->name);
	if (k->name[0] != '\0')
		row_add_text(r, "name", k->name);
}

static struct job *job_of(struct control_client *c)
{
	return (struct job *)(uintptr_t)*control_scratch(c);
}

/* That one command fails. */
static bool no_memory(struct app *app, struct control_client *c)
{
	app->stats.no_memory++;
	control_row(c, "error: no memory");
	return false;
}

static bool rules_more(struct control_client *c, struct job *j)
{
	while (j->text[j->at] != '\0' && !control_is_full(c)) {
		int len = (int)strcspn(j->text + j->at, "\n");

		control_row(c, len > 0 ? "rule %.*s" : "rule%.*s", len, j->text + j->at);
		j->at += (size_t)len + (j->text[j->at + (size_t)len] == '\n');
	}
	return j->text[j->at] != '\0';
}

static bool rules_begin(struct app *app, struct control_client *c, struct job *j)
{
	const struct policy *p = gate_policy(app->gate);
	struct rules r = {
		.policy = p,
		.queue_num = (uint16_t)app->settings.queue_num,
		.mark = app->settings.mark,
		.is_reset_by_mark = app->settings.reset_with_mark,
		.has_tarpit = rules_need_tarpit(p, gate_lists(app->gate)),
		.has_proof = p->proof == PROOF_COOKIE,
	};
	enum proto_which which = control_command(c)->which;
	size_t size = 0;
	FILE *out;
	bool is_bad;

	if (WITH_PF && which != PROTO_ALL) {
		control_row(c, "error: this daemon watches pf and has rules of pf only: "
			       "leave out what they are for");
		return false;
	}
	out = open_memstream(&j->text, &size);
	if (!out)
		return no_memory(app, c);
	if (WITH_PF)
		rules_pf(&r, app->settings.pf_table, out);
	else if (which == PROTO_NFT)
		rules_nft(&r, out);
	else
		rules_iptables(&r, out);
	is_bad = ferror(out) != 0;
	if (fclose(out) != 0 || is_bad)
		return no_memory(app, c);
	return rules_more(c, j);
}

/* Half of it would be a bad copy, and nothing would say so. */
static bool export_begin(const struct app *app, struct control_client *c)
{
	enum keeper_health health = app_state(app).health;

	if (health == KEEPER_OPENING || health == KEEPER_LOADING) {
		control_row(c, "error: the state is still being loaded; try again soon");
		return false;
	}
	walk_export_head(c);
	return true;
}

static bool begin(void *arg, struct control_client *c, const struct proto_command *cmd)
{
	struct app *app = arg;
	struct job *j = calloc(1, sizeof(*j));

	if (!j)
		return no_memory(app, c);
	*control_scratch(c) = (uintptr_t)j;
	switch (cmd->kind) {
	case PROTO_STATUS:
		status_rows(app, c);
		return true;
	case PROTO_LIST:
		return walk_list(app, c, j);
	case PROTO_WHY:
		source_why(app, c, cmd);
		return false;
	case PROTO_VOTE:
		source_vote(app, c, cmd);
		return false;
	case PROTO_FLUSH:
		source_flush(app, c, cmd);
		return false;
	case PROTO_WATCH:
		return true;
	case PROTO_STATS:
		stats_rows(app, c);
		return false;
	case PROTO_REPORT:
		return report_begin(app, c, j);
	case PROTO_RELOAD:
		reload_ask(app, c);
		return true;
	case PROTO_RULES:
		return rules_begin(app, c, j);
	case PROTO_EXPORT:
		return export_begin(app, c);
	case PROTO_IMPORT:
		return true;
	}
	return false;
}

static bool more(void *arg, struct control_client *c)
{
	struct app *app = arg;
	struct job *j = job_of(c);

	switch (control_command(c)->kind) {
	case PROTO_STATUS:
		return walk_states(app, c, j);
	case PROTO_LIST:
		return walk_list(app, c, j);
	case PROTO_EXPORT:
		return walk_export(app, c, j);
	case PROTO_RULES:
		return rules_more(c, j);
	case PROTO_REPORT:
		return report_more(c, j);
	case PROTO_WATCH:
		return true;
	case PROTO_IMPORT:
		import_end(c, j);
		return false;
	case PROTO_WHY:
	case PROTO_VOTE:
	case PROTO_FLUSH:
	case PROTO_STATS:
	case PROTO_RELOAD:
		break;
	}
	return false;
}

static void line(void *arg, struct control_client *c, const char *text)
{
	import_line(arg, c, job_of(c), text);
}

static void gone(void *arg, struct control_client *c)
{
	struct job *j = job_of(c);

	reload_forget(arg, c);
	if (j) {
		free(j->text);
		free(j->findings);
	}
	free(j);
	*control_scratch(c) = 0;
}

const struct control_ops commands_ops = { begin, more, line, gone };
