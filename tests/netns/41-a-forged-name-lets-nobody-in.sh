#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a reverse name whose addresses do not contain the sender lets nobody in
# needs: dnsmasq
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4, FAKE6 REAL6, DNS on 127.0.0.1]
. "$(dirname "$0")/lib.sh"
. "$here/dns.sh"
topology_pair
rules_input
# S1 claims to be a host that is S2, S3 and A1.
start_dns --ptr-record="$(reverse4 "$S1"),relay.example.org" \
	--host-record="relay.example.org,$S2,$A1" --host-record="relay.example.org,$S3"
start_gate
expect refused from "$S1" to "$FAKE4"
looked_up()
{
	[ "$(count_dns 'query\[A\] relay\.example\.org')" -ge 1 ] &&
		[ "$(count_dns 'query\[AAAA\] relay\.example\.org')" -ge 1 ]
}
until_true 5 looked_up
# The forged name costs its owner nothing: it knocked, so it is in.
expect open from "$S1" to "$REAL4"
expect silent from "$S2" to "$REAL4"
expect silent from "$S3" to "$REAL4"
expect silent from "$A1" to "$REAL6"
settle
refute_log '^sibling '
