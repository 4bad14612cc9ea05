/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keeper.c - what is known, from the gate to the store and back
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/app_int.h"
#include "daemon/clock_int.h"

enum {
	ROUND_MS = 500,
	PIECE_MS = 1,        /* between two pieces of a walk */
	FULL_MS = 10,        /* the same, when the store takes no more */
	RETRY_MS = 10000,
	STAMP_MS = 600000,   /* the file learns what time it is at least so often */
	NEWS_PIECE = 4096,   /* two milliseconds: a turn full of packets takes more */
	FIRST_WAIT_MS = 50,  /* a small file is loaded before the first packet */
	LOAD_MAX_MS = 30000, /* then nobody is let in for being unknown */
	SLOW_MS = 30000,     /* behind: a warning; a sixth of it: that is over */
	JUMP_S = 10,         /* of the wall clock: less than that is drift */
	END_MS = 5000,
	UNSET_S = 1000000000, /* 2001: a clock that shows less waits to be set */
};

const char *keeper_health_name(enum keeper_health h)
{
	switch (h) {
	case KEEPER_OFF:     return "off";
	case KEEPER_OPENING: return "opening";
	case KEEPER_LOADING: return "loading";
	case KEEPER_FINE:    return "fine";
	case KEEPER_TROUBLE: return "trouble";
	}
	return "unknown";
}

static struct store_clocks clocks_now(void)
{
	return (struct store_clocks){ boot_now_s(), wall_now_s() };
}

static void try(struct keeper *k, struct mono now)
{
	struct store_clocks clocks = clocks_now();

	k->tried = now;
	if (store_try(k->store, &clocks))
		k->tries++;
	store_wake(k->store);
}

/* A piece; what is left comes in the next turn of the loop. It must not be small: under a
 * flood turns are long, and loading would take as many times longer. False: there was
 * none. */
static bool hear_news(struct app *app)
{
	struct mono now = mono_now();
	struct store_news news;
	unsigned heard = 0;

	while (heard < NEWS_PIECE && store_collect(app->keeper.store, &news)) {
		keeper_hear(app, &news, now);
		heard++;
	}
	log_flush(app->log);
	return heard > 0;
}

static void on_news(uv_poll_t *handle, int status, int events)
{
	(void)status;
	(void)events;
	(void)hear_news(handle->data);
}

static void commit(struct keeper *k, struct mono now)
{
	struct store_clocks clocks = { boot_now_s(), (now.ms + k->offset_ms) / 1000 };

	if (!store_commit(k->store, &clocks))
		return;
	k->commits++;
	k->stamped = now;
	k->is_walking = false;
}

/* False: the store takes no more at the moment. */
static bool walk_piece(struct app *app)
{
	struct keeper *k = &app->keeper;
	unsigned room = store_room(k->store), count;
	struct mono now = mono_now();
	struct store_row row;

	room = room > 1 ? room - 1 : 0; /* for the commit */
	count = gate_take_changes(app->gate, &k->walk, k->piece,
				  room < KEEPER_PIECE ? room : KEEPER_PIECE);
	for (unsigned i = 0; i < count; i++) {
		keeper_row(&k->piece[i], k->offset_ms, now, &row);
		(void)store_put(k->store, &row);
	}
	if (k->walk.is_over)
		commit(k, now);
	store_wake(k->store);
	return room > 0;
}

static void on_piece(uv_timer_t *handle)
{
	struct app *app = handle->data;
	struct keeper *k = &app->keeper;
	bool has_room;

	if (!k->is_walking)
		return;
	has_room = walk_piece(app);
	if (k->is_walking)
		(void)uv_timer_start(&k->on_piece, on_piece,
				     has_room ? PIECE_MS : FULL_MS, 0);
}

static bool is_committed(const struct keeper *k)
{
	return store_count(k->store).marked == k->commits;
}

static void begin_walk(struct keeper *k, struct mono now)
{
	k->walk = (struct change_walk){ .place = 0 };
	k->is_walking = true;
	k->walk_began = now;
}

/* What is written is all of one scale; when the wall clock leaves it, all of it moves.
 * Not back to 1970, where what is older than the boot would lie before the first second.
 */
static void follow_wall(struct app *app, struct mono now)
{
	struct keeper *k = &app->keeper;
	int64_t wall = wall_now_s(), by = wall - (now.ms + k->offset_ms) / 1000;

	if (k->is_walking || !is_committed(k) || (by <= JUMP_S && by >= -JUMP_S) ||
	    (by < 0 && wall < UNSET_S) || !store_shift(k->store, by))
		return;
	k->offset_ms += by * 1000;
	log_note(app->log,
		 "state: the system's clock went %lld seconds %s; the times in the file "
		 "follow, and no window with them", (long long)(by < 0 ? -by : by),
		 by < 0 ? "back" : "ahead");
	k->walk_began = now;
	commit(k, now);
	store_wake(k->store);
}

static void watch_lag(struct app *app)
{
	struct keeper *k = &app->keeper;
	int64_t behind = app_state(app).behind_ms;

	if (!k->is_told_slow && behind > SLOW_MS)
		log_bad(app->log,
			"state is stored slowly: the oldest change waits for %lld "
			"seconds; is %s on a slow disk, or does another program lock it?",
			(long long)behind / 1000, app->settings.state_dir);
	else if (k->is_told_slow && behind < SLOW_MS / 6)
		log_bad(app->log, "state is stored in time again");
	k->is_told_slow = behind > (k->is_told_slow ? SLOW_MS / 6 : SLOW_MS);
}

/* True: a walk has to begin. */
static bool is_due(struct app *app, struct mono now)
{
	struct keeper *k = &app->keeper;

	if (k->is_walking || !is_committed(k))
		return false;
	k->clean = gate_changes(app->gate) == 0 ? now : k->walk_began;
	return gate_changes(app->gate) > 0 ||
	       mono_reached(now, mono_after(k->stamped, STAMP_MS));
}

