/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands_walk.c - answers that look at every source, a piece of the table at a time
 *
 * A piece costs about a tenth of a millisecond, found much or found nothing; between two
 * of them packets are judged.
 */
#include "daemon/commands_int.h"

#include "base/text.h"
#include "daemon/clock_int.h"

enum { PIECE_STEPS = 64, STEP_PLACES = 32 };

typedef void (*walk_fn)(struct app *app, struct control_client *c, struct job *j,
			const struct knowledge *k);

static bool walk_piece(struct app *app, struct control_client *c, struct job *j,
		       walk_fn fn)
{
	struct mono now = mono_now();

	for (unsigned i = 0; i < PIECE_STEPS && !control_is_full(c); i++) {
		struct knowledge k;
		bool found = false;
		bool more =
			gate_walk(app->gate, &j->cursor, STEP_PLACES, now, &k, &found);

		if (found)
			fn(app, c, j, &k);
		if (!more)
			return false;
	}
	return true;
}

static bool is_wanted(enum proto_which which, enum entry_state state)
{
	switch (which) {
	case PROTO_OPEN:
		return state == STATE_OPEN;
	case PROTO_PAUSING:
		return state == STATE_PAUSING;
	case PROTO_PENALTY:
		return state == STATE_PENALTY;
	case PROTO_ALL:
	case PROTO_IPTABLES:
	case PROTO_NFT:
		break;
	}
	return true;
}

static void list_one(struct app *app, struct control_client *c, struct job *j,
		     const struct knowledge *k)
{
	struct row r = { .used = 0 };
	char src[NET_TEXT_MAX];

	(void)j;
	if (!is_wanted(control_command(c)->which, k->state))
		return;
	row_add(&r, "entry src=%s", net_format(&k->source, src));
	row_add_knowledge(&r, app, k);
	control_row(c, "%s", r.text);
}

bool walk_list(struct app *app, struct control_client *c, struct job *j)
{
	return walk_piece(app, c, j, list_one);
}

void walk_export_head(struct control_client *c)
{
	control_row(c, "mxallowd-export 1 time=%lld", (long long)wall_now_s());
}

static void export_one(struct app *app, struct control_client *c, struct job *j,
		       const struct knowledge *k)
{
	struct row r = { .used = 0 };
	char src[NET_TEXT_MAX];

	(void)j;
	if (!k->has_entry && k->penalty_ms <= 0 && k->strikes == 0 && k->whites == 0)
		return;
	row_add(&r, "entry src=%s", net_format(&k->source, src));
	if (k->has_entry)
		row_add(&r,
			" queue=%s via=%s used=%s proven=%s opens-ms=%lld closes-ms=%lld "
			"connections=%u",
			gate_policy(app->gate)->queue[k->queue].name, via_name(k->via),
			k->is_used ? "yes" : "no", k->is_proven ? "yes" : "no",
			(long long)k->opens_ms, (long long)k->closes_ms, k->connections);
	if (k->penalty_ms > 0)
		row_add(&r, " penalty-ms=%lld penalties=%u", (long long)k->penalty_ms,
			k->penalties);
	if (k->strikes > 0)
		row_add(&r, " strikes=%u", k->strikes);
	if (k->whites > 0)
		row_add(&r, " whites=%u", k->whites);
	control_row(c, "%s", r.text);
}

bool walk_export(struct app *app, struct control_client *c, struct job *j)
{
	return walk_piece(app, c, j, export_one);
}

static void count_one(struct app *app, struct control_client *c, struct job *j,
		      const struct knowledge *k)
{
	(void)app;
	(void)c;
	j->in_state[k->state]++;
}

bool walk_states(struct app *app, struct control_client *c, struct job *j)
{
	if (walk_piece(app, c, j, count_one))
		return true;
	for (enum entry_state s = STATE_PAUSING; s <= STATE_PENALTY; s++)
		control_row(c, "entries state=%s count=%llu", state_name(s),
			    (unsigned long long)j->in_state[s]);
	return false;
}
