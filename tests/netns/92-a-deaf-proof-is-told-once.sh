#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: when the firewall keeps answers to challenges from the daemon it says so, once, and senders get in by probation
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4, FAKE6 REAL6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/proof.sh"

topology_pair
start_proof
rules_raw
raw count 10 spread 1 wait 0 203.0.113.1 "$FAKE4" >/dev/null
expect refused from "$S1" to "$FAKE4" within 1500
expect open from "$S1" to "$REAL4"
settle
refute_log '^nobody proves'
sleep 20
until_true 5 grep -Eq '^nobody proves its address: .*--tcp-flags SYN,RST RST --dport 25 .*mxallowctl rules' "$LOG"
raw count 10 spread 1 wait 0 203.0.113.101 "$FAKE4" >/dev/null
sleep 2
[ "$(count_log '^nobody proves')" = 1 ] || fail "told more than once"
flush_rules
proof_raw
expect refused from "$S2" to "$FAKE4" within 50
expect_log "^proven src=$S2 "
