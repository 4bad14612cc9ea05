#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: iptables-legacy holds bots as iptables-nft does, with either form of the rules
# needs: iptables-legacy ip6tables-legacy
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/tarpit.sh"
topology_pair
start_tarpit
tarpit_input -legacy
bot input4 "$S1" "$REAL4" 1 14 4
bot input6 "$A1" "$REAL6" 1 14 4
expect_bot input4 '^established 1 probes [3-9] unanswered [01]$'
expect_bot input6 '^established 1 probes [3-9] unanswered [01]$'
flush_rules -legacy
tarpit_raw -legacy
bot raw4 "$S1" "$REAL4" 1 14 4
bot raw6 "$A1" "$REAL6" 1 14 4
expect_bot raw4 '^established 1 probes [3-9] unanswered [01]$'
expect_bot raw6 '^established 1 probes [3-9] unanswered [01]$'
[ "$(conntrack_entries)" = 0 ] || fail "conntrack has $(conntrack_entries) entries"
