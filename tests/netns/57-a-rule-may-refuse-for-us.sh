#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: with reset-with = mark the kernel's own REJECT refuses, whichever form the rules have
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/tarpit.sh"

reject_marked()
{
	"$tool" -A INPUT -p tcp --syn --dport 25 -d "$a" -m mark --mark 0x6d78 \
		-j REJECT --reject-with tcp-reset
}

# The raw table has no REJECT: there it is let through to the one above.
pass_marked()
{
	"$tool" -t raw -A PREROUTING -p tcp --syn --dport 25 -d "$a" -m mark --mark 0x6d78 \
		-j ACCEPT
}

# Refused by the kernel: what we send ourselves would bear our mark.
refuses()
{
	for tool in iptables ip6tables; do
		$tool -A OUTPUT -m mark --mark 0x6d78 -j DROP
	done
	expect refused from "$S1" to "$FAKE4" within 300
	expect refused from "$A1" to "$FAKE6" within 300
	expect open from "$S1" to "$REAL4"
	expect open from "$A1" to "$REAL6"
}

topology_pair
write_conf "reset-with = mark"
run_gate -c "$T/conf"
each_address "" reject_marked
rules_input
refuses
flush_rules
each_address "" pass_marked
rules_raw
each_address "" reject_marked
refuses
flush_rules

# Without such a rule the marked packet comes back to us: it is dropped, not sent round and
# round, and the log says what is missing.
rules_input
expect silent from "$S2" to "$FAKE4"
expect_log 'reset-with = mark, but no firewall rule'
expect open from "$S2" to "$REAL4"
