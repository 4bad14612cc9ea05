#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a knock over IPv6 lets in the sender's IPv4 address and its address in another /64
# needs: dnsmasq
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4, FAKE6 REAL6, DNS on 127.0.0.1]
. "$(dirname "$0")/lib.sh"
. "$here/dns.sh"
topology_pair
rules_input
start_dns --host-record="mail.example.org,$S1,$A1" --host-record="mail.example.org,$B1"
start_gate
expect refused from "$A1" to "$FAKE6"
expect_log "^sibling src=$S1 of=$A1 name=mail\.example\.org$"
expect_log "^sibling src=$B1 of=$A1 name=mail\.example\.org$"
expect open from "$S1" to "$REAL4"
expect open from "$B1" to "$REAL6"
expect silent from "$S2" to "$REAL4"
