#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: the first change after a start that has to wait for the disk has waited since it was
#        made, and no warning tells of hours
# needs: sqlite3
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/state.sh"
topology_pair
rules_input
start_gate
stored

lock
expect refused from "$S1" to "$FAKE4"
until_true 5 has_stored behind_ms 1500
sleep 1
[ "$(store_counter behind_ms)" -lt 10000 ] || fail "behind by $(store_counter behind_ms) ms"
unlock
stored
refute_log "state is stored"
