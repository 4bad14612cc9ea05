#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: started with its standard descriptors closed, it detaches and refuses knocks all the same
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
# shellcheck disable=SC2086 # one word or none
timeout -k 1 10 "$GATE" $CONFINED -n 23 -f "$FAKE4" -r "$REAL4" <&- >&- 2>&-
rc=$?
[ "$rc" = 0 ] || fail "the command ended with status $rc"
pid=$(cat /run/mxallowd.pid) || fail "no pid file"
expect refused from "$S1" to "$FAKE4"
expect open from "$S1" to "$REAL4"
expect silent from "$S2" to "$REAL4"

gone()
{
	! is_running "$pid"
}
kill -TERM "$pid"
until_true 5 gone
