#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: with proof = cookie a forged knock asks DNS nothing, a proven one brings siblings, one repeated too
# needs: dnsmasq
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4, FAKE6 REAL6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/proof.sh"
. "$here/dns.sh"

topology_pair
start_dns --host-record=mail.example.org,$S1 --host-record=mail.example.org,$S3 \
	--host-record=v6.example.org,$A1 --host-record=v6.example.org,$B1 \
	--host-record=forged.example.org,203.0.113.9
start_proof
proof_raw
raw wait 0 203.0.113.9 "$FAKE4" >/dev/null
settle
sleep 0.5
[ "$(count_dns query)" = 0 ] || fail "a forged knock asked: $(cat "$T/dns.log")"
expect refused from "$S1" to "$FAKE4" within 50
expect_log "^sibling src=$S3 of=$S1 name=mail.example.org$"
expect open from "$S3" to "$REAL4"
in_sender ip6tables -A INPUT -p tcp --tcp-flags SYN,ACK SYN,ACK -s "$FAKE6" -j DROP
expect refused from "$A1" to "$FAKE6" within 1500
expect_log "^sibling src=$B1 of=$A1 name=v6.example.org$"
expect open from "$B1" to "$REAL6"
