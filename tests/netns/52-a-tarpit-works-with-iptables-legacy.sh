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
expect_held 3 4 "$S1" "$A1"
flush_rules -legacy
tarpit_raw -legacy
expect_held 3 4 "$S1" "$A1"
[ "$(conntrack_entries)" = 0 ] || fail "conntrack has $(conntrack_entries) entries"
