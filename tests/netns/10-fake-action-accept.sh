#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: with fake-action = accept a knock reaches whoever listens there, and counts
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
write_conf "fake-action = accept"
run_gate -c "$T/conf"
expect open from "$S1" to "$FAKE4"
expect_log "^verdict=accept src=$S1 dst=$FAKE4 reason=knock queue=default opens=now closes=36d$"
expect open from "$S1" to "$REAL4"
