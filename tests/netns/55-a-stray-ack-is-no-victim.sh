#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: an ACK that acknowledges nothing of ours gets the kernel's RST and no answer of ours
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/tarpit.sh"

marked()
{
	for tool in iptables ip6tables; do
		$tool -L OUTPUT -vnx
	done | awk '/mark match 0x6d78/ { n += $1 } END { print n + 0 }'
}

topology_pair
tarpit_input
for tool in iptables ip6tables; do
	$tool -A OUTPUT -p tcp -m mark --mark 0x6d78
done
start_tarpit
# The connection is held, and its neighbours are none of ours.
[ "$(raw flags S sport 4000 "$S3" "$REAL4")" = syn-ack ] || fail "no SYN-ACK"
[ "$(marked)" = 1 ] || fail "$(marked) answers to one SYN"
for pair in "$S3 $REAL4" "$S3 $FAKE4" "$A2 $REAL6" "$A2 $FAKE6"; do
	# shellcheck disable=SC2086 # two addresses
	got=$(raw flags A sport 4000 $pair)
	[ "$got" = reset ] || fail "stray ACK $pair: $got"
	# shellcheck disable=SC2086
	got=$(raw flags FA sport 4001 $pair)
	[ "$got" = reset ] || fail "stray FIN $pair: $got"
	expect_log "^verdict=accept src=${pair% *} dst=${pair#* } reason=not-a-syn$"
done
[ "$(marked)" = 1 ] || fail "$(marked) answers, wanted none to stray packets"
