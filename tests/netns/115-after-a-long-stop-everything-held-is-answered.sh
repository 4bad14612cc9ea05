#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: stopped for longer than the queue can hold, mail passes; woken, it answers all, and tells
#
#   [sender S1 S2, A1]---veth---[gate: FAKE4 REAL4, FAKE6 REAL6]
. "$(dirname "$0")/lib.sh"
. "$here/ctl.sh"
. "$here/overload.sh"
topology_pair
rules_raw
write_conf "queue-maxlen = 100"
run_gate -c "$T/conf"
expect silent from "$S1" to "$REAL4"
has_counter queue_full -eq 0 || fail "it was full before"

waiting()
{
	awk '$1 == 23 { print $3 }' /proc/net/netfilter/nfnetlink_queue
}
is_empty()
{
	[ "$(waiting)" = 0 ]
}
kill -STOP "$gate"
raw count 300 spread 1 wait 0 203.0.113.0 "$REAL4" >"$T/sent"
[ "$(waiting)" = 100 ] || fail "$(waiting) packets wait, wanted 100"
# What does not fit passes.
begin_pulse "$S1" "$REAL4" 3
expect open from "$A1" to "$REAL6"
end_pulse 300
kill -CONT "$gate"
until_true 5 is_empty
expect_log 'stood still for [3-9]\.[0-9] s: .*; 100 packets wait'
expect_counter queue_stalls -eq 1
expect_counter queue_full -ge 1
expect_counter queue_owed -eq 0
expect silent from "$S1" to "$REAL4"
expect refused from "$S1" to "$FAKE4"
expect open from "$S1" to "$REAL4"
settle
[ "$(sed -n 's/^Statistics: \([0-9]*\) blocked.*/\1/p' "$LOG" | tail -n 1)" -ge 100 ] ||
	fail "what was held was not judged: $(grep Statistics "$LOG")"
