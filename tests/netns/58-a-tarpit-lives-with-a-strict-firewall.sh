#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a tarpit holds where invalid packets are dropped and connections must begin with a SYN
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/tarpit.sh"

drop_invalid()
{
	for tool in iptables ip6tables; do
		for chain in INPUT OUTPUT; do
			$tool -A "$chain" -m conntrack --ctstate INVALID -j DROP
		done
	done
}

topology_pair
echo 0 >/proc/sys/net/netfilter/nf_conntrack_tcp_loose
start_tarpit
tarpit_raw
drop_invalid
expect_held 3 3 "$S1" "$A1"
flush_rules
tarpit_input
drop_invalid
expect_held 3 3 "$S2" "$B1"
