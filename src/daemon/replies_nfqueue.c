/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replies_nfqueue.c - raw sockets: refuse, hold, challenge
 */
#include "daemon/replies_int.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <sodium.h>

#include "daemon/app_int.h"
#include "daemon/clock_int.h"
#include "inject/inject.h"

struct replies {
	struct injector *injector; /* owned; never NULL */
	bool             holds;    /* something is to be tarpitted */
	bool             proves;   /* knocks are to be challenged */
};

static bool are_needed(const struct plan *p)
{
	return plan_may_meet(p, VERDICT_TARPIT) || p->policy.proof == PROOF_COOKIE ||
	       (plan_may_meet(p, VERDICT_RESET) && !p->settings.reset_with_mark);
}

static void renew_secret(struct replies *r)
{
	struct mono now = mono_now();
	uint8_t secret[16];

	if (!inject_is_due(r->injector, now))
		return;
	randombytes_buf(secret, sizeof(secret));
	inject_renew(r->injector, secret, now);
	sodium_memzero(secret, sizeof(secret));
}

static struct inject_conf conf_of(const struct plan *plan)
{
	struct inject_conf c = { .mark = plan->settings.mark,
				 .tarpit_max_ms = plan->settings.tarpit_max_us / 1000 };

	randombytes_buf(c.secret, sizeof(c.secret));
	return c;
}

static void take_over(struct replies *r, const struct plan *plan)
{
	r->holds = plan_may_meet(plan, VERDICT_TARPIT);
	r->proves = plan->policy.proof == PROOF_COOKIE;
}

bool replies_may_change(const struct app *app, const struct plan *plan)
{
	return app->replies || !are_needed(plan);
}

void replies_change(struct app *app, const struct plan *plan)
{
	struct inject_conf c = conf_of(plan);

	if (!app->replies)
		return;
	take_over(app->replies, plan);
	memset(app->batch.is_held, 0, sizeof(app->batch.is_held));
	memset(app->batch.is_proof, 0, sizeof(app->batch.is_proof));
	if (app->settings.tarpit_max_us != plan->settings.tarpit_max_us)
		inject_change(app->replies->injector, &c);
}

static int open_all(struct app *app, const struct plan *plan)
{
	struct inject_conf c = conf_of(plan);
	struct replies *r = calloc(1, sizeof(*r));
	int err = r ? inject_open(&r->injector, &c) : -ENOMEM;

	if (err < 0) {
		free(r);
		return err;
	}
	take_over(r, plan);
	renew_secret(r);
	app->replies = r;
	return 0;
}

int replies_open(struct app *app, struct plan *plan)
{
	int err = open_all(app, plan);

	if (err == 0)
		return 0;
	if (!are_needed(plan)) {
		log_note(app->log,
			 "no raw socket: %s; nothing needs one now, and no reload will "
			 "bring reset, tarpit or proof", strerror(-err));
		return 0;
	}
	if (err == -EPERM || err == -EACCES) {
		log_bad(app->log,
			"not allowed to open a raw socket: CAP_NET_RAW (or, for "
			"its mark, CAP_NET_ADMIN) is missing; start mxallowd as root, "
			"or give the container these capabilities");
		return EX_NOPERM;
	}
	log_bad(app->log, "cannot open a raw socket: %s", strerror(-err));
	return EX_OSERR;
}

void replies_close(struct app *app)
{
	if (app->replies)
		inject_close(app->replies->injector);
	free(app->replies);
	app->replies = NULL;
}

/* No SYN, but part of a connection that the tarpit holds. */
static bool is_held(const struct replies *r, const struct policy *p,
		    const struct pkt *pkt, struct mono now)
{
	return r->holds && !p->observe && inject_is_held(r->injector, p, pkt, now);
}

/* No SYN, but the answer to a challenge. */
static bool is_proof(const struct replies *r, const struct policy *p,
		     const struct pkt *pkt, struct mono now)
{
	return r->proves && inject_is_proof(r->injector, p, pkt, now);
}

/* Where nothing is held or challenged, no mark is ever set. */
void replies_find(struct app *app, unsigned count, struct mono now)
{
	const struct policy *p = gate_policy(app->gate);
	const struct replies *r = app->replies;
	struct batch *b = &app->batch;

	if (!r || (!r->holds && !r->proves))
		return;
	for (unsigned i = 0; i < count; i++) {
		const struct pkt *pkt = &b->pkt[i];
		bool may_be = b->decision[i].reason == REASON_NOT_A_SYN && pkt->is_tcp;

		b->is_held[i] = may_be && is_held(r, p, pkt, now);
		b->is_proof[i] = may_be && is_proof(r, p, pkt, now);
	}
}

