#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: siblings that /etc/hosts names are let in, and DNS is not asked for them
# needs: dnsmasq
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4, FAKE6 REAL6, DNS on 127.0.0.1]
. "$(dirname "$0")/lib.sh"
. "$here/dns.sh"
topology_pair
rules_input
{
	echo "$S1 backup-mx"
	echo "$S2 backup-mx"
} >>/etc/hosts
start_dns --host-record="mail.example.org,$S1" --host-record="mail.example.org,$S3"
start_gate
expect refused from "$S1" to "$FAKE4"
expect_log "^sibling src=$S2 of=$S1 name=backup-mx$"
expect open from "$S2" to "$REAL4"
expect silent from "$S3" to "$REAL4"
[ "$(count_dns 'query\[')" = 0 ] || fail "DNS was asked"
