#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a window closes after whitelist-time, and use begins it anew
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
start_gate -t 2
expect refused from "$S1" to "$FAKE4"
expect_log "src=$S1 .*reason=knock .*closes=2s$"
expect refused from "$A1" to "$FAKE6"
sleep 1.3
expect open from "$S1" to "$REAL4"
sleep 1.3
# S1 used its window meanwhile, A1 did not.
expect open from "$S1" to "$REAL4"
expect silent from "$A1" to "$REAL6"
sleep 2.1
expect silent from "$S1" to "$REAL4"
