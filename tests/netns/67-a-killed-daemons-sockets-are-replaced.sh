#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: what a killed daemon left is taken over, what a live one holds or is another's is not
# needs: socat
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$here/votes.sh"
topology_pair
rules_input
start_gate_for_votes
kill_gate
[ -S "$BOX" ] && [ -p "$PIPE" ] || fail "nothing was left to take over"
start_gate_for_votes
echo "+$S1" >"$PIPE"
echo "white $S2" | socat -t 2 - "UNIX-CONNECT:$BOX" >"$T/answers"
[ "$(cat "$T/answers")" = ok ] || fail "answer: $(cat "$T/answers")"
expect_votes good=2

# A second one, with a queue of its own.
sed 's/queue-num = 23/queue-num = 24/' "$T/conf" >"$T/conf2"
echo 'run-dir = "/run/second"' >>"$T/conf2"
once 69 -F -s -c "$T/conf2"
expect_said "cannot take votes at $BOX: Address already in use"
expect_votes good=2

# In the end nothing is left but what was there before.
stop_gate
[ ! -e "$BOX" ] || fail "$BOX was left behind"
rm -f "$PIPE"
: >"$PIPE"
once 69 -F -s -c "$T/conf"
expect_said "cannot take votes at $PIPE: something else stands there"
[ -f "$PIPE" ] || fail "the file is gone"
