#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: IPv6 extension headers, IPv4 options and data in the SYN do not hide an attempt
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_raw
start_gate
n=1
refused()
{
	n=$((n + 1))
	got=$(raw sport $((5000 + n)) wait 900 "$@")
	[ "$got" = reset ] || fail "raw $*: $got, wanted reset"
}
dropped()
{
	n=$((n + 1))
	got=$(raw sport $((5000 + n)) wait 100 "$@")
	[ "$got" = nothing ] || fail "raw $*: $got, wanted nothing"
}
for chain in h d r f hd ddd; do
	# Without the gate in between the server would greet it: the chain itself is sound.
	[ "$(raw sport $((6000 + n)) chain "$chain" "$B1" "$OTHER6")" = syn-ack ] ||
		fail "the kernel does not take the chain $chain"
	dropped chain "$chain" "$B1" "$REAL6"
done
refused chain hdr "$A1" "$FAKE6"
expect open from "$A1" to "$REAL6"

dropped ipopt 8 "$S2" "$REAL4"
dropped ipopt 40 "$S2" "$REAL4"
dropped payload 20 doff 10 "$S2" "$REAL4"
dropped payload 100 "$S2" "$REAL4"
refused ipopt 40 payload 40 doff 15 "$S1" "$FAKE4"
expect open from "$S1" to "$REAL4"
