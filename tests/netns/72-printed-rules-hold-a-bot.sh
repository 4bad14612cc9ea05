#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: with the rules that mxallowctl prints for a tarpit a bot is held, and mail flows
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/tarpit.sh"
topology_pair
start_tarpit
rules_as_printed
expect_held 4 5 "$S1" "$A1"
[ "$(conntrack_entries)" = 0 ] || fail "conntrack has $(conntrack_entries) entries"
expect refused from "$S2" to "$FAKE4"
expect open from "$S2" to "$REAL4"
ctl 1 why "$S1"
expect_answer "^$S1 would be held: tarpit \(no-knock\)\.$"
ctl 0 status
expect_answer "held [1-9]"
