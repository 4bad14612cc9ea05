#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: with a DNS server that never answers, verdicts come at once and the daemon ends at once
# needs: socat
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4, FAKE6 REAL6, DNS on 127.0.0.1]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
socat -u UDP4-RECV:53,bind=127.0.0.1 "CREATE:$T/unanswered" &
until_true 5 grep -q ' 0100007F:0035 ' /proc/net/udp
start_gate
for source in "$S1" "$S2" "$S3"; do
	expect refused from "$source" to "$FAKE4" within 300
	expect open from "$source" to "$REAL4" within 300
done
expect refused from "$B1" to "$FAKE6" within 300
expect open from "$B1" to "$REAL6" within 300
until_true 5 test -s "$T/unanswered"
began=$(date +%s%N)
stop_gate
took=$((($(date +%s%N) - began) / 1000000))
[ "$took" -lt 1500 ] || fail "it took $took ms to end"
