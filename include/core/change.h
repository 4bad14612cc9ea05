/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * change.h - what is known, as values that outlive the gate: out, and in again
 *
 * What is stored mirrors the table place by place. The gate marks a place whose thing
 * came, went or changed in a way that matters; whoever stores it takes these changes, a
 * piece at a time. A busy sender moves the closing time of its window with each
 * connection: that counts once it is in another twentieth of the window.
 *
 * At start all of it comes back, in the order of worth: entries before those that follow
 * one, and the one to be forgotten last first. Pure; as gate.h otherwise.
 */
#ifndef CORE_CHANGE_H
#define CORE_CHANGE_H

#include "core/gate.h"

enum change_kind {
	CHANGE_ENTRY,
	CHANGE_RECORD, /* strikes, white votes, penalty */
};

struct change_entry {
	char        queue[POLICY_NAME_MAX]; /* by name: numbers do not outlive us */
	enum via    via;
	bool        is_used;
	bool        is_kept; /* of those that go last */
	bool        is_proven;
	bool        follows; /* an unused sibling: its bringer's times are its own */
	uint16_t    connections;
	struct mono opens;
	struct mono closes;
	struct addr bringer; /* as a source; family NONE when nobody brought it */
};

struct change_record {
	struct mono penalty; /* ends; in the past: there is none */
	struct mono forget;
	uint8_t     whites;
	uint8_t     penalties;
	uint8_t     strikes; /* of strike[], oldest first */
	struct mono strike[POLICY_STRIKES_MAX];
};

struct change {
	enum change_kind kind;
	uint32_t         place;
	bool             is_gone; /* nothing is at that place: the rest is unset */
	struct addr      source;  /* cut to its prefix */
	union {
		struct change_entry  entry;
		struct change_record record;
	} of;
};

/* Where a walk over the changes stands; zero = at the beginning. */
struct change_walk {
	enum change_kind kind;
	uint32_t         place;
	bool             is_over;
};

/* Takes up to `max` changes, and looks at a bounded part of the table. Until w->is_over
 * there may be more. What changes again is a change again. */
unsigned gate_take_changes(struct gate *g, struct change_walk *w, struct change *out,
			   unsigned max);

/* Changes that were not taken yet. */
uint32_t gate_changes(const struct gate *g);

/* What was taken is lost: everything is a change again. */
void gate_mark_all(struct gate *g);

/* The same for one place, whose stored value is of no use. Any place will do. */
void gate_mark_place(struct gate *g, enum change_kind kind, uint32_t place);

/*
 * From here to gate_end_load() sources that are not known may turn out to be: when the
 * rule would refuse one for that, `when-unsure` decides, and nothing begins. Not while
 * running, when what is stored comes late.
 */
void gate_begin_load(struct gate *g);
void gate_end_unsure(struct gate *g); /* only that is over */
void gate_end_load(struct gate *g);

/* Things are to come back to places below these; new ones get others. */
void gate_expect_back(struct gate *g, uint32_t entry_places, uint32_t record_places);

/* What was stored comes back. False when it is of no use: over, its bringer gone, no room
 * (only those that go last push out others), or everything was forgotten meanwhile. What
 * is known of the source already stays, and gains what is better for it; but a pause or a
 * penalty that was begun meanwhile is not undone. */
bool gate_take_back(struct gate *g, const struct change *c, struct mono now);

#endif
