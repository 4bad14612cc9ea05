/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * effects.h - what the core wishes done, as values
 *
 * The core calls nobody. It leaves wishes in a fixed list; the daemon carries them out
 * after the verdict is on its way, and a test simply reads them.
 */
#ifndef CORE_EFFECTS_H
#define CORE_EFFECTS_H

#include <stdbool.h>

#include "base/addr.h"

enum { EFFECTS_MAX = 64 };

enum effect_kind {
	EFFECT_ASK_NAMES, /* look up the names of `who`; answer with gate_hear_name() */
	EFFECT_ADMITTED,  /* `who` now has an entry, as a sibling */
};

struct effect {
	enum effect_kind kind;
	struct addr      who;
	bool             is_known; /* to ask: of a sender that was let in, or proven */
};

struct effects {
	struct effect list[EFFECTS_MAX];
	unsigned      count;
	unsigned      lost; /* did not fit; the caller counts them */
};

static inline void effects_add(struct effects *fx, enum effect_kind kind,
			       const struct addr *who)
{
	if (fx->count == EFFECTS_MAX)
		fx->lost++;
	else
		fx->list[fx->count++] = (struct effect){ kind, *who, false };
}

static inline void effects_ask(struct effects *fx, const struct addr *who, bool is_known)
{
	unsigned before = fx->count;

	effects_add(fx, EFFECT_ASK_NAMES, who);
	if (fx->count > before)
		fx->list[before].is_known = is_known;
}

#endif