static void reply(struct app *app, const struct policy *p, unsigned i, struct mono now)
{
	const struct replies *r = app->replies;
	const struct batch *b = &app->batch;
	struct inject_peer peer = { b->held[i].ifindex, b->decision[i].is_known };

	if (r->proves && b->decision[i].reason == REASON_NOT_A_SYN)
		inject_hear_reset(r->injector, p, &b->pkt[i]);
	if (r->proves && b->decision[i].showing == SHOWING_NOTHING)
		inject_ask_proof(r->injector, p, &b->pkt[i], peer, now);
	else if (b->is_held[i])
		inject_keep(r->injector, p, &b->pkt[i], peer, now);
	else if (b->decision[i].verdict == VERDICT_TARPIT)
		inject_hold(r->injector, p, &b->pkt[i], peer, now);
	else if (b->decision[i].verdict == VERDICT_RESET &&
		 !app->settings.reset_with_mark)
		inject_refuse(r->injector, p, &b->pkt[i], peer, now);
}

void replies_send(struct app *app, unsigned count, struct mono now)
{
	const struct policy *p = gate_policy(app->gate);

	for (unsigned i = 0; app->replies && i < count; i++)
		reply(app, p, i, now);
}

static void tell_deaf(const struct app *app)
{
	log_bad(app->log,
		"the tarpit holds nobody: no packet of a held connection comes back; one "
		"rule is missing: iptables -A INPUT -p tcp --dport %u -m conntrack "
		"! --ctstate ESTABLISHED,RELATED -j NFQUEUE --queue-num %d "
		"--queue-bypass (mxallowctl rules prints all)",
		app->settings.smtp_port, app->settings.queue_num);
}

static void tell_deaf_to_proofs(const struct app *app)
{
	log_bad(app->log,
		"nobody proves its address: no RST to a fake address comes back; unless "
		"all knocks were forged, one rule is missing: iptables -t raw -A "
		"PREROUTING -p tcp --tcp-flags SYN,RST RST --dport %u -d FAKE -j NFQUEUE "
		"--queue-num %d --queue-bypass (mxallowctl rules prints all)",
		app->settings.smtp_port, app->settings.queue_num);
}

void replies_watch(struct app *app)
{
	struct replies *r = app->replies;
	struct mono now = mono_now();

	if (!r)
		return;
	renew_secret(r);
	if (inject_is_deaf(r->injector, now))
		tell_deaf(app);
	if (inject_is_deaf_to_proofs(r->injector, now))
		tell_deaf_to_proofs(app);
}

void replies_row(const struct app *app, struct control_client *c)
{
	struct inject_counts i;

	if (!app->replies)
		return;
	i = inject_count(app->replies->injector);
	control_row(c,
		    "replies sent=%llu asked=%llu held=%llu kept=%llu let-go=%llu "
		    "refused=%llu capped=%llu failed=%llu",
		    (unsigned long long)i.sent, (unsigned long long)i.asked,
		    (unsigned long long)i.held, (unsigned long long)i.kept,
		    (unsigned long long)i.let_go, (unsigned long long)i.refused,
		    (unsigned long long)i.capped, (unsigned long long)i.failed);
}

unsigned replies_counters(const struct app *app, struct counter *out)
{
	struct inject_counts i;

	if (!app->replies)
		return 0;
	i = inject_count(app->replies->injector);
	const struct counter all[] = {
		{ .name = "resets_sent", .value = i.sent,
		  .help = "replies sent in the kernel's place" },
		{ .name = "resets_held", .value = i.held,
		  .help = "of these, SYNs answered to be held" },
		{ .name = "resets_kept", .value = i.kept,
		  .help = "of these, packets of held connections" },
		{ .name = "resets_let_go", .value = i.let_go,
		  .help = "packets of connections past tarpit-max" },
		{ .name = "resets_refused", .value = i.refused,
		  .help = "replies that were not ours to send" },
		{ .name = "resets_capped", .value = i.capped,
		  .help = "replies left out: too many in one second" },
		{ .name = "resets_failed", .value = i.failed,
		  .help = "replies the kernel did not take" },
	};

	_Static_assert(sizeof(all) / sizeof(all[0]) <= REPLIES_COUNTERS_MAX, "they fit");
	memcpy(out, all, sizeof(all));
	return sizeof(all) / sizeof(all[0]);
}

uint64_t replies_challenges(const struct app *app)
{
	return app->replies ? inject_count(app->replies->injector).asked : 0;
}
