/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules_int.h - the lines of a story that say what the gate lives under; private to the
 * player
 */
#ifndef TESTS_RULES_INT_H
#define TESTS_RULES_INT_H

#include "story_int.h"

/* --- one value ------------------------------------------------------------- */

static inline bool read_addrs(char *text, struct addr *list, unsigned *count)
{
	*count = 0;
	while (text != NULL) {
		char *comma = strchr(text, ',');

		if (comma != NULL)
			*comma++ = '\0';
		if (*count == POLICY_ADDRS_MAX || !addr_parse(text, &list[(*count)++]))
			return false;
		text = comma;
	}
	return true;
}

static inline bool read_start(const char *word, enum start *out)
{
	if (is(word, "knock"))
		*out = START_KNOCK;
	else if (is(word, "attempt"))
		*out = START_ATTEMPT;
	else if (is(word, "either"))
		*out = START_EITHER;
	else
		return false;
	return true;
}

static inline bool read_name(const char *word, char *out)
{
	return (size_t)snprintf(out, POLICY_NAME_MAX, "%s", word) < POLICY_NAME_MAX;
}

static inline bool read_count(const char *word, uint64_t min, unsigned *out)
{
	uint64_t n;

	if (!text_number(word, min, UINT16_MAX, &n))
		return false;
	*out = (unsigned)n;
	return true;
}

/* --- one key; false when there is none such, or the value is bad ----------- */

static inline bool set_queue_key(struct queue *q, const char *key, const char *value)
{
	unsigned n;

	if (is(key, "start"))
		return read_start(value, &q->start);
	if (is(key, "pause"))
		return read_span(value, &q->pause_ms);
	if (is(key, "window"))
		return read_span(value, &q->window_ms);
	if (is(key, "refresh"))
		return read_yes(value, &q->refresh);
	if (is(key, "deny"))
		return read_verdict(value, &q->deny);
	if (!is(key, "connections") || !read_count(value, 0, &n))
		return false;
	q->connections = (uint16_t)n;
	return true;
}

static inline bool set_penalty_key(struct penalty *p, const char *key, const char *value)
{
	if (is(key, "strikes"))
		return read_count(value, 1, &p->strikes) &&
		       p->strikes <= POLICY_STRIKES_MAX;
	if (is(key, "within"))
		return read_span(value, &p->within_ms);
	if (is(key, "time"))
		return read_span(value, &p->time_ms);
	if (is(key, "action"))
		return read_verdict(value, &p->action);
	if (is(key, "escalate"))
		return read_count(value, 1, &p->escalate);
	return is(key, "time-max") && read_span(value, &p->time_max_ms);
}

static inline bool set_trust_key(struct trust *t, const char *key, const char *value)
{
	if (is(key, "votes"))
		return read_count(value, 1, &t->votes) && t->votes <= POLICY_STRIKES_MAX;
	return is(key, "time") && read_span(value, &t->time_ms);
}

static inline bool set_list_key(struct told_list *l, const char *key, const char *value)
{
	if (is(key, "queue"))
		return read_name(value, l->queue);
	if (is(key, "deny"))
		return read_verdict(value, &l->list.deny);
	if (!is(key, "action"))
		return false;
	if (is(value, "allow"))
		l->list.action = LIST_ALLOW;
	else if (is(value, "deny"))
		l->list.action = LIST_DENY;
	else if (is(value, "queue"))
		l->list.action = LIST_QUEUE;
	else
		return false;
	return true;
}

static inline bool set_number(struct policy *p, const char *key, const char *value)
{
	uint64_t n;

	if (is(key, "siblings-max") && text_number(value, 0, POLICY_SIBLINGS_MAX, &n))
		p->siblings_max = (unsigned)n;
	else if (is(key, "prefix4") && text_number(value, 8, 32, &n))
		p->prefix4 = (unsigned)n;
	else if (is(key, "prefix6") && text_number(value, 16, 128, &n))
		p->prefix6 = (unsigned)n;
	else if (is(key, "entries-max") &&
		 text_number(value, POLICY_ENTRIES_MIN, POLICY_ENTRIES_MAX, &n))
		p->entries_max = (uint32_t)n;
	else if (is(key, "smtp-port") && text_number(value, 1, UINT16_MAX, &n))
		p->smtp_port = (uint16_t)n;
	else
		return set_queue_key(&p->queue[0], key, value);
	return true;
}

static inline bool read_proof(const char *word, enum proof *out)
{
	if (is(word, "none"))
		*out = PROOF_NONE;
	else if (is(word, "retransmit"))
		*out = PROOF_RETRANSMIT;
	else if (is(word, "cookie"))
		*out = PROOF_COOKIE;
	else
		return false;
	return true;
}

static inline bool set_policy_key(struct policy *p, const char *key, char *value)
{
	if (is(key, "fake"))
		return read_addrs(value, p->fake, &p->fakes);
	if (is(key, "real"))
		return read_addrs(value, p->real, &p->reals);
	if (is(key, "observe"))
		return read_yes(value, &p->observe);
	if (is(key, "fake-action"))
		return read_verdict(value, &p->fake_action);
	if (is(key, "when-unsure"))
		return read_verdict(value, &p->when_unsure);
	if (is(key, "proof"))
		return read_proof(value, &p->proof);
	if (is(key, "probation"))
		return read_span(value, &p->probation_ms);
	return set_number(p, key, value);
}

/* --- lines ----------------------------------------------------------------- */

