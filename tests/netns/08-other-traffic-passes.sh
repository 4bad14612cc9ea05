#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: other destinations and other ports pass, even where the rule hands them over
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
for tool in iptables ip6tables; do
	$tool -A INPUT -p tcp --dport 2525 -m conntrack --ctstate NEW -j NFQUEUE --queue-num 23
done
start_gate
expect open from "$S1" to "$OTHER4"
expect_log "^verdict=accept src=$S1 dst=$OTHER4 reason=other-destination$"
expect open from "$A1" to "$OTHER6"
expect_log "^verdict=accept src=$A1 dst=$OTHER6 reason=other-destination$"
expect open from "$S1" to "$REAL4" port 2525
expect_log "^verdict=accept src=$S1 dst=$REAL4 reason=not-a-syn$"
expect open from "$A1" to "$FAKE6" port 2525
