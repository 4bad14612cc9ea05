/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reason.c - the words for reasons and verdicts
 *
 * No `default:`, so that a reason without a name does not compile (-Wswitch-enum).
 */
#include "core/reason.h"

const char *reason_name(enum reason r)
{
	switch (r) {
	case REASON_NOT_A_SYN:         return "not-a-syn";
	case REASON_MALFORMED:         return "malformed";
	case REASON_OTHER_DESTINATION: return "other-destination";
	case REASON_LISTED_ALLOW:      return "listed-allow";
	case REASON_LISTED_DENY:       return "listed-deny";
	case REASON_PENALTY:           return "penalty";
	case REASON_KNOCK:             return "knock";
	case REASON_OPEN:              return "open";
	case REASON_PAUSING:           return "pausing";
	case REASON_SPENT:             return "spent";
	case REASON_FIRST_TRY:         return "first-try";
	case REASON_NO_KNOCK:          return "no-knock";
	case REASON_UNSURE:            return "unsure";
	}
	return "unknown";
}

const char *verdict_name(enum verdict v)
{
	switch (v) {
	case VERDICT_ACCEPT: return "accept";
	case VERDICT_DROP:   return "drop";
	case VERDICT_RESET:  return "reset";
	case VERDICT_TARPIT: return "tarpit";
	}
	return "unknown";
}
