#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a sender that knocks again and again costs one look-up
# needs: dnsmasq
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4, FAKE6 REAL6, DNS on 127.0.0.1]
. "$(dirname "$0")/lib.sh"
. "$here/dns.sh"
topology_pair
rules_input
start_dns --host-record="mail.example.org,$S1" --host-record="mail.example.org,$S2"
start_gate
for again in 1 2 3 4 5; do
	expect refused from "$S1" to "$FAKE4"
done
expect_log "^sibling src=$S2 of=$S1 name=mail\.example\.org$"
expect open from "$S2" to "$REAL4"
settle
[ "$(count_log "reason=knock ")" = 5 ] || fail "not every knock was heard"
[ "$(count_dns 'query\[PTR\]')" = 1 ] || fail "$(count_dns 'query\[PTR\]') look-ups"
