#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: mxallowctl watch shows events as they happen, as text and as JSON
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
topology_pair
rules_input
start_gate

saw()
{
	grep -Eq -- "$2" "$T/$1"
}

# A watcher is in place when it sees what happens; until then it may have come too late.
starts_to_see()
{
	ctl 0 black "$S3" >/dev/null
	saw plain "vote kind=black src=$S3" && saw json '"vote"'
}

"$CTL" watch >"$T/plain" 2>&1 &
plain=$!
"$CTL" watch --json >"$T/json" 2>&1 &
until_true 5 starts_to_see
expect refused from "$S1" to "$FAKE4"
expect open from "$S1" to "$REAL4"
until_true 5 saw plain "^verdict=reset src=$S1 dst=$FAKE4 reason=knock queue=default opens=now"
until_true 5 saw plain "^verdict=accept src=$S1 dst=$REAL4 reason=open"
until_true 5 saw json "^\{\"verdict\":\"accept\",\"src\":\"$S1\",\"dst\":\"$REAL4\",\"reason\":\"open\""
! saw plain "$(printf '\033')" || fail "colours in a file"

stop_gate
wait "$plain"
rc=$?
[ "$rc" = 69 ] || fail "the daemon is gone, and watch ended with status $rc"
