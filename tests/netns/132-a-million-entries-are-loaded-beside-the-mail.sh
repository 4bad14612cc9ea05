#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: ready before a million entries are loaded; until then unknown sources meet when-unsure,
#        and those in the file are known when it is
# needs: sqlite3
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/state.sh"
topology_pair
rules_input
start_gate
stop_gate
fill 999990
sql "UPDATE entry SET source = '$S1' WHERE place = 999989;
     UPDATE entry SET source = '$S2' WHERE place = 500000;" # one is used, one is not

state_may_come_late=yes
# `ready` does not wait for it; when-unsure decides meanwhile
start_gate
! grep -q "state loaded" "$LOG" || fail "loaded before it was ready: this shows nothing"
! "$BUILD/mxallowctl" export >"$T/half" 2>&1 || fail "half of it was exported"
grep -q "still being loaded" "$T/half" || fail "no word of why: $(head -n 3 "$T/half")"
expect open from "$S3" to "$REAL4"
expect_log "verdict=accept src=$S3 dst=$REAL4 reason=unsure"
expect refused from "$A1" to "$FAKE6" # a knock is one, meanwhile too
expect open from "$A1" to "$REAL6"
until_true 120 grep -q "state loaded sources=999990 useless=0" "$LOG"
expect silent from "$S3" to "$REAL4"
expect open from "$S1" to "$REAL4"
expect open from "$S2" to "$REAL4"
expect open from "$A2" to "$REAL6"
[ "$(timeout 150 "$BUILD/mxallowctl" list | wc -l)" = 999991 ] || fail "not all are there"
stored 60
# nobody was touched who did not come
[ "$(sql "SELECT count(*) FROM entry WHERE source LIKE '30.%'")" -ge 999988 ] || fail "rows are lost"
stop_gate

write_conf "when-unsure = drop"
run_gate -c "$T/conf"
expect silent from "$S3" to "$REAL4"
expect_log "verdict=drop src=$S3 dst=$REAL4 reason=unsure"
stop_gate

# A smaller table takes what is worth most, and the file follows.
run_gate -c "$T/conf" --entries-max 1000
until_true 120 grep -q "state loaded sources=1000 " "$LOG"
expect open from "$S1" to "$REAL4"
stored 60
expect_rows 1000 "SELECT count(*) FROM entry"
expect_rows 1 "SELECT max(place) < 1000 AND min(used) = 1 FROM entry"
