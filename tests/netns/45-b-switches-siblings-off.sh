#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: with -b no name is looked up and no sibling let in
# needs: dnsmasq
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4, FAKE6 REAL6, DNS on 127.0.0.1]
. "$(dirname "$0")/lib.sh"
. "$here/dns.sh"
topology_pair
rules_input
start_dns --host-record="mail.example.org,$S1" --host-record="mail.example.org,$S2"
start_gate -b
expect refused from "$S1" to "$FAKE4"
expect open from "$S1" to "$REAL4"
expect silent from "$S2" to "$REAL4"
settle
refute_log '^sibling '
[ "$(count_dns 'query\[')" = 0 ] || fail "DNS was asked"
stop_gate

# The same with siblings: what is missing above is there.
start_gate
expect refused from "$S1" to "$FAKE4"
expect_log "^sibling src=$S2 of=$S1 name=mail\.example\.org$"
expect open from "$S2" to "$REAL4"
