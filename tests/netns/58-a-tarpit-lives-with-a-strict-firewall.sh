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
bot raw4 "$S1" "$REAL4" 1 14 3
bot raw6 "$A1" "$REAL6" 1 14 3
expect_bot raw4 '^established 1 probes [3-9] unanswered [01]$'
expect_bot raw6 '^established 1 probes [3-9] unanswered [01]$'
flush_rules
tarpit_input
drop_invalid
bot input4 "$S2" "$REAL4" 1 14 3
bot input6 "$B1" "$REAL6" 1 14 3
expect_bot input4 '^established 1 probes [3-9] unanswered [01]$'
expect_bot input6 '^established 1 probes [3-9] unanswered [01]$'
