#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: who knocked gets in at the real MX, and nobody else does but its own /64
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
start_gate
expect refused from "$S1" to "$FAKE4"
expect open from "$S1" to "$REAL4"
expect_log "^verdict=accept src=$S1 dst=$REAL4 reason=open queue=default$"
expect silent from "$S2" to "$REAL4"

expect refused from "$A1" to "$FAKE6"
expect open from "$A1" to "$REAL6"
expect open from "$A2" to "$REAL6"
expect_log "^verdict=accept src=$A2 dst=$REAL6 reason=open queue=default$"
expect silent from "$B1" to "$REAL6"
