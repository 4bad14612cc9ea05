#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: while another program locks the state file mail is judged without delay, and when it lets
#        go everything is stored; the daemon ends even if it never does
# needs: sqlite3
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/state.sh"

topology_pair
rules_input
start_gate
expect refused from "$S1" to "$FAKE4"
stored
lock
# more than fits into the ring
raw count 6000 spread 1 wait 0 10.9.0.1 "$FAKE4" >/dev/null
expect open from "$S1" to "$REAL4" within 900
expect refused from "$S2" to "$FAKE4" within 900
expect open from "$S2" to "$REAL4" within 900
until_true 10 has_stored behind_ms 2000
[ "$(store_counter waiting)" -gt 1000 ] || fail "only $(store_counter waiting) wait"
[ "$(store_counter failed)" = 0 ] || fail "waiting is no failure"
# 30 seconds make a warning
until_true 40 grep -q "state is stored slowly" "$LOG"
expect open from "$S1" to "$REAL4" within 900
unlock
until_true 10 grep -q "state is stored in time again" "$LOG"
stored 10
[ "$(count_log 'state is stored slowly')" = 1 ] || fail "told more than once"
expect_rows "$("$CTL" list | wc -l)" "SELECT count(*) FROM entry"
expect_rows 1 "SELECT used FROM entry WHERE source = '$S2'"

lock
expect refused from "$S3" to "$FAKE4"
begin=$(date +%s)
stop_gate
took=$(($(date +%s) - begin))
[ "$took" -le 8 ] || fail "it took $took s to end"
expect_log "state: what was learned last is not stored"
unlock
start_gate
expect open from "$S2" to "$REAL4"
expect silent from "$S3" to "$REAL4"
