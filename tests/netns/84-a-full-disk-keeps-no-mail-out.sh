#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: with the state's disk full mail is judged as ever, it is told once, and made up for later
# needs: sqlite3
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/state.sh"
topology_pair
rules_input
mkdir "$STATE"
mount -t tmpfs -o mode=0700,size=600k tmpfs "$STATE"
start_gate
expect refused from "$S1" to "$FAKE4"
stored

dd if=/dev/zero of="$STATE/other" bs=4096 2>/dev/null
raw count 3000 spread 1 wait 0 10.9.0.1 "$FAKE4" >/dev/null
expect_log "state is not stored: .*full"
expect open from "$S1" to "$REAL4"
expect refused from "$S2" to "$FAKE4"
expect open from "$S2" to "$REAL4"
expect silent from "$S3" to "$REAL4"
ctl 0 status
expect_answer "health trouble"
until_true 25 has_stored failed 2 # it was tried again
[ "$(count_log 'state is not stored')" = 1 ] || fail "told more than once"

rm "$STATE/other"
until_true 25 grep -q "state is stored again" "$LOG"
stored
expect_rows 1 "SELECT used FROM entry WHERE source = '$S2'"
stop_gate
start_gate
expect open from "$S1" to "$REAL4"
expect open from "$S2" to "$REAL4"
expect silent from "$S3" to "$REAL4"
stop_gate

# Full from the start: as if there were no state.
rm "$DB"*
dd if=/dev/zero of="$STATE/other" bs=4096 2>/dev/null
start_gate
expect_log "state is not stored: .*"
expect silent from "$S1" to "$REAL4"
expect refused from "$S1" to "$FAKE4"
expect open from "$S1" to "$REAL4"
rm "$STATE/other"
until_true 25 grep -q "state loaded" "$LOG"
stored
expect_rows 1 "SELECT used FROM entry WHERE source = '$S1'"
