#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: that somebody knocks while the last is being stored is no trouble to be told of
# needs: sqlite3
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/state.sh"
topology_pair
rules_input
start_gate
expect refused from "$S1" to "$FAKE4"
stored
lock
expect refused from "$S2" to "$FAKE4"
kill -TERM "$gate"
sleep 0.3
expect refused from "$S3" to "$FAKE4"
unlock
until_true 10 gate_is_gone
wait "$gate" || fail "the daemon ended with status $?"
gate=
refute_log "not stored"
expect_rows 1 "SELECT count(*) FROM entry WHERE source = '$S2'"