static void end_patience(struct app *app, struct mono now)
{
	struct keeper *k = &app->keeper;

	if (k->is_told_slow || !mono_reached(now, mono_after(k->tried, LOAD_MAX_MS)))
		return;
	k->is_told_slow = k->lacks = true;
	gate_end_unsure(app->gate);
	log_bad(app->log,
		"state is loaded slowly: from here on sources that are not known yet are "
		"judged as unknown; is %s on a slow disk, or does another program lock "
		"it?", app->settings.state_dir);
}

static void on_round(uv_timer_t *handle)
{
	struct app *app = handle->data;
	struct keeper *k = &app->keeper;
	struct mono now = mono_now();

	switch (k->health) {
	case KEEPER_OFF:
		break;
	case KEEPER_OPENING:
	case KEEPER_LOADING:
		end_patience(app, now);
		break;
	case KEEPER_TROUBLE:
		if (mono_reached(now, mono_after(k->tried, RETRY_MS)) &&
		    store_count(k->store).tried == k->tries)
			try(k, now);
		break;
	case KEEPER_FINE:
		follow_wall(app, now);
		watch_lag(app);
		if (is_due(app, now)) {
			begin_walk(k, now);
			on_piece(&k->on_piece);
		}
		break;
	}
	log_flush(app->log);
}

struct keeper_state app_state(const struct app *app)
{
	const struct keeper *k = &app->keeper;
	struct keeper_state s = { .health = k->health };

	if (k->health == KEEPER_OFF)
		return s;
	s.waiting = gate_changes(app->gate);
	if (s.waiting > 0 || k->is_walking || !is_committed(k))
		s.behind_ms = mono_now().ms - k->clean.ms;
	return s;
}

static int watch(struct app *app)
{
	struct keeper *k = &app->keeper;
	int err = uv_poll_init(&app->loop, &k->on_news, store_fd(k->store));

	k->on_news.data = k->on_round.data = k->on_piece.data = app;
	if (err == 0)
		err = uv_poll_start(&k->on_news, UV_READABLE, on_news);
	uv_timer_init(&app->loop, &k->on_round);
	uv_timer_init(&app->loop, &k->on_piece);
	if (err == 0)
		err = uv_timer_start(&k->on_round, on_round, ROUND_MS, ROUND_MS);
	return err;
}

static bool is_busy(struct app *app)
{
	return app->keeper.health == KEEPER_OPENING ||
	       app->keeper.health == KEEPER_LOADING;
}

/* Without the loop: before it runs, and after. A slow disk is no reason to leave packets
 * waiting. */
static void wait_while(struct app *app, bool (*holds)(struct app *app), struct mono until)
{
	bool has_more = hear_news(app);

	while (holds(app) && !mono_reached(mono_now(), until)) {
		if (app->is_ready)
			turn_last_packets(app);
		if (!has_more)
			clock_nap(1000);
		has_more = hear_news(app);
	}
}

int app_open_state(struct app *app)
{
	const struct policy *p = gate_policy(app->gate);
	struct keeper *k = &app->keeper;
	struct store_conf c = { .prefix4 = p->prefix4,
				.prefix6 = p->prefix6,
				.entry_places = p->entries_max,
				.record_places = p->entries_max / 8 + 1 };
	struct mono now = mono_now();
	int err;

	if (app->settings.state_dir[0] == '\0')
		return 0;
	snprintf(c.dir, sizeof(c.dir), "%s", app->settings.state_dir);
	snprintf(c.boot, sizeof(c.boot), "%s", app->boot);
	err = store_start(&k->store, &c);
	if (err == 0) {
		k->health = KEEPER_OPENING;
		err = watch(app);
	}
	if (err < 0) {
		log_bad(app->log, "cannot start the store: %s", strerror(-err));
		return EX_OSERR;
	}
	k->stamped = k->clean = now;
	gate_begin_load(app->gate);
	try(k, now);
	wait_while(app, is_busy, mono_after(now, FIRST_WAIT_MS));
	return app->status;
}

/* It may be over, but that is not known yet. */
static bool is_in_doubt(struct app *app)
{
	return app->keeper.health == KEEPER_TROUBLE &&
	       store_count(app->keeper.store).tried != app->keeper.tries;
}

static bool is_writing(struct app *app)
{
	while (app->keeper.is_walking && walk_piece(app))
		;
	return app->keeper.health == KEEPER_FINE &&
	       (app->keeper.is_walking || !is_committed(&app->keeper));
}

static bool has_not_ended(struct app *app)
{
	return !store_has_ended(app->keeper.store);
}

void app_end_state(struct app *app)
{
	struct keeper *k = &app->keeper;
	struct mono until = mono_after(mono_now(), END_MS);

	if (!k->store)
		return;
	wait_while(app, is_busy, until);
	if (k->health == KEEPER_TROUBLE) {
		try(k, mono_now());
		wait_while(app, is_in_doubt, mono_after(mono_now(), END_MS / 5));
		wait_while(app, is_busy, until);
	}
	wait_while(app, is_writing, until);
	if (k->health == KEEPER_FINE && gate_changes(app->gate) > 0) {
		begin_walk(k, mono_now());
		wait_while(app, is_writing, until);
	}
	/* Whoever came while the rest was written is no loss to tell of. */
	if ((k->health != KEEPER_FINE && gate_changes(app->gate) > 0) || k->is_walking ||
	    !is_committed(k))
		log_bad(app->log, "state: what was learned last is not stored");
	(void)store_end(k->store);
	store_wake(k->store);
	wait_while(app, has_not_ended, until);
}
