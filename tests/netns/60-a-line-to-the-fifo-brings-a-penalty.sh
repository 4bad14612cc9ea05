#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: echo "+$IP" to the FIFO puts a source under penalty, `-` and `/` end it, others are served
# needs: socat
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$here/votes.sh"
topology_pair
rules_input
start_gate_for_votes
gets_in "$S1"
gets_in "$S2"

echo "+$S1" >"$PIPE"
expect_log "^vote kind=black src=$S1 from=fifo:$PIPE outcome=penalised$"
is_shut_out "$S1"
expect open from "$S2" to "$REAL4"

echo "-$S1" >"$PIPE"
expect_log "^vote kind=forget src=$S1 "
gets_in "$S1"

echo "+$S1" >"$PIPE"
echo "+$A1" >"$PIPE"
expect_votes good=4
is_shut_out "$S1"
expect silent from "$A1" to "$REAL6"
echo / >"$PIPE"
expect_votes good=5
gets_in "$S1"

# A writer that dies in the middle of a line spoils one line at most.
printf '+%s' "$S1" >"$PIPE"
printf '+%s\n+%s\n' "$S1" "$S2" >"$PIPE"
expect_votes good=6 bad=1
is_shut_out "$S2"
expect open from "$S1" to "$REAL4"
