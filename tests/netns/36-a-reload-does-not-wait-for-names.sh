#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a reload while names are looked up in a long hosts file delays no verdict
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
awk 'BEGIN { for (i = 0; i < 200000; i++) printf "0.0.0.0 ads%d.example.net\n", i }' >>/etc/hosts
start_gate
raw count 90 spread 1 wait 0 203.0.113.1 "$FAKE4" >/dev/null
kill -HUP "$gate"
expect refused from "$S1" to "$FAKE4" within 900
expect_log '^reloaded'
