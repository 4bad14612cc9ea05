#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: addresses nobody should have, but that the kernel serves, are not let in unjudged
#
#   [sender 0.1.2.3, 240.1.2.3, ::198.51.100.2]---veth---[gate: FAKE4 REAL4, FAKE6 REAL6]
. "$(dirname "$0")/lib.sh"

topology_pair
odd="0.1.2.3 240.1.2.3"
for a in $odd; do in_sender ip addr add "$a/32" dev sender0 || skip "no address $a here"; done
in_sender ip addr add ::198.51.100.2/128 dev sender0 nodad
start_gate
rules_raw
for a in $odd; do
	expect silent from "$a" to "$REAL4"
done
expect silent from ::198.51.100.2 to "$REAL6"
