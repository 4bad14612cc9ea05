#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: who goes straight to the real MX is dropped and hears nothing
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
start_gate
expect silent from "$S1" to "$REAL4"
expect_log "^verdict=drop src=$S1 dst=$REAL4 reason=no-knock queue=default$"
expect silent from "$A1" to "$REAL6"
expect_log "^verdict=drop src=$A1 dst=$REAL6 reason=no-knock queue=default$"
