#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a flood of knocks asks DNS for 100 names at once and 50 more a second, no more
# needs: dnsmasq
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4, FAKE6 REAL6, DNS on 127.0.0.1]
. "$(dirname "$0")/lib.sh"
. "$here/dns.sh"
topology_pair
rules_raw
start_dns
start_gate
began=$(date +%s)
raw count 2500 spread 1 wait 0 203.0.113.0 "$FAKE4" >"$T/sent"
until_true 20 grep -q . "$T/sent"
settle
expect refused from "$S2" to "$FAKE4" within 3000
expect open from "$S2" to "$REAL4" within 3000
settle
seconds=$(($(date +%s) - began + 1))
asked=$(count_dns 'query\[PTR\]')
[ "$asked" -ge 50 ] || fail "only $asked names were asked for"
[ "$asked" -le $((100 + 50 * seconds)) ] || fail "$asked names in $seconds s"
