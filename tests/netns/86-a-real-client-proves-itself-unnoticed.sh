#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: with proof = cookie a Linux client is refused by the fake MX before it would repeat its SYN
#        by itself, proven, let in, and asked no more
# needs: iptables-legacy ip6tables-legacy
#
#   [sender S1 S2 S3, A1 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/proof.sh"

passes()
{
	# within 900 ms: unasked, a SYN is repeated after 1000
	expect refused from "$S1" to "$FAKE4"
	expect open from "$S1" to "$REAL4"
	expect refused from "$A1" to "$FAKE6"
	expect open from "$A1" to "$REAL6"
	settle
	for who in $S1 $A1; do
		expect_log "^verdict=drop src=$who dst=[^ ]+ reason=knock queue=default opens=now closes=10m proof=asked$"
		expect_log "^proven src=$who queue=default opens=now closes=36d$"
		expect_log "^verdict=reset src=$who dst=[^ ]+ reason=knock queue=default opens=now closes=36d$"
		expect_known "$who" '"closes": *"36d".*"proven": *"yes"'
	done
	expect silent from "$S2" to "$REAL4"
	# Who is proven is asked no more.
	expect refused from "$S1" to "$FAKE4"
	expect refused from "$A1" to "$FAKE6"
	settle
	[ "$(count_log 'proof=asked$')" = 2 ] || fail "asked again: $(count_log 'proof=asked$') times"
	ctl 0 flush all
	: >"$LOG"
}

topology_pair
start_proof
proof_raw -nft
passes
flush_rules -nft
proof_input -nft
passes
flush_rules -nft
proof_raw -legacy
passes
flush_rules -legacy
proof_input -legacy
passes
stop_gate
