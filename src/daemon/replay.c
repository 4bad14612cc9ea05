/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay.c - packets from a capture to lines of the log, and totals
 *
 * The clock of the rule is that of the capture, from 0 at its first packet. It never runs
 * backwards: a packet that says it is older than one before it is judged at the time of
 * that one.
 */
#include "daemon/replay_int.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "daemon/app_int.h"
#include "daemon/findings_int.h"
#include "daemon/namebook_int.h"
#include "daemon/totals_int.h"
#include "transport/capfile.h"

enum {
	/* Names come this long after the question: behind the SYN to the real MX that
	 * follows a refused knock at once, well before that SYN is repeated. */
	NAMES_MS = 100,
	QUESTIONS = RESOLVER_QUESTIONS, /* that wait; a power of two */
	ROUND_MS = 10 * 60 * 1000, /* to sweep once around the table, as the daemon */
	SWEEP_MAX = 4096, /* places at once: a capture of years must not take long */
};

struct question {
	struct addr who;
	struct mono due;
};

struct replay {
	struct gate     *gate;
	struct namebook *names;
	struct capfile  *file;
	struct totals    totals;
	struct tally    *tally;
	struct findings *findings; /* NULL: no report is wanted */
	enum link_kind   link;
	bool             quiet;    /* totals only */
	bool             debug;    /* repetitions too */
	bool             as_json;  /* the report, and nothing else */
	bool             has_begun;
	int64_t          first_ms; /* of the capture's clock */
	struct mono      now;
	struct mono      swept;
	uint64_t         packets;
	uint64_t         no_ip;
	uint64_t         outgoing;
	uint64_t         late;    /* their time lay before that of a packet before them */
	uint64_t         unasked; /* questions for names dropped, too many waiting */
	struct question  question[QUESTIONS];
	unsigned         asked;    /* so far; the next one goes to asked % QUESTIONS */
	unsigned         answered;
};

/* Writes "t=SECONDS.mmm " and returns what is behind it. By hand: printf() would take a
 * third of all time. */
static char *put_time(char *out, struct mono now)
{
	char digits[24];
	unsigned count = 0;

	for (int64_t ms = now.ms; ms > 0 || count < 4; ms /= 10) {
		if (count == 3)
			digits[count++] = '.';
		digits[count++] = (char)('0' + ms % 10);
	}
	*out++ = 't';
	*out++ = '=';
	while (count > 0)
		*out++ = digits[--count];
	*out++ = ' ';
	*out = '\0';
	return out;
}

static void print_decision(const struct replay *r, const struct attempt *a,
			   const struct decision *d)
{
	char text[GATE_LINE_MAX + 64];
	char *line = put_time(text, r->now);

	if (d->repeat)
		line = stpcpy(line, "again ");
	gate_line(r->gate, a, d, line, GATE_LINE_MAX);
	line += strlen(line);
	*line++ = '\n';
	(void)fwrite(text, 1, (size_t)(line - text), stdout);
}

static void print_sibling(const struct replay *r, const struct addr *who,
			  const struct heard *h)
{
	char time[32], sibling[ADDR_TEXT_MAX], of[ADDR_TEXT_MAX];

	if (r->quiet)
		return;
	put_time(time, r->now);
	printf("%ssibling src=%s of=%s name=%s\n", time, addr_format(who, sibling),
	       addr_format(&h->who, of), h->name);
}

static void ask_names(struct replay *r, const struct effects *fx)
{
	for (unsigned i = 0; i < fx->count; i++) {
		if (fx->list[i].kind != EFFECT_ASK_NAMES)
			continue;
		if (r->asked - r->answered == QUESTIONS) {
			r->unasked++;
			continue;
		}
		r->question[r->asked++ % QUESTIONS] = (struct question){
			fx->list[i].who, mono_after(r->now, NAMES_MS)
		};
	}
}

static void answer(struct replay *r, const struct addr *who)
{
	struct addr siblings[POLICY_SIBLINGS_MAX];
	struct heard h;

	for (unsigned nth = 0; namebook_hear(r->names, who, nth, &h, siblings); nth++) {
		struct effects fx = { .count = 0 };

		gate_hear_name(r->gate, &h, r->now, &fx);
		if (r->findings) {
			tally_note_name(r->tally, &h);
			findings_hear(r->tally, r->gate, who, &fx, r->now);
		}
		for (unsigned i = 0; i < fx.count; i++)
			if (fx.list[i].kind == EFFECT_ADMITTED)
				print_sibling(r, &fx.list[i].who, &h);
	}
}

/* Questions have one delay, so they come due in order. */
static void answer_until(struct replay *r, struct mono now)
{
	while (r->answered != r->asked) {
		const struct question *q = &r->question[r->answered % QUESTIONS];

		if (!mono_reached(now, q->due))
			break;
		r->now = q->due;
		answer(r, &q->who);
		r->answered++;
	}
}

static void sweep(struct replay *r)
{
	uint32_t max = gate_policy(r->gate)->entries_max;
	int64_t places = (r->now.ms - r->swept.ms) * (max / 1000 + 1) / (ROUND_MS / 1000);

	if (places == 0)
		return;
	gate_expire(r->gate, r->now,
		    places < SWEEP_MAX ? (uint32_t)places : (uint32_t)SWEEP_MAX);
	r->swept = r->now;
}

static void advance(struct replay *r, int64_t ms)
{
	struct mono now;

	if (!r->has_begun)
		r->first_ms = ms;
	r->has_begun = true;
	now.ms = ms - r->first_ms;
	if (now.ms < r->now.ms) {
		r->late++;
		return;
	}
	answer_until(r, now);
	r->now = now;
	sweep(r);
}

