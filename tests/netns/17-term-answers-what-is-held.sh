#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: TERM ends the daemon with status 0 after every held packet was answered
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
start_gate
kill -STOP "$gate"
for from in "$S1" "$S2" "$S3"; do
	in_sender "$PROBES/connect" "$from" "$FAKE4" 25 900 >"$T/$from" &
done
sleep 0.4
kill -TERM "$gate"
kill -CONT "$gate"
until_true 5 gate_is_gone
wait "$gate" || fail "the daemon ended with status $?"
gate=
# Flushed packets would be repeated after a second and find the server: not refused.
for from in "$S1" "$S2" "$S3"; do
	until_true 2 test -s "$T/$from"
	grep -q '^refused ' "$T/$from" || fail "$from was not answered: $(cat "$T/$from")"
done
[ "$(count_log 'reason=knock')" = 3 ] || fail "not every answer is in the log"
[ "$(count_log '^ended owed=0')" = 1 ] || fail "packets were left unanswered"
