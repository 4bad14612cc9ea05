#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: 300000 forged knocks cost less than 16 MiB, keep every sender in, and ask DNS at the fixed rate
# needs: dnsmasq
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4, FAKE6 REAL6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/proof.sh"
. "$here/dns.sh"
# What a sanitizer keeps of freed memory is not what is measured here.
export ASAN_OPTIONS=quarantine_size_mb=1

private_kb()
{
	awk '/^Private_(Clean|Dirty):/ { n += $2 } END { print n }' "/proc/$gate/smaps_rollup"
}

is_drained()
{
	[ "$(awk '$1 == 23 { print $3 }' /proc/net/netfilter/nfnetlink_queue)" = 0 ]
}

knocks()
{
	settle
	sed -n 's/^Statistics: .* \([0-9]*\) direct-to-fake-mx$/\1/p' "$LOG" | tail -n 1
}

# What the queue cannot hold is let in, not judged: a little at a time, until all were.
flood()
{
	want=$(($(knocks) + 300000)) n=0
	until [ "$(knocks)" -ge "$want" ]; do
		for spread in 1 2; do
			raw count 4000 spread $spread seq $((n + spread * 100000)) wait 0 \
				"$((20 + n % 60)).$((n % 250)).0.1" "$FAKE4" >/dev/null
			until_true 10 is_drained
		done
		raw count 2000 spread 2 seq $n wait 0 "2a00:$n::1" "$FAKE6" >/dev/null
		until_true 10 is_drained
		n=$((n + 1))
		[ $n -lt 100 ] || fail "the flood does not come through: $(knocks) of $want"
	done
}

# everybody WITHIN: knocks and is let in.
everybody()
{
	for who in $S1 $S2 $S3; do
		expect refused from "$who" to "$FAKE4" within "$1"
		expect open from "$who" to "$REAL4" within 900
	done
	for who in $A1 $B1; do
		expect refused from "$who" to "$FAKE6" within "$1"
		expect open from "$who" to "$REAL6" within 900
	done
}

# under PROOF: a flood with that setting.
under()
{
	write_conf "proof = $1" 'entries-max = 50000'
	run_gate -c "$T/conf"
	proof_raw
	began=$(date +%s)
	everybody 2500
	before=$(private_kb)
	: >"$T/dns.log"
	flood
	after=$(private_kb)
	seconds=$(($(date +%s) - began + 1))
	asked=$(count_dns 'query\[PTR\]')
	[ $((after - before)) -lt 16384 ] || fail "proof $1: from $before to $after kB"
	for who in $S1 $S2 $S3; do
		expect open from "$who" to "$REAL4"
	done
	for who in $A1 $B1; do
		expect open from "$who" to "$REAL6"
	done
	ctl 0 status
	expect_answer 'entries 50000, entries-max 50000, let-in 5,'
	echo "proof $1: $((after - before)) kB, $asked questions in $seconds s"
	[ "$asked" -le $((100 + 50 * seconds)) ] || fail "$asked questions in $seconds s"
	[ "$1" = none ] || [ "$asked" = 0 ] || fail "$asked questions for forged knocks"
	flush_rules
	stop_gate
}

topology_pair
start_dns
under none
under cookie
under retransmit
