#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: with proof = retransmit the SYN that comes again after a second gets the whole window, one alone does not
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4, FAKE6 REAL6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/proof.sh"

passes()
{
	expect_late "$1" "$2"
	expect_log "^verdict=drop src=$1 dst=$2 reason=knock .* closes=10m proof=asked$"
	expect_log "^verdict=reset src=$1 dst=$2 reason=knock .* closes=36d proof=shown$"
	expect_known "$1" '"closes": *"36d".*"used": *"no", *"proven": *"yes"'
	expect open from "$1" to "$3"
	expect refused from "$1" to "$2"
}

topology_pair
write_conf 'proof = retransmit'
run_gate -c "$T/conf"
rules_raw
passes "$S1" "$FAKE4" "$REAL4"
passes "$A1" "$FAKE6" "$REAL6"
flush_rules
rules_input
passes "$S2" "$FAKE4" "$REAL4"
passes "$B1" "$FAKE6" "$REAL6"
raw wait 0 203.0.113.9 "$FAKE4" >/dev/null
raw wait 0 sport 5000 203.0.113.9 "$FAKE4" >/dev/null
settle
expect_known 203.0.113.9 '"closes": *"10m".*"proven": *"no"'
# Nothing is sent but refusals: two to each of the four.
expect_log '^counters resets sent=8 '
expect_log '^counters proofs asked=6 challenged=0 shown=0 .* repeated=4 missing=0$'
