/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keeper_int.h - from the gate to the store and back
 *
 * Twice a second the changed places of the table are walked, a piece at a time, and
 * handed to the store, with a commit behind them. When the store is slow the walk stands
 * still and the marks stay where they are; when it lost rows, everything is handed over
 * again.
 */
#ifndef DAEMON_KEEPER_INT_H
#define DAEMON_KEEPER_INT_H

#include <uv.h>

#include "base/tick.h"
#include "core/change.h"
#include "store/store.h"

struct app;

enum { KEEPER_PIECE = 256 };

enum keeper_health {
	KEEPER_OFF,     /* no state-dir */
	KEEPER_OPENING,
	KEEPER_LOADING,
	KEEPER_FINE,
	KEEPER_TROUBLE, /* nothing is stored */
};

struct keeper {
	struct store      *store; /* owned; NULL = off */
	enum keeper_health health;
	int64_t     offset_ms; /* the file's scale less our clock */
	bool        has_opened;  /* once: from then on the file may lack what it had */
	bool        is_anew;     /* the file began empty: what was there was no good */
	bool        lacks;       /* what was stored before we started is not known */
	bool        is_told_slow;
	struct mono tried;
	uint64_t    tries;   /* asked for */
	uint64_t    commits; /* asked for */
	struct mono stamped; /* the last of them */
	bool        is_walking;
	struct mono walk_began;
	struct mono clean;   /* what was known then is on disk */
	unsigned    loaded;  /* rows */
	unsigned    useless;
	struct change_walk walk;
	struct change      piece[KEEPER_PIECE];

	uv_poll_t  on_news;
	uv_timer_t on_round;
	uv_timer_t on_piece;
};

/* How it is. */
struct keeper_state {
	enum keeper_health health;
	uint32_t waiting;   /* changes not handed over */
	int64_t  behind_ms; /* the oldest change that is not on disk */
};

const char *keeper_health_name(enum keeper_health h);

/* keeper_news.c: one piece of news from the store. */
void keeper_hear(struct app *app, const struct store_news *news, struct mono now);

/* keeper_row.c: between our clock and the file's scale. */
void keeper_row(const struct change *c, int64_t offset_ms, struct mono now,
		struct store_row *row);
void keeper_change(const struct store_row *row, int64_t offset_ms, struct change *c);

#endif
