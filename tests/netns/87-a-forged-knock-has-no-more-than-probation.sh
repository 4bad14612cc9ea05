#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: whoever cannot receive at an address gets no more than probation for it, however it guesses
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4, FAKE6 REAL6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/proof.sh"

# pair SRC DST REAL: forged knocks and answers, one after the other.
forge()
{
	raw wait 0 seq 5 "$1" "$2" >/dev/null
	expect_log "^verdict=drop src=$1 dst=$2 reason=knock .* closes=10m proof=asked$"
	for flags in R RA; do
		raw wait 0 count 5000 guess 1 flags $flags seq $((RANDOM_SEQ)) "$1" "$2" >/dev/null
	done
	raw wait 0 seq 5 "$1" "$2" >/dev/null
	expect_log "^verdict=reset src=$1 dst=$2 reason=knock .* closes=10m proof=missing$"
	raw wait 0 count 50 "$1" "$2" >/dev/null
	settle
	refute_log "^proven src=$1"
	expect_known "$1" '"closes": *"(10m|9m[0-9]+s)".*"used": *"no", *"proven": *"no"'
}

topology_pair
start_proof
RANDOM_SEQ=$(od -An -N4 -tu4 /dev/urandom)
proof_raw
forge 203.0.113.9 "$FAKE4"
forge 2001:db8:f00::9 "$FAKE6"
flush_rules
proof_input
forge 203.0.113.10 "$FAKE4"
forge 2001:db8:f01::9 "$FAKE6"
expect_log '^counters proofs .* shown=0 '
# A RST that proves nothing is the kernel's; nobody else gets in by it.
expect_log "^verdict=accept src=203.0.113.9 dst=$FAKE4 reason=not-a-syn$"
expect silent from "$S1" to "$REAL4"
# What is forged besides is a connection: use gives the whole window, but no place that lasts.
raw wait 0 203.0.113.9 "$REAL4" >/dev/null
settle
expect_known 203.0.113.9 '"closes": *"36d".*"used": *"yes", *"proven": *"no"'
ctl 0 status
expect_answer 'let-in 0,'
