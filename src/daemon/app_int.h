/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app_int.h - the running daemon: every part, and what passes between them
 *
 * Seen by the files of this folder only. Each part belongs to the main thread; the
 * resolver, the store and the log have a thread of their own behind their doors.
 */
#ifndef DAEMON_APP_INT_H
#define DAEMON_APP_INT_H

#include <uv.h>

#include "conf/conf.h"
#include "core/gate.h"
#include "core/tally.h"
#include "daemon/arguments.h"
#include "daemon/cpu_int.h"
#include "daemon/detach_int.h"
#include "daemon/keeper_int.h"
#include "daemon/pace_int.h"
#include "daemon/notify_int.h"
#include "daemon/plan_int.h"
#include "daemon/reload_int.h"
#include "daemon/replies_int.h"
#include "daemon/report_int.h"
#include "daemon/source_int.h"
#include "daemon/stats_int.h"
#include "daemon/watch_int.h"
#include "log/log.h"
#include "priv/priv.h"
#include "resolver/resolver.h"
#include "sock/ballot.h"
#include "sock/control.h"
#include "store/store.h"
#include "transport/held.h"
#include "wire/pkt.h"

enum { LOOP_SIGNALS = 4 };

/* The packets of one read, side by side with what became of them. */
struct batch {
	struct held     held[HELD_BATCH];
	struct pkt      pkt[HELD_BATCH];
	struct attempt  attempt[HELD_BATCH];
	struct decision decision[HELD_BATCH];
	bool is_held[HELD_BATCH];  /* part of a connection the tarpit holds */
	bool is_proof[HELD_BATCH]; /* answers a challenge */
	struct effects  fx;
};

struct app {
	struct arguments args;
	struct settings  settings;
	struct priv_plan privileges;  /* what we give up */
	struct priv_outcome confined; /* and how that went */
	struct detached  detached;
	struct log      *log;      /* owned, as all the rest */
	struct gate     *gate;
	struct tally    *tally;    /* what became of whom the gate refused */
	struct source   *source;   /* of packets */
	struct replies  *replies;  /* NULL when none can be sent */
	struct resolver *resolver; /* NULL until names are asked for */
	struct ballot   *ballot;   /* NULL until there are vote sections */
	struct control  *control;  /* NULL when it could not be opened */
	struct keeper    keeper;
	bool             has_told_mark; /* that no rule refuses what we mark */
	struct stats     stats;
	struct report    report;
	struct pace      pace;
	struct notify    notify;
	struct watch     watch;
	struct watchdog  watchdog;
	struct reload    reload;
	struct batch     batch;

	uv_loop_t   loop;
	uv_poll_t   on_queue;
	uv_idle_t   on_rest; /* packets left over from a turn */
	uv_poll_t   on_names;
	uv_poll_t   on_nothing; /* once, at start */
	uv_timer_t  on_sweep;
	uv_timer_t  on_second;
	uv_timer_t  on_watchdog;
	uv_signal_t on_signal[LOOP_SIGNALS];
	bool        has_loop;
	bool        is_ready;
	struct cpu_places anywhere; /* where we might run before `cpu` was chosen */
	struct mono started;
	int64_t     started_wall_s;
	char        boot[STORE_BOOT_MAX]; /* names this boot of the system */
	int         status; /* to exit with */
};

/* start.c: in order, each step with a name; the exit status of the step that failed, 0
 * when all went well. Takes the plan over. app_stop() undoes what was done, also after a
 * failed start; false when the worker hangs in a read: then *app must stay, and only
 * _exit() does not wait for it. */
int app_start(struct app *app, struct plan *plan);
bool app_stop(struct app *app);

/* start.c, sockets.c: -> exit status; the reason has been logged. */
int app_open_control(struct app *app);
int app_open_state(struct app *app);
void app_make_run_dir(const struct app *app);

/* sockets.c: takes votes there and nowhere else; all of it or nothing. What stays where
 * it was keeps its clients. False: *why, with the line of `s` that `votes` came from. */
bool app_change_votes(struct app *app, const struct settings *s,
		      const struct conf_votes *votes, struct complaint *why);

/* warn.c: says what the operator should know although we can run. */
void app_warn(struct app *app);

/* confine.c: steps of the start: whom to become; folders to give away; and all that is
 * not needed from there on. */
int app_plan_privileges(struct app *app, struct plan *plan);
int app_give_folders(struct app *app, struct plan *plan);
int app_give_up(struct app *app, struct plan *plan);
void app_warn_root(struct app *app);
const char *app_confinement(const struct app *app); /* as `confine` says it */

/* confine.c: what of it stands in the way of a box a reload names; NULL = nothing. */
const char *app_box_obstacle(const struct app *app, const struct conf_vote *v);

/* sockets.c: counts it, and tells who wants to know. `text` is escaped. */
enum vote_outcome app_vote(struct app *app, const struct vote *v, const char *from,
			   const char *text);
const char *vote_outcome_name(enum vote_outcome outcome);

/* app.c: a line for the log and for those who watch. */
void app_tell(struct app *app, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* app.c: somebody would get it. */
bool app_is_heard(const struct app *app);

/* app.c: what the core wished for. `heard` is what DNS said just now, or NULL. */
void app_apply(struct app *app, const struct effects *fx, const struct dns_answer *heard,
	       struct mono now);
void app_hear_names(struct app *app);

/* app.c: ends the resolver. False: it hangs, and what belongs to it must stay. */
bool app_end_names(struct app *app);

/* counters.c: everything that is counted, up to `max`; returns how many. */
unsigned app_counters(const struct app *app, struct counter *out, unsigned max);
void app_log_statistics(struct app *app);

/* keeper.c: stores what is not stored yet, within bounds, and lets the file go. */
void app_end_state(struct app *app);

/* keeper.c: for people and for programs. */
struct keeper_state app_state(const struct app *app);

/* turn.c: packets from the queue to their verdicts. Returns how many; *drained: the queue
 * was empty afterwards. Sets app->status and stops the loop when the queue is lost. */
unsigned turn_packets(struct app *app, bool *drained);

/* turn.c: an IP packet in the terms of the rule. */
void turn_read_attempt(const uint8_t *bytes, size_t len, struct pkt *pkt,
		       struct attempt *a);

/* turn.c: answers all that the kernel holds, within bounds. */
void turn_last_packets(struct app *app);

/* reload.c: what the settings mean for the log. */
struct log_conf app_log_conf(const struct settings *s);

/* loop.c: timers and signals; then the queue, and the watchdog if there is one; negative
 * errno. */
int loop_init(struct app *app);
int loop_watch_queue(struct app *app);
int loop_feed_watchdog(struct app *app, int64_t interval_us);
void loop_run(struct app *app);
/* No packets are read from now on. */
void loop_forget_queue(struct app *app);
/* Waits a second for the worker at most; false when it is still busy. */
bool loop_fini(struct app *app);

/* loop.c: answers of a resolver; that they are not wanted after all. */
int loop_watch_names(struct app *app, struct resolver *resolver);
void loop_forget_names(struct app *app);

#endif
