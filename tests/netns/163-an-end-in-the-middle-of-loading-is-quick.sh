#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: TERM while a million entries are loaded ends the daemon when they are there, not when
#        its patience is over, and nothing is lost of what was learned meanwhile
# needs: sqlite3
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/state.sh"
many=1000000
ldd "$GATE" | grep -q "lib[at]san" && many=20000 # all is slower with a sanitizer
topology_pair
rules_input
start_gate
stored
stop_gate
fill "$many"
start_gate --entries-max 1100000
expect refused from "$S1" to "$FAKE4"
stop_gate
refute_log "not stored"
expect_log "^ended owed=0$"
expect_rows 1 "SELECT count(*) FROM entry WHERE source = '$S1'"
expect_rows "$((many + 1))" "SELECT count(*) FROM entry"
