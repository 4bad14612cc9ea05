#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a knock lets in the sender's other addresses, IPv4 and IPv6, and nobody else
# needs: dnsmasq
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4, FAKE6 REAL6, DNS on 127.0.0.1]
. "$(dirname "$0")/lib.sh"
. "$here/dns.sh"
topology_pair
rules_input
start_dns --host-record="mail.example.org,$S1,$A1" --host-record="mail.example.org,$S2"
start_gate
expect silent from "$S2" to "$REAL4"
expect refused from "$S1" to "$FAKE4"
expect_log "^sibling src=$S2 of=$S1 name=mail\.example\.org$"
expect_log "^sibling src=$A1 of=$S1 name=mail\.example\.org$"
expect open from "$S1" to "$REAL4"
expect open from "$S2" to "$REAL4"
expect open from "$A1" to "$REAL6"
expect silent from "$S3" to "$REAL4"
expect silent from "$B1" to "$REAL6"
settle
[ "$(count_log '^sibling ')" = 2 ] || fail "more siblings than the name has addresses"
