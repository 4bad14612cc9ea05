#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: when the firewall keeps held connections from the daemon it says so, once
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/tarpit.sh"

deaf()
{
	grep -Eq -- '^the tarpit holds nobody: .*mxallowctl rules' "$LOG"
}

topology_pair
rules_raw
start_tarpit
bot first "$S1" "$REAL4" 10 14 0
expect_bot first '^established'
settle
deaf && fail "told before it could know"
sleep 20
bot second "$A1" "$REAL6" 10 14 0
expect_bot second '^established'
until_true 3 deaf
sleep 2
[ "$(count_log '^the tarpit holds nobody')" = 1 ] || fail "told more than once"
# It goes on: nobody gets in who did not knock.
expect refused from "$S2" to "$FAKE4"
expect open from "$S2" to "$REAL4"
