/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * asked.c - which questions are worth asking: not lately asked, not too many
 *
 * A flood from invented addresses can push real ones out of the memory, but it cannot
 * make us ask more often than the credit allows, nor use up what is kept for known ones.
 */
#include "resolver/asked_int.h"

#include <string.h>

enum {
	QUESTION = 1000, /* what one question costs: credit grows by PER_SECOND a ms */
	CREDIT_MAX = 2 * RESOLVER_PER_SECOND * QUESTION,
	/* Longer than that and the credit is full anyway; keeps the product small. */
	REFILL_MAX_MS = 2 * 1000,
	FAMILY_NET6 =
		64, /* no address has it, so networks and addresses share the memory */
};

static struct asked_source *set_of(struct asked *a, const struct addr *who)
{
	uint8_t bytes[1 + sizeof(who->byte)];
	uint8_t hash[crypto_shorthash_BYTES];

	bytes[0] = who->family;
	memcpy(bytes + 1, who->byte, sizeof(who->byte));
	crypto_shorthash(hash, bytes, sizeof(bytes), a->secret);
	return a->source[(hash[0] | (unsigned)hash[1] << 8) % ASKED_SETS];
}

static bool is_fresh(const struct asked_source *s, struct mono now)
{
	return s->who.family != ADDR_NONE &&
	       !mono_reached(now, mono_after(s->when, RESOLVER_REMEMBER_MS));
}

static void refill(struct asked *a, struct mono now)
{
	int64_t ms = now.ms - a->refilled.ms;

	if (!a->begun || ms > REFILL_MAX_MS) {
		a->credit = CREDIT_MAX;
	} else if (ms > 0) {
		a->credit += ms * RESOLVER_PER_SECOND;
		if (a->credit > CREDIT_MAX)
			a->credit = CREDIT_MAX;
	} else {
		return;
	}
	a->begun = true;
	a->refilled = now;
}

/* Where it stands, or where it may stand: a free place, or the oldest. */
static struct asked_source *place_of(struct asked *a, const struct addr *who)
{
	struct asked_source *set = set_of(a, who);
	struct asked_source *place = &set[0];

	for (unsigned i = 0; i < ASKED_WAYS; i++) {
		if (addr_is_equal(&set[i].who, who))
			return &set[i];
		if (place->who.family != ADDR_NONE &&
		    (set[i].who.family == ADDR_NONE || set[i].when.ms < place->when.ms))
			place = &set[i];
	}
	return place;
}

static bool is_known(const struct asked_source *s, const struct addr *who,
		     struct mono now)
{
	return is_fresh(s, now) && addr_is_equal(&s->who, who);
}

static struct addr net_of(const struct addr *who)
{
	struct addr net = addr_mask(who, 64);

	net.family = FAMILY_NET6;
	return net;
}

static bool is_net_over(struct asked *a, const struct addr *who, struct mono now)
{
	struct addr net = net_of(who);
	const struct asked_source *s = place_of(a, &net);

	return who->family == ADDR_IP6 && is_known(s, &net, now) &&
	       s->count >= ASKED_PER_NET;
}

/* What must be there for one more question. */
static int64_t least_credit(enum resolver_rank rank)
{
	return rank == RESOLVER_KNOWN ? QUESTION : (1 + RESOLVER_BURST_KNOWN) * QUESTION;
}

enum asked_state asked_look(struct asked *a, const struct addr *who,
			    enum resolver_rank rank, struct mono now)
{
	if (is_known(place_of(a, who), who, now) || is_net_over(a, who, now))
		return ASKED_LATELY;
	refill(a, now);
	return a->credit < least_credit(rank) ? ASKED_TOO_MANY : ASKED_NOT;
}

static void note_net(struct asked *a, const struct addr *who, struct mono now)
{
	struct addr net = net_of(who);
	struct asked_source *s = place_of(a, &net);

	if (is_known(s, &net, now))
		s->count++;
	else
		*s = (struct asked_source){ net, now, 1 };
}

void asked_note(struct asked *a, const struct addr *who, struct mono now)
{
	*place_of(a, who) = (struct asked_source){ *who, now, 0 };
	if (who->family == ADDR_IP6)
		note_net(a, who, now);
	a->credit -= QUESTION;
}
