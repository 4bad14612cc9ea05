#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: USR1 logs the statistics line of 1.x with the right numbers
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
start_gate
expect silent from "$S1" to "$REAL4"
expect silent from "$A1" to "$REAL6"
expect refused from "$S1" to "$FAKE4"
expect open from "$S1" to "$REAL4"
expect open from "$S1" to "$REAL4"
expect open from "$S1" to "$REAL4"
kill -USR1 "$gate"
expect_log '^Statistics: 2 blocked connection attempts, 3 successful connections, 1 direct-to-fake-mx$'
expect_log '^counters .*no-knock=2'
