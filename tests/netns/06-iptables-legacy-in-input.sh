#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: with iptables-legacy rules in INPUT the gate works the same
# needs: iptables-legacy ip6tables-legacy
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input -legacy
start_gate
expect silent from "$S1" to "$REAL4"
expect refused from "$S1" to "$FAKE4"
expect open from "$S1" to "$REAL4"
expect refused from "$A1" to "$FAKE6"
expect open from "$A1" to "$REAL6"
