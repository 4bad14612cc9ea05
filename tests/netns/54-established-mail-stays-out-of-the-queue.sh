#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: with a tarpit's rules the queue still sees one packet of a connection let in, its SYN
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/tarpit.sh"

# Packets that rules have handed to the queue, both families.
queued()
{
	for tool in iptables ip6tables; do
		$tool -t raw -L PREROUTING -vnx
		$tool -t mangle -L PREROUTING -vnx
		$tool -L INPUT -vnx
	done | awk '/NFQUEUE/ { n += $1 } END { print n + 0 }'
}

one_each()
{
	expect refused from "$S1" to "$FAKE4"
	expect refused from "$A1" to "$FAKE6"
	before=$(queued)
	expect open from "$S1" to "$REAL4"
	expect open from "$A1" to "$REAL6"
	sleep 0.2
	[ $(($(queued) - before)) = 2 ] ||
		fail "$1: $(($(queued) - before)) packets of two connections in the queue"
}

topology_pair
start_tarpit
tarpit_input
one_each "INPUT rules"
flush_rules
tarpit_raw
one_each "raw rules"
