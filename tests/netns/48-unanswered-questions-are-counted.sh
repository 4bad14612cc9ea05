#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a DNS server that does not answer, or is not there, shows as failed in the counters
# needs: socat
#
#   [sender S1 S2]---veth---[gate: FAKE4 REAL4, DNS on 127.0.0.1: nobody, then a deaf one]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
start_gate
failed()
{
	kill -USR1 "$gate"
	grep -q "^counters resolver .* unconfirmed=0 failed=$1 " "$LOG"
}
expect refused from "$S1" to "$FAKE4"
until_true 5 failed 1
socat -u UDP4-RECV:53,bind=127.0.0.1 "CREATE:$T/unanswered" &
until_true 5 grep -q ' 0100007F:0035 ' /proc/net/udp
expect refused from "$S2" to "$FAKE4"
until_true 5 test -s "$T/unanswered"
until_true 15 failed 2
