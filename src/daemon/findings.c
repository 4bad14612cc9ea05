/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * findings.c - from the tally to rows
 */
#include "daemon/findings_int.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

enum { PIECE_PLACES = 2048, DATE_MAX = 40 };

bool findings_look(struct findings *f)
{
	f->is_whole = !tally_look(f->tally, &f->report, PIECE_PLACES);
	return !f->is_whole;
}

static void add_date(struct row *out, const struct findings *f, const char *key,
		     struct mono when)
{
	time_t s = (time_t)((f->wall_ms - (f->now.ms - when.ms)) / 1000);
	char date[DATE_MAX];
	struct tm tm;

	if (gmtime_r(&s, &tm) && strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", &tm))
		row_add(out, " %s=%s", key, date);
}

/* The gate knows a name for an hour, a namebook for ever. */
static void add_name(struct row *out, const struct findings *f, const struct net *source)
{
	struct addr siblings[POLICY_SIBLINGS_MAX];
	struct heard h = { .name = NULL };
	struct knowledge k;

	gate_explain(f->gate, &source->addr, f->now, &k);
	if (k.name[0] != '\0')
		row_add_text(out, "name", k.name);
	else if (f->names && namebook_hear(f->names, &source->addr, 0, &h, siblings) &&
		 h.name)
		row_add_text(out, "name", h.name);
}

static bool head_row(struct findings *f, struct row *out)
{
	const struct tally_totals *t = &f->report.totals;
	uint64_t good = 0;

	if (f->at++ > 0)
		return false;
	for (unsigned i = TALLY_NOT_GOOD + 1; i < TALLY_GOODS; i++)
		good += t->good[i];
	row_add(out, "report observe=%s", t->observe ? "yes" : "no");
	add_date(out, f, "since", t->since);
	row_add_span(out, "for", f->now.ms - t->since.ms);
	row_add(out,
		" attempts=%" PRIu64 " sources=%" PRIu64 " refused=%" PRIu64
		" black=%" PRIu64 " good=%" PRIu64 " stuck=%" PRIu32
		" unfollowed=%" PRIu64 " unplaced=%" PRIu64,
		t->attempts, t->sources, t->refused, t->black, good, f->report.stuck,
		t->unfollowed, f->report.unplaced);
	return true;
}

static bool turned_away_row(struct findings *f, struct row *out)
{
	const uint64_t *by = f->report.totals.refused_by;

	while (f->at < REASONS && by[f->at] == 0)
		f->at++;
	if (f->at == REASONS)
		return false;
	row_add(out, "turned-away reason=%s sources=%" PRIu64,
		reason_name((enum reason)f->at), by[f->at]);
	f->at++;
	return true;
}

static bool good_row(struct findings *f, struct row *out)
{
	const uint64_t *good = f->report.totals.good;

	while (f->at < TALLY_GOODS && good[f->at] == 0)
		f->at++;
	if (f->at == TALLY_GOODS)
		return false;
	row_add(out, "good how=%s sources=%" PRIu64,
		tally_good_name((enum tally_good)f->at), good[f->at]);
	f->at++;
	return true;
}

static bool delay_row(struct findings *f, struct row *out)
{
	const struct tally_totals *t = &f->report.totals;

	if (f->at++ > 0 || t->delays == 0)
		return false;
	row_add(out, "delay sources=%" PRIu64, t->delays);
	row_add_span(out, "median", t->median_ms);
	row_add_span(out, "p95", t->p95_ms);
	return true;
}

static bool network_row(struct findings *f, struct row *out)
{
	const struct tally_network *n = &f->report.network[f->at];
	char net[NET_TEXT_MAX];

	if (f->at >= f->report.networks)
		return false;
	row_add(out, "network net=%s sources=%" PRIu32 " good=%" PRIu32 " stuck=%" PRIu32,
		net_format(&n->net, net), n->sources, n->good, n->stuck);
	f->at++;
	return true;
}

static bool hurt_row(struct findings *f, struct row *out)
{
	const struct tally_source *s = &f->report.hurt[f->at];
	char src[NET_TEXT_MAX];

	if (f->at >= f->report.hurts)
		return false;
	row_add(out, "hurt src=%s how=%s refused=%" PRIu32, net_format(&s->source, src),
		tally_good_name(s->how), s->refused);
	if (s->has_delay)
		row_add_span(out, "delay", s->delay_ms);
	add_name(out, f, &s->source);
	f->at++;
	return true;
}

static bool stuck_row(struct findings *f, struct row *out)
{
	const struct tally_source *s = &f->report.stuck_source[f->at];
	char src[NET_TEXT_MAX];

	if (f->at >= f->report.stucks)
		return false;
	row_add(out, "stuck src=%s knocks=%" PRIu32, net_format(&s->source, src),
		s->knocks);
	add_date(out, f, "first", s->first_knock);
	add_date(out, f, "last", s->last_knock);
	add_name(out, f, &s->source);
	f->at++;
	return true;
}

/* Each writes row number f->at of its part and moves on; false behind the last. */
static bool (*const parts[FINDINGS_END])(struct findings *f, struct row *out) = {
	[FINDINGS_HEAD] = head_row,	   [FINDINGS_TURNED_AWAY] = turned_away_row,
	[FINDINGS_GOOD] = good_row,	   [FINDINGS_DELAY] = delay_row,
	[FINDINGS_NETWORKS] = network_row, [FINDINGS_HURT] = hurt_row,
	[FINDINGS_STUCK] = stuck_row,
};

bool findings_row(struct findings *f, struct row *out)
{
	while (f->part != FINDINGS_END) {
		out->used = 0;
		if (parts[f->part](f, out))
			return true;
		f->part++;
		f->at = 0;
	}
	return false;
}

void findings_print(struct findings *f, FILE *out)
{
	struct row row;

	while (findings_row(f, &row))
		fprintf(out, "%s\n", row.text);
}

/* Counts are numbers; a name, which is a stranger's, never is. */
static bool is_count(const struct proto_pair *p)
{
	bool is_name = p->key_len == 4 && memcmp(p->key, "name", 4) == 0;

	return !is_name && strspn(p->value, "0123456789") == p->value_len;
}

/* Nothing in these rows needs an escape: names are those of hosts. */
static void print_object(const char *row, FILE *out)
{
	size_t kind_len = strcspn(row, " ");
	const char *pairs = row + kind_len;
	struct proto_pair p;

	fprintf(out, "{\"row\":\"%.*s\"", (int)kind_len, row);
	while (proto_next_pair(&pairs, &p)) {
		const char *quote = is_count(&p) ? "" : "\"";

		fprintf(out, ",\"%.*s\":%s%.*s%s", (int)p.key_len, p.key, quote,
			(int)p.value_len, p.value, quote);
	}
	fputc('}', out);
}

void findings_print_json(struct findings *f, FILE *out)
{
	const char *between = "[\n";
	struct row row;

	while (findings_row(f, &row)) {
		fputs(between, out);
		print_object(row.text, out);
		between = ",\n";
	}
	fputs("\n]\n", out); /* there is a first row always */
}

void findings_hear(struct tally *t, const struct gate *g, const struct addr *who,
		   const struct effects *fx, struct mono now)
{
	struct knowledge k;

	for (unsigned i = 0; i < fx->count; i++)
		if (fx->list[i].kind == EFFECT_ADMITTED)
			tally_note_opening(t, &fx->list[i].who, TALLY_RETRIED, now);
	gate_explain(g, who, now, &k);
	if (k.is_listed_by_name && k.decision.reason == REASON_LISTED_ALLOW)
		tally_note_opening(t, who, TALLY_LISTED, now);
}
