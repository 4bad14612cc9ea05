#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: HUP takes a new address over and forgets nobody who is in
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
write_conf
run_gate -c "$T/conf"
expect refused from "$S1" to "$FAKE4"
expect open from "$S1" to "$OTHER4"
expect_log "dst=$OTHER4 reason=other-destination$"

write_conf "real-mailserver $OTHER4"
kill -HUP "$gate"
settle
expect silent from "$S2" to "$OTHER4"
expect_log "^verdict=drop src=$S2 dst=$OTHER4 reason=no-knock queue=default$"
expect open from "$S1" to "$OTHER4"
expect open from "$S1" to "$REAL4"
