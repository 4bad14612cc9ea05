#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: IPv6 extension headers that fill a jumbo frame do not hide an attempt
#
#   [sender S1 S2, A1 A2 B1]---veth, frames of 9000 bytes---[gate: FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"

topology_pair
ip link set gate0 mtu 9000
in_sender ip link set sender0 mtu 9000
rules_raw
start_gate
n=0
for chain in D DD DDDD; do
	n=$((n + 1))
	# Without the gate in between the server would greet it: the chain itself is sound.
	[ "$(raw sport $((6000 + n)) chain $chain "$B1" "$OTHER6")" = syn-ack ] ||
		fail "the kernel does not take the chain $chain"
	[ "$(raw sport $((5000 + n)) wait 100 chain $chain "$B1" "$REAL6")" = nothing ] ||
		fail "the chain $chain gets in"
done
[ "$(raw wait 900 chain DDDD "$A1" "$FAKE6")" = reset ] || fail "a long knock is no knock"
expect open from "$A1" to "$REAL6"
refute_log reason=unsure
