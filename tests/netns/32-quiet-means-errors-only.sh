#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: with -q decisions are not logged, but a refused reload is
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
write_conf
# shellcheck disable=SC2086 # one word or none
"$GATE" $CONFINED -F -s -q -c "$T/conf" >"$LOG" 2>&1 &
gate=$!
refuses()
{
	case $(in_sender "$PROBES/connect" "$S1" "$FAKE4" 25 400) in refused*) ;; *) return 1 ;; esac
}
until_true 10 refuses
expect open from "$S1" to "$REAL4"
write_conf "nonsense = 1"
kill -HUP "$gate"
expect_log "$T/conf:4: .*nonsense"
refute_log 'verdict='