/* What is no attempt to connect would fill pages: captures hold whole connections. */
static bool is_attempt(const struct decision *d)
{
	return d->reason != REASON_NOT_A_SYN && d->reason != REASON_MALFORMED;
}

static void judge(struct replay *r, const struct link_packet *packet)
{
	struct effects fx = { .count = 0 };
	struct decision d;
	struct attempt a;
	struct pkt pkt;

	turn_read_attempt(packet->bytes, packet->len, &pkt, &a);
	d = gate_judge(r->gate, &a, r->now, &fx);
	totals_count(&r->totals, &a, &d);
	if (r->findings)
		tally_note(r->tally, &a, &d, gate_policy(r->gate), r->now);
	ask_names(r, &fx);
	if (is_attempt(&d) && !r->quiet && (!d.repeat || r->debug))
		print_decision(r, &a, &d);
}

static void take_packet(struct replay *r, const struct capture *c)
{
	struct link_packet packet;

	r->packets++;
	advance(r, c->ms);
	switch (link_find_ip(r->link, c->bytes, c->len, &packet)) {
	case LINK_IP:
		judge(r, &packet);
		break;
	case LINK_NO_IP:
		r->no_ip++;
		break;
	case LINK_OUTGOING:
		r->outgoing++;
		break;
	}
}

static void print_totals(const struct replay *r)
{
	totals_print(&r->totals, stdout);
	printf("replayed packets=%" PRIu64 " seconds=%" PRId64 ".%03d no-ip=%" PRIu64
	       " outgoing=%" PRIu64 " late=%" PRIu64 " unasked=%" PRIu64
	       " uncounted=%" PRIu64 "\n",
	       r->packets, r->now.ms / 1000, (int)(r->now.ms % 1000), r->no_ip,
	       r->outgoing, r->late, r->unasked, r->totals.uncounted);
}

static void print_report(const struct replay *r)
{
	struct findings *f = r->findings;

	if (!f)
		return;
	while (findings_look(f))
		;
	f->now = r->now;
	f->wall_ms = r->first_ms + r->now.ms;
	if (r->as_json)
		findings_print_json(f, stdout);
	else
		findings_print(f, stdout);
}

static int complain(const char *path, uint64_t packet, const char *why)
{
	const char *name = strcmp(path, "-") == 0 ? "standard input" : path;

	if (packet == 0)
		fprintf(stderr, "mxallowd: %s: %s\n", name, why);
	else
		fprintf(stderr, "mxallowd: %s: packet %" PRIu64 ": %s\n", name, packet,
			why);
	return EX_DATAERR;
}

static int run(struct replay *r, const char *path)
{
	char why[CAPFILE_WHY_MAX];
	struct capture c;
	enum capfile_state state;
	int status = 0;

	while ((state = capfile_read(r->file, &c, why)) == CAPFILE_FINE)
		take_packet(r, &c);
	if (!r->as_json)
		print_totals(r);
	print_report(r);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "mxallowd: cannot write: %s\n", strerror(errno));
		status = EX_IOERR;
	}
	return state == CAPFILE_END ? status : complain(path, c.number, why);
}

static bool prepare_report(struct replay *r, const struct arguments *args,
			   const uint8_t key[GATE_KEY_BYTES])
{
	if (args->report == REPORT_NOT_WANTED)
		return true;
	r->tally = tally_new(gate_policy(r->gate), key, r->now);
	r->findings = calloc(1, sizeof(*r->findings));
	if (!r->tally || !r->findings)
		return false;
	r->findings->tally = r->tally;
	r->findings->gate = r->gate;
	r->findings->names = r->names;
	r->as_json = args->report == REPORT_AS_JSON;
	return true;
}

/* The table must be in the same order in every run, and names where it was told. */
static int prepare(struct replay *r, const struct arguments *args, struct plan *plan)
{
	static const uint8_t key[GATE_KEY_BYTES] = "mxallowd replay";
	struct complaint why;

	if (!namebook_read(&r->names, args->names, &why)) {
		fprintf(stderr, "%s\n", why.text);
		return EX_CONFIG;
	}
	r->gate = gate_new(&plan->policy, plan->lists, key);
	if (r->gate)
		plan->lists = NULL;
	if (!r->gate || !totals_init(&r->totals, &plan->policy) ||
	    !prepare_report(r, args, key)) {
		fprintf(stderr, "mxallowd: no memory for entries-max = %u\n",
			plan->settings.entries_max);
		return EX_OSERR;
	}
	r->quiet = plan->settings.quiet || r->as_json;
	r->debug = plan->settings.debug;
	return 0;
}

int replay(const struct arguments *args, struct plan *plan)
{
	struct replay *r = calloc(1, sizeof(*r));
	char why[CAPFILE_WHY_MAX];
	enum capfile_state state;
	int status;

	if (!r)
		return EX_OSERR;
	status = prepare(r, args, plan);
	if (status == 0) {
		state = capfile_open(&r->file, args->replay, why);
		if (state != CAPFILE_FINE)
			status = complain(args->replay, 0, why);
		if (state == CAPFILE_ABSENT)
			status = EX_NOINPUT;
	}
	if (status == 0) {
		r->link = capfile_link(r->file);
		status = run(r, args->replay);
	}
	capfile_close(r->file);
	totals_fini(&r->totals);
	gate_free(r->gate);
	tally_free(r->tally);
	free(r->findings);
	namebook_free(r->names);
	free(r);
	return status;
}
