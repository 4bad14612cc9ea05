#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: after 300000 forged sources the report still names the two good senders, and just them
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
topology_pair
rules_input

is_drained()
{
	[ "$(awk '$1 == 23 { print $3 }' /proc/net/netfilter/nfnetlink_queue)" = 0 ]
}

sources()
{
	ctl 0 report
	sed -n 's/^Attempts: .*, sources: //p' "$T/answer"
}

resident_kb()
{
	awk '/^VmRSS:/ { print $2 }' "/proc/$gate/status"
}

write_conf "observe = yes" "no-rdns-whitelist = yes"
run_gate -c "$T/conf"
for who in $S1 $S2; do
	expect open from "$who" to "$REAL4"
	expect open from "$who" to "$FAKE4"
	expect open from "$who" to "$REAL4"
done

# What the queue cannot hold is let in, not judged: a little at a time, until all were.
before=$(resident_kb) n=0
until [ "$(sources)" -ge 300000 ]; do
	raw count 4000 spread 1 seq $n wait 0 "$((20 + n % 60)).$((n % 250)).0.1" "$REAL4" >/dev/null
	until_true 10 is_drained
	n=$((n + 1))
	[ $n -lt 200 ] || fail "the flood does not come through: $(sources)"
done
grown=$(($(resident_kb) - before))

ctl 0 report
expect_answer '^Of these, good: 2$'
expect_answer '^ +2  knocked, and then came to the real MX in order$'
for who in $S1 $S2; do
	expect_answer "^  $who  knocked, refused attempts: 1, delay [0-9]+s$"
done
[ "$(grep -c 'refused attempts:' "$T/answer")" = 2 ] || fail "it names others: $(cat "$T/answer")"
expect_answer '^[0-9]+ sources were forgotten for want of memory \(entries-max\)\.$'
[ "$grown" -lt 65536 ] || fail "300000 sources took $grown kB"
stop_gate
