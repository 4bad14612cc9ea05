#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: packets are judged from the start on though the state's disk hangs, or another program
#        locks the file: when-unsure decides until then, and afterwards everything is known
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
expect open from "$S1" to "$REAL4"
stored
stop_gate

# is_unsure SRC: it may well be in the file
is_unsure()
{
	expect open from "$1" to "$REAL4"
	expect_log "verdict=accept src=$1 dst=$REAL4 reason=unsure"
	ctl 0 status
	expect_answer "health opening"
}

# knows: what was in the file, and what was learned since; nobody else
knows()
{
	until_true 5 grep -q "state loaded sources=1 useless=0" "$LOG"
	expect open from "$S1" to "$REAL4"
	expect_log "verdict=accept src=$S1 dst=$REAL4 reason=open"
	expect silent from "$S3" to "$REAL4"
	expect open from "$A1" to "$REAL6"
	refute_log "not stored"
	stored
}

state_may_come_late=yes
hung_disk start_gate
is_unsure "$S3"
expect refused from "$A1" to "$FAKE6"
rm /etc/hung
knows
ctl 0 forget "$A1"
stop_gate

# It ends, too; as nothing was learned, nothing is missing.
hung_disk start_gate
is_unsure "$S3"
began=$(date +%s)
stop_gate
[ $(($(date +%s) - began)) -le 8 ] || fail "it took $(($(date +%s) - began)) s to end"
refute_log "not stored"

rm -f /etc/hung "$T/hold"
mkfifo "$T/hold"
sqlite3 "$DB" <"$T/hold" >"$T/locked" &
locker=$!
exec 9>"$T/hold"
echo "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; SELECT 'held';" >&9
until_true 5 grep -q held "$T/locked"
start_gate 9>&- # or it would hold it itself
is_unsure "$S3"
expect refused from "$A1" to "$FAKE6"
sleep 2
is_unsure "$S2"
exec 9>&-
wait "$locker"
knows
stop_gate

# Whose folder it is may show late: then it ends late.
start_gate
stored
first=$gate
hung_disk run_gate -n 24 --run-dir "$T/other" -f "$FAKE4" -r "$REAL4"
rm /etc/hung
until_true 5 gate_is_gone
wait "$gate"
rc=$?
[ "$rc" = 69 ] || fail "status $rc, wanted 69"
expect_log "another mxallowd uses the state in $STATE"
gate=$first
