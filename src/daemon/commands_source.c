/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands_source.c - what an operator asks about one source, or decides
 */
#include "daemon/commands_int.h"

#include "daemon/clock_int.h"

static void queue_row(struct control_client *c, const struct queue *q)
{
	static const char *const starts[] = {
		[START_KNOCK] = "knock",
		[START_ATTEMPT] = "attempt",
		[START_EITHER] = "either",
	};
	struct row r = { .used = 0 };

	row_add(&r, "queue name=%s start=%s", q->name, starts[q->start]);
	row_add_span(&r, "pause", q->pause_ms);
	row_add_span(&r, "window", q->window_ms);
	row_add(&r, " connections=%u refresh=%s deny=%s", q->connections,
		q->refresh ? "yes" : "no", verdict_name(q->deny));
	control_row(c, "%s", r.text);
}

static void penalty_rows(struct control_client *c, const struct policy *p)
{
	struct row r = { .used = 0 };

	row_add(&r, "penalty strikes=%u", p->penalty.strikes);
	row_add_span(&r, "within", p->penalty.within_ms);
	row_add_span(&r, "time", p->penalty.time_ms);
	row_add(&r, " action=%s escalate=%u", verdict_name(p->penalty.action),
		p->penalty.escalate);
	row_add_span(&r, "time-max", p->penalty.time_max_ms);
	control_row(c, "%s", r.text);

	r.used = 0;
	row_add(&r, "trust votes=%u", p->trust.votes);
	row_add_span(&r, "time", p->trust.time_ms);
	control_row(c, "%s", r.text);
}

static const char *action_name(enum list_action a)
{
	switch (a) {
	case LIST_ALLOW:
		return "allow";
	case LIST_DENY:
		return "deny";
	case LIST_QUEUE:
		return "queue";
	}
	return "?";
}

void source_why(struct app *app, struct control_client *c,
		const struct proto_command *cmd)
{
	const struct policy *p = gate_policy(app->gate);
	const struct lists *lists = gate_lists(app->gate);
	char who[ADDR_TEXT_MAX], source[NET_TEXT_MAX];
	struct row r = { .used = 0 };
	struct knowledge k;

	gate_explain(app->gate, &cmd->vote.who, mono_now(), &k);
	row_add(&r, "why src=%s source=%s verdict=%s", addr_format(&cmd->vote.who, who),
		net_format(&k.source, source), verdict_name(k.decision.verdict));
	if (k.decision.would != k.decision.verdict)
		row_add(&r, " would=%s", verdict_name(k.decision.would));
	row_add(&r, " reason=%s", reason_name(k.decision.reason));
	row_add_knowledge(&r, app, &k);
	if (k.list != LISTS_NONE && lists)
		row_add(&r, " list-action=%s by-name=%s",
			action_name(lists_at(lists, k.list)->action),
			k.is_listed_by_name ? "yes" : "no");
	control_row(c, "%s", r.text);
	queue_row(c, &p->queue[k.has_entry ? k.queue : k.decision.queue]);
	penalty_rows(c, p);
}

static void outcome_row(struct app *app, struct control_client *c, const struct addr *who,
			enum vote_outcome outcome)
{
	char source[NET_TEXT_MAX];
	struct row r = { .used = 0 };
	struct knowledge k;

	gate_explain(app->gate, who, mono_now(), &k);
	row_add(&r, "ok outcome=%s src=%s", vote_outcome_name(outcome),
		net_format(&k.source, source));
	if (k.strikes > 0)
		row_add(&r, " strikes=%u limit=%u", k.strikes,
			gate_policy(app->gate)->penalty.strikes);
	if (k.penalty_ms > 0)
		row_add_span(&r, "penalty", k.penalty_ms);
	if (outcome == VOTE_TRUSTED)
		row_add_span(&r, "closes", k.closes_ms);
	control_row(c, "%s", r.text);
}

enum vote_kind source_vote_kind(enum proto_vote_kind kind)
{
	switch (kind) {
	case PROTO_BLACK:            return VOTE_BLACK;
	case PROTO_WHITE:            return VOTE_WHITE;
	case PROTO_FORGET:           return VOTE_FORGET;
	case PROTO_FORGET_PENALTIES: return VOTE_FORGET_PENALTIES;
	}
	return VOTE_FORGET;
}

void source_vote(struct app *app, struct control_client *c,
		 const struct proto_command *cmd)
{
	struct vote v = { source_vote_kind(cmd->vote.kind), cmd->vote.who,
			  cmd->for_us / 1000 };
	enum vote_outcome outcome = app_vote(app, &v, "operator", cmd->vote.text);
	char who[ADDR_TEXT_MAX];

	addr_format(&cmd->vote.who, who);
	if (outcome == VOTE_UNKNOWN)
		control_row(c, "no: nothing is known of %s", who);
	else if (outcome == VOTE_LISTED)
		control_row(c, "no: a list names %s, and lists stand above votes", who);
	else
		outcome_row(app, c, &cmd->vote.who, outcome);
}

void source_flush(struct app *app, struct control_client *c,
		  const struct proto_command *cmd)
{
	struct vote v = {
		.kind = cmd->which == PROTO_ALL ? VOTE_FORGET_ALL : VOTE_FORGET_PENALTIES,
	};

	(void)app_vote(app, &v, "operator", "");
	control_row(c, "ok outcome=forgotten");
}