/* What a line of key=value is about. */
struct subject {
	struct policy    *policy; /* one of these is set */
	struct queue     *queue;
	struct penalty   *penalty;
	struct trust     *trust;
	struct told_list *list;
};

static inline bool set_key(const struct subject *to, const char *key, char *value)
{
	if (to->policy)
		return set_policy_key(to->policy, key, value);
	if (to->queue)
		return set_queue_key(to->queue, key, value);
	if (to->penalty)
		return set_penalty_key(to->penalty, key, value);
	if (to->trust)
		return set_trust_key(to->trust, key, value);
	return set_list_key(to->list, key, value);
}

static inline bool read_keys(struct story *s, const struct subject *to,
			     const struct words *w, unsigned from, unsigned until)
{
	for (unsigned i = from; i < until; i++) {
		char *value = strchr(w->at[i], '=');

		if (value == NULL)
			return fail(s, "\"%s\" is not key=value", w->at[i]);
		*value++ = '\0';
		if (!set_key(to, w->at[i], value))
			return fail(s, "no such key, or a bad value: %s", w->at[i]);
	}
	return true;
}

static inline bool read_policy(struct story *s, const struct words *w, unsigned from,
			       unsigned until)
{
	const struct subject to = { .policy = &s->rules.policy };

	return read_keys(s, &to, w, from, until);
}

/* queue NAME KEY=VALUE...; a new one has the defaults. */
static inline bool read_queue(struct story *s, const struct words *w)
{
	struct policy *p = &s->rules.policy;
	struct subject to = { .queue = p->queue };

	if (w->count < 2)
		return fail(s, "which queue?");
	while (to.queue < p->queue + p->queues && !is(to.queue->name, w->at[1]))
		to.queue++;
	if (to.queue == p->queue + p->queues) {
		if (p->queues == POLICY_QUEUES_MAX)
			return fail(s, "more than %d queues", POLICY_QUEUES_MAX);
		*to.queue = policy_default().queue[0];
		if (!read_name(w->at[1], to.queue->name))
			return fail(s, "too long a name: %s", w->at[1]);
		p->queues++;
	}
	return read_keys(s, &to, w, 2, w->count);
}

/* list NAME KEY=VALUE... : ENTRY... */
static inline bool read_list(struct story *s, const struct words *w)
{
	struct told_list *l = &s->rules.list[s->rules.lists];
	const struct subject to = { .list = l };
	unsigned colon = 2;

	while (colon < w->count && !is(w->at[colon], ":"))
		colon++;
	if (colon >= w->count || w->count - colon - 1 > TOLD_ENTRIES_MAX)
		return fail(s, "not: list NAME KEY=VALUE... : ENTRY... (up to %d)",
			    TOLD_ENTRIES_MAX);
	if (s->rules.lists++ == TOLD_LISTS_MAX)
		return fail(s, "more than %d lists", TOLD_LISTS_MAX);
	*l = (struct told_list){ .list = { .deny = VERDICT_DROP } };
	if (!read_name(w->at[1], l->list.name))
		return fail(s, "too long a name: %s", w->at[1]);
	for (unsigned i = colon + 1; i < w->count; i++)
		snprintf(l->entry[l->entries++], TOLD_NAME_MAX, "%s", w->at[i]);
	return read_keys(s, &to, w, 2, colon);
}

static inline bool read_rule(struct story *s, const struct words *w)
{
	const struct subject penalty = { .penalty = &s->rules.policy.penalty };
	const struct subject trust = { .trust = &s->rules.policy.trust };

	if (is(w->at[0], "policy"))
		return read_policy(s, w, 1, w->count);
	if (is(w->at[0], "queue"))
		return read_queue(s, w);
	if (is(w->at[0], "list"))
		return read_list(s, w);
	return read_keys(s, is(w->at[0], "trust") ? &trust : &penalty, w, 1, w->count);
}

static inline bool is_rule(const char *word)
{
	return is(word, "policy") || is(word, "queue") || is(word, "list") ||
	       is(word, "penalty") || is(word, "trust");
}

/* --- lists the gate can have ----------------------------------------------- */

static inline bool fill_list(struct story *s, struct lists *all, struct told_list *l)
{
	const struct policy *p = &s->rules.policy;
	struct net net;
	uint16_t number;

	for (l->list.queue = 0; l->list.action == LIST_QUEUE; l->list.queue++) {
		if (l->list.queue == p->queues)
			return fail(s, "list %s: no queue %s", l->list.name, l->queue);
		if (is(p->queue[l->list.queue].name, l->queue))
			break;
	}
	number = lists_add(all, &l->list);
	for (unsigned i = 0; i < l->entries; i++) {
		bool fine = net_parse(l->entry[i], &net)
				    ? lists_add_net(all, number, &net)
				    : lists_add_name(all, number, l->entry[i]);

		if (!fine)
			return fail(s, "list %s: out of memory", l->list.name);
	}
	return true;
}

/* NULL for none, and after a failure. */
static inline struct lists *make_lists(struct story *s, bool *fine)
{
	struct lists *all = s->rules.lists > 0 ? lists_new() : NULL;

	*fine = all != NULL || s->rules.lists == 0;
	for (unsigned i = 0; *fine && i < s->rules.lists; i++)
		*fine = fill_list(s, all, &s->rules.list[i]);
	if (*fine)
		return all;
	lists_free(all);
	return NULL;
}

#endif
