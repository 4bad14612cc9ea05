#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: the rules that mxallowctl prints work as they are, in both families, and name no other address
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"

clean()
{
	for tool in iptables ip6tables; do
		for table in raw mangle filter; do
			$tool -t $table -F
		done
	done
}

behaves()
{
	expect refused from "$S1" to "$FAKE4"
	expect open from "$S1" to "$REAL4"
	expect silent from "$S2" to "$REAL4"
	expect open from "$S2" to "$OTHER4"
	expect refused from "$A1" to "$FAKE6"
	expect open from "$A1" to "$REAL6"
	expect silent from "$B1" to "$REAL6"
	expect open from "$S2" to "$REAL4" port 2525
	refute_log "dst=($OTHER4|$OTHER6)"
	ctl 0 flush all
}

# A kernel without nft_queue refuses the word `queue` and nothing else.
check_nft()
{
	ctl 0 rules --nft
	cp "$T/answer" "$T/nft"
	grep -q 'queue num 23 bypass' "$T/nft" || fail "nft rules without queue: $(cat "$T/nft")"
	nft -c -f "$T/nft" 2>"$T/said" && return
	grep Error "$T/said" | grep -v 'Could not process rule: No such file or directory$' &&
		fail "nft: $(cat "$T/said")"
	sed 's/queue num 23 bypass/accept/' "$T/nft" >"$T/without"
	nft -f "$T/without" || fail "nft refuses the rules even without their queue"
	nft delete table inet mxallowd
}

topology_pair
start_gate
rules_as_printed
behaves
for cut in 8 16; do
	got=$(raw payload 40 doff 15 cut $cut sport $((4200 + cut)) "$S2" "$REAL4")
	[ "$got" = nothing ] || fail "a SYN cut at byte $cut: $got"
done
[ "$(iptables -t raw -S PREROUTING | grep -c -- '-f -j DROP')" = 2 ] || fail "no fragment rules"
clean
# The alternative in INPUT stands there as comments.
rules_as_printed 's/^ip/not ip/; s/^# \(ip.* -I INPUT\)/\1/'
[ "$(iptables -S INPUT | grep -c NFQUEUE)" = 2 ] || fail "no INPUT form: $(cat "$T/rules")"
behaves
clean
rules_as_printed 's/^ip/not ip/; s/^# \(ip.* -I OUTPUT\)/\1/'
clean
command -v nft >/dev/null && check_nft
stop_gate

# With a tarpit more is needed, and taken.
write_conf 'queue "default" { deny = tarpit }'
run_gate -c "$T/conf"
rules_as_printed
grep -q notrack "$T/rules" || fail "a tarpit without notrack: $(cat "$T/rules")"
clean
rules_as_printed 's/^ip6*tables.* PREROUTING/not &/; s/^# \(ip.* -I INPUT\)/\1/'
grep -q INPUT "$T/rules" || fail "no INPUT form: $(cat "$T/rules")"
clean
command -v nft >/dev/null && check_nft
stop_gate

# A firewall rule that refuses for us.
write_conf "reset-with = mark"
run_gate -c "$T/conf"
rules_as_printed
behaves
iptables -nvxL INPUT | grep -q '^ *[1-9].*REJECT' || fail "REJECT was never used: $(iptables -nvxL)"
command -v nft >/dev/null && check_nft
