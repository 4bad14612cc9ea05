#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: with --queue-bypass mail flows while no daemon runs
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
rules_raw
expect open from "$S1" to "$REAL4"
expect open from "$A1" to "$REAL6"
expect open from "$S1" to "$OTHER4"
