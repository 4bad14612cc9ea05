#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: what the kernel could not hand over is counted and told, and the gate works on
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_raw
# More than the socket buffer holds in a user namespace; the daemon says how much that is.
write_conf "queue-maxlen = 65536"
run_gate -c "$T/conf"
room=$(sed -n 's/.*socket buffer holds \([0-9]*\) SYNs.*/\1/p' "$LOG")
[ -n "$room" ] || skip "the socket buffer holds all the kernel can queue"
expect refused from "$S1" to "$FAKE4"
kill -STOP "$gate"
raw count $((room + 2000)) spread 1 wait 0 203.0.113.0 "$REAL4" >"$T/sent"
kill -CONT "$gate"
expect_log "^queue 23 overrun: .*\\(overruns=[1-9].*queue-maxlen"
# Until the backlog is read the kernel lets everything through: fail-open.
strangers_stay_out()
{
	[ "$(in_sender "$PROBES/connect" "$S2" "$REAL4" 25 400)" = silent ]
}
until_true 10 strangers_stay_out
expect open from "$S1" to "$REAL4"
expect silent from "$S2" to "$REAL4"
expect refused from "$S2" to "$FAKE4"
expect open from "$S2" to "$REAL4"
settle
expect_log '^counters queue .* owed=0 overruns=[1-9]'
