#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a SYN in fragments is judged by its first fragment, and never slips in
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_raw
start_gate
[ "$(raw payload 40 doff 15 cut 24 "$S1" "$OTHER4")" = syn-ack ] ||
	fail "the kernel does not put the fragments together"
got=$(raw payload 40 doff 15 cut 24 "$S1" "$REAL4")
[ "$got" = nothing ] || fail "fragments to the real MX: $got"
expect_log "src=$S1 dst=$REAL4 reason=no-knock"
got=$(raw payload 40 doff 15 cut 24 "$A1" "$REAL6")
[ "$got" = nothing ] || fail "IPv6 fragments to the real MX: $got"
expect_log "src=$A1 dst=$REAL6 reason=no-knock"

# With connection tracking the kernel puts them together first: judged as one packet.
iptables -t raw -F
rules_input
got=$(raw payload 40 doff 15 cut 24 sport 4100 "$S2" "$REAL4")
[ "$got" = nothing ] || fail "fragments to the real MX, INPUT rule: $got"
expect_log "src=$S2 dst=$REAL4 reason=no-knock"
got=$(raw payload 40 doff 15 cut 8 sport 4101 "$S2" "$FAKE4")
[ "$got" = reset ] || fail "a knock in fragments: $got"
