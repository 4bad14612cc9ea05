#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: with SYNs taken in the raw table a bot is held the same, and who knocked gets in
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/tarpit.sh"
topology_pair
tarpit_raw
start_tarpit
expect_held 4 5 "$S1" "$A1"
[ "$(conntrack_entries)" = 0 ] || fail "conntrack has $(conntrack_entries) entries"
expect refused from "$S2" to "$FAKE4"
expect open from "$S2" to "$REAL4"
expect refused from "$B1" to "$FAKE6"
expect open from "$B1" to "$REAL6"
