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

# Cut before its flags it is no SYN to the rule: the examples drop such pieces.
iptables -t raw -F
[ "$(raw payload 40 doff 15 cut 8 sport 4200 "$S2" "$REAL4")" = syn-ack ] ||
	fail "the kernel does not put tiny fragments together"
sed "s/^MX4=.*/MX4=\"$FAKE4 $REAL4\"/" "$here/../../etc/firewall/iptables.sh" >"$T/firewall"
for form in raw raw remove raw; do
	sh "$T/firewall" "$form" || fail "iptables.sh $form"
done
for cut in 8 16; do
	got=$(raw payload 40 doff 15 cut "$cut" sport $((4200 + cut)) "$S2" "$REAL4")
	[ "$got" = nothing ] || fail "a SYN cut at byte $cut: $got"
done
expect silent from "$S2" to "$REAL4"
sh "$T/firewall" remove
[ -z "$(iptables -t raw -S | grep -v '^-P')" ] || fail "iptables.sh remove leaves rules"

# With connection tracking the kernel puts them together first: judged as one packet.
iptables -t raw -F
rules_input
got=$(raw payload 40 doff 15 cut 24 sport 4100 "$S2" "$REAL4")
[ "$got" = nothing ] || fail "fragments to the real MX, INPUT rule: $got"
expect_log "src=$S2 dst=$REAL4 reason=no-knock"
got=$(raw payload 40 doff 15 cut 8 sport 4101 "$S2" "$FAKE4")
[ "$got" = reset ] || fail "a knock in fragments: $got"
