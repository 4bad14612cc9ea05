#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: retransmissions of one SYN are one line and one count
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_raw
start_gate
for i in 1 2 3; do
	raw wait 50 sport 4001 seq 7 "$S1" "$REAL4" >"$T/answer"
	[ "$(cat "$T/answer")" = nothing ] || fail "try $i was answered: $(cat "$T/answer")"
	raw wait 50 sport 4001 seq 7 "$A1" "$FAKE6" >"$T/answer"
	[ "$(cat "$T/answer")" = reset ] || fail "knock $i: $(cat "$T/answer")"
done
raw wait 50 sport 4001 seq 8 "$S1" "$REAL4" >/dev/null
settle
[ "$(count_log "src=$S1 .*reason=no-knock")" = 2 ] || fail "not one line an attempt"
[ "$(count_log "src=$A1 .*reason=knock")" = 1 ] || fail "not one line a knock"
refute_log 'reason=open'
expect_log '^Statistics: 2 blocked connection attempts, 0 successful connections, 1 direct-to-fake-mx$'
