#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: no number of black votes keeps out a host that a list allows
# needs: socat
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$here/votes.sh"
topology_pair
rules_input
start_gate_for_votes "list \"partners\" { action = allow  entries = { \"$S1\" } }"

for text in one two three four five six seven eight nine; do
	echo "black $S1 $text"
	echo "black $S2 $text"
done | socat -t 2 - "UNIX-CONNECT:$BOX" >"$T/answers"
[ "$(grep -c '^ok$' "$T/answers")" = 18 ] || fail "answers: $(cat "$T/answers")"
expect open from "$S1" to "$REAL4"
expect_log "^verdict=accept src=$S1 dst=$REAL4 reason=listed-allow"
is_shut_out "$S2"
