/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vote.h - what others tell us of a source
 */
#ifndef CORE_VOTE_H
#define CORE_VOTE_H

#include <stdint.h>

#include "base/addr.h"

enum vote_kind {
	VOTE_BLACK,
	VOTE_WHITE,
	VOTE_FORGET,           /* entry, strikes and penalty of one source */
	VOTE_FORGET_PENALTIES, /* of all; `who` is of no family */
	VOTE_FORGET_ALL,       /* everything known of everybody */
};

struct vote {
	enum vote_kind kind;
	struct addr    who;
	int64_t        for_ms; /* an operator's word: penalty or window of this length, at
				* once; 0 = as the configuration has it */
};

enum vote_outcome {
	VOTE_COUNTED,   /* a strike, or a white vote, but not enough of them yet */
	VOTE_PENALISED, /* the penalty has begun, or begun anew */
	VOTE_TRUSTED,   /* the window is open */
	VOTE_FORGOTTEN,
	VOTE_UNKNOWN,   /* nothing was known that could be forgotten */
	VOTE_LISTED,    /* the operator's list says otherwise, and stands above votes */
};

#endif
