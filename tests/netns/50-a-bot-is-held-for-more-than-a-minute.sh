#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a bot hangs for 65 s in a connection that nobody has, talking or waiting, IPv4 or IPv6
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/tarpit.sh"
topology_pair
tarpit_input
start_tarpit
# A whole word, one byte, more than a packet holds; and who waits for the greeting.
bot talks4 "$S1" "$REAL4" 1 14 65
bot byte4 "$S1" "$REAL4" 1 1 65
bot much4 "$S1" "$REAL4" 1 4000 65
bot waits4 "$S2" "$REAL4" 1 0 65
bot talks6 "$A1" "$REAL6" 1 14 65
bot byte6 "$A1" "$REAL6" 1 1 65
bot much6 "$A1" "$REAL6" 1 4000 65
bot waits6 "$B1" "$REAL6" 1 0 65
for talker in talks4 byte4 much4 talks6 byte6 much6; do
	# Linux asks after 0.2 s and then ever later: 8 times in this while, answered each time.
	expect_bot $talker '^established 1 probes ([8-9]|1[0-9]) unanswered [01]$' 80
done
expect_bot waits4 '^established 1 probes 0 unanswered 0$'
expect_bot waits6 '^established 1 probes 0 unanswered 0$'
expect_log "^verdict=tarpit src=$S1 dst=$REAL4 reason=no-knock queue=default$"
expect_log "^verdict=tarpit src=$A1 dst=$REAL6 reason=no-knock queue=default$"
[ "$(conntrack_entries)" = 0 ] || fail "conntrack has $(conntrack_entries) entries"
