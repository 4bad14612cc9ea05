#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: observing lets everybody in and logs what would have happened
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
start_gate --observe
expect open from "$S1" to "$REAL4"
expect_log "^verdict=accept would=drop src=$S1 dst=$REAL4 reason=no-knock queue=default$"
expect open from "$A1" to "$FAKE6"
expect_log "^verdict=accept would=reset src=$A1 dst=$FAKE6 reason=knock queue=default "
expect open from "$A1" to "$REAL6"
expect_log "^verdict=accept src=$A1 dst=$REAL6 reason=open queue=default$"
