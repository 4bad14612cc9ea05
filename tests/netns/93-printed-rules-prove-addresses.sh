#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: with the rules that mxallowctl prints for proof = cookie clients prove themselves, in each form
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4, FAKE6 REAL6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/proof.sh"

behaves()
{
	expect refused from "$S1" to "$FAKE4"
	expect open from "$S1" to "$REAL4"
	expect refused from "$A1" to "$FAKE6"
	expect open from "$A1" to "$REAL6"
	expect silent from "$S2" to "$REAL4"
	for who in $S1 $A1; do
		expect_known "$who" '"proven": *"yes"'
	done
	ctl 0 flush all
}

check_nft()
{
	ctl 0 rules --nft
	sed 's/queue num 23 bypass/accept/' "$T/answer" >"$T/nft"
	[ "$(grep -c 'tcp flags & (syn | rst) == rst' "$T/nft")" = "$1" ] || fail "nft: $(cat "$T/nft")"
	grep -q notrack "$T/nft" || fail "no notrack: $(cat "$T/nft")"
	nft -f "$T/nft" || fail "nft refuses the rules even without their queue"
	nft delete table inet mxallowd
}

topology_pair
start_proof
rules_as_printed
behaves
flush_rules
rules_as_printed 's/^ip6*tables.* PREROUTING/not &/; s/^# \(ip.* -I INPUT\)/\1/'
grep -q 'INPUT.*RST' "$T/rules" || fail "no INPUT form: $(cat "$T/rules")"
behaves
flush_rules
command -v nft >/dev/null && check_nft 2
stop_gate

# The tarpit's rules bring the answers too.
start_proof 'queue "default" { deny = tarpit }'
rules_as_printed
! grep -q 'tcp-flags' "$T/rules" || fail "two rules for one: $(cat "$T/rules")"
expect refused from "$S1" to "$FAKE4"
expect open from "$S1" to "$REAL4"
expect_known "$S1" '"proven": *"yes"'
flush_rules
stop_gate

start_proof 'reset-with = mark'
rules_as_printed
behaves
iptables -nvxL INPUT | grep -q '^ *[1-9].*REJECT' || fail "REJECT was never used: $(iptables -nvxL)"
flush_rules
command -v nft >/dev/null && check_nft 2
