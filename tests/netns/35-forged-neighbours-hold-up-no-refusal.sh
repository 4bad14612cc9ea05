#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: knocks in the name of neighbours that do not exist keep nobody else's refusal back
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_raw
start_gate -b
expect refused from "$S1" to "$FAKE4"
expect refused from "$A1" to "$FAKE6"
for last in 10 20 30 40 50 60 70 80; do
	raw count 100 wait 0 sport $((last * 100)) "198.51.100.$last" "$FAKE4" >/dev/null
	raw count 100 wait 0 sport $((last * 100)) "2001:db8:a::$last" "$FAKE6" >/dev/null
done
expect refused from "$S1" to "$FAKE4" within 500
expect refused from "$A1" to "$FAKE6" within 500
settle
expect_log '^counters resets sent=[0-9]+ .*refused=0 capped=0 failed=0$'
