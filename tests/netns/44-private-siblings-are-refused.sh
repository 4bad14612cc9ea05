#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a public sender's name cannot let in private, loopback, link-local or our own addresses
# needs: dnsmasq
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4, FAKE6 REAL6, DNS on 127.0.0.1]
. "$(dirname "$0")/lib.sh"
. "$here/dns.sh"
topology_pair
rules_input
set --
for bad in 10.1.2.3 192.168.7.7 172.16.0.1 100.64.0.1 127.0.0.2 169.254.1.1 224.0.0.1 \
	   "$REAL4" fd00::1 fe80::1 ::1 ff02::1 ::ffff:10.1.2.3 "$REAL6"; do
	set -- "$@" "--host-record=mail.example.org,$bad"
done
# The good sibling stands last: when it is in, all the others have been looked at.
start_dns --host-record="mail.example.org,$S1" "$@" --host-record="mail.example.org,$S2"
in_sender ip addr add 10.1.2.3/32 dev sender0
start_gate
expect refused from "$S1" to "$FAKE4"
expect_log "^sibling src=$S2 of=$S1 name=mail\.example\.org$"
for bad in 10.1.2.3 127.0.0.2 fe80::1 ::1 "$REAL4"; do
	[ "$(count_dns "mail\.example\.org is $bad\$")" -ge 1 ] || fail "DNS did not say $bad"
done
expect silent from 10.1.2.3 to "$REAL4"
settle
[ "$(count_log '^sibling ')" = 1 ] || fail "$(grep '^sibling ' "$LOG" | grep -v "src=$S2 ")"
