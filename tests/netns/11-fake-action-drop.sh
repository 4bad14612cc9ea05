#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: with fake-action = drop a knock hears nothing, and counts
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
write_conf "fake-action = drop"
run_gate -c "$T/conf"
expect silent from "$A1" to "$FAKE6"
expect_log "^verdict=drop src=$A1 dst=$FAKE6 reason=knock queue=default opens=now closes=36d$"
expect open from "$A1" to "$REAL6"
