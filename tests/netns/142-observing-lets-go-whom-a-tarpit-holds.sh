#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a reload that begins to observe lets go whom the tarpit holds
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/tarpit.sh"
topology_pair
tarpit_input
start_tarpit
bot held "$S1" "$REAL4" 1 14 10
expect_bot held '^connected 1$'
write_conf 'queue "default" { deny = tarpit }' "observe = yes"
ctl 0 reload
expect_bot held '^established 0 ' 15
expect open from "$S1" to "$REAL4"
