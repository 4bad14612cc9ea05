/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keeper_news.c - what the store has to tell, and what becomes of the gate with it
 */
#include <sysexits.h>

#include "daemon/app_int.h"
#include "daemon/clock_int.h"

static void hear_opened(struct app *app, const struct store_news *news)
{
	struct keeper *k = &app->keeper;

	k->health = KEEPER_LOADING;
	k->loaded = k->useless = 0;
	k->is_anew = news->of.opened.is_anew;
	k->offset_ms = news->of.opened.now * 1000 - k->tried.ms;
	gate_expect_back(app->gate, news->of.opened.entry_places,
			 news->of.opened.record_places);
}

static void hear_row(struct app *app, const struct store_row *row, struct mono now)
{
	struct change c;

	keeper_change(row, app->keeper.offset_ms, &c);
	app->keeper.loaded += gate_take_back(app->gate, &c, now);
}

static void hear_loaded(struct app *app)
{
	struct keeper *k = &app->keeper;

	gate_end_load(app->gate);
	/* What was there when it was opened before may be lost. */
	if (k->has_opened)
		gate_mark_all(app->gate);
	else
		k->lacks = k->is_anew;
	k->has_opened = true;
	k->is_told_slow = false;
	k->health = KEEPER_FINE;
	k->clean = k->walk_began = mono_now();
	log_note(app->log, "state loaded sources=%u useless=%u from %s", k->loaded,
		 k->useless, app->settings.state_dir);
}

static void hear_trouble(struct app *app, const char *why)
{
	app->keeper.lacks |= !app->keeper.has_opened;
	/* What was handed over last is lost: all of it once more. */
	if (app->keeper.health == KEEPER_FINE)
		gate_mark_all(app->gate);
	app->keeper.health = KEEPER_TROUBLE;
	app->keeper.is_walking = false;
	gate_end_load(app->gate);
	log_bad(app->log,
		"state is not stored: %s; what is learned from here on is lost when the "
		"daemon ends, unless this is mended before; it is tried again and again",
		why);
}

static void hear_well(struct app *app)
{
	struct keeper *k = &app->keeper;

	log_bad(app->log, "state is stored again");
	if (k->health != KEEPER_TROUBLE)
		return;
	k->health = KEEPER_FINE;
	gate_mark_all(app->gate);
}

/* Known within the first wait, unless the disk is slow: then it ends that much later. */
static void hear_taken(struct app *app)
{
	log_bad(app->log,
		"another mxallowd uses the state in %s; give each its own state-dir",
		app->settings.state_dir);
	app->keeper.health = KEEPER_OFF;
	app->status = EX_UNAVAILABLE;
	uv_stop(&app->loop);
}

void keeper_hear(struct app *app, const struct store_news *news, struct mono now)
{
	switch (news->kind) {
	case STORE_TAKEN:
		hear_taken(app);
		break;
	case STORE_OPENED:
		hear_opened(app, news);
		break;
	case STORE_ROW:
		hear_row(app, &news->of.row, now);
		break;
	case STORE_USELESS:
		app->keeper.useless++;
		gate_mark_place(app->gate, news->of.row.kind, news->of.row.place);
		break;
	case STORE_LOADED:
		hear_loaded(app);
		break;
	case STORE_TROUBLE:
		hear_trouble(app, news->of.text);
		break;
	case STORE_WELL:
		hear_well(app);
		break;
	case STORE_NOTE:
		log_bad(app->log, "state: %s", news->of.text);
		break;
	}
}
