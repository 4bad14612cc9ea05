#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a knock is refused before its SYN is repeated, by a RST that carries our mark, though a
#        server listens
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
for tool in iptables ip6tables; do
	$tool -A OUTPUT -p tcp --sport 25 --tcp-flags RST RST -m mark --mark 0x6d78
done
expect open from "$S1" to "$FAKE4"
start_gate
# All within 900 ms: a SYN is repeated after 1000. The first may pay for waking everybody up.
expect refused from "$S3" to "$FAKE4"
expect refused from "$S1" to "$FAKE4"
expect refused from "$A1" to "$FAKE6"
expect_log "^verdict=reset src=$S1 dst=$FAKE4 reason=knock queue=default opens=now closes=36d$"
expect_log "^verdict=reset src=$A1 dst=$FAKE6 reason=knock queue=default opens=now closes=36d$"

marked()
{
	"$1" -L OUTPUT -vnx | awk '/mark match 0x6d78/ { print $1 }'
}
[ "$(marked iptables)" = 2 ] || fail "IPv4: $(marked iptables) marked RST, wanted 2"
[ "$(marked ip6tables)" = 1 ] || fail "IPv6: $(marked ip6tables) marked RST, wanted 1"
