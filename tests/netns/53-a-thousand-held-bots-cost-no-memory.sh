#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a thousand held connections leave no conntrack entry and no memory in the daemon
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/tarpit.sh"

memory()
{
	sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\) kB$/\1/p' "/proc/$gate/status"
}

topology_pair
tarpit_input
start_tarpit
# The first few make the program touch what it has.
bot first4 "$S1" "$REAL4" 50 14 1
bot first6 "$A1" "$REAL6" 50 14 1
expect_bot first4 '^established 50 probes [1-9] unanswered [01]$'
expect_bot first6 '^established 50 probes [1-9] unanswered [01]$'
settle
before=$(memory)
bot many4 "$S1" "$REAL4" 500 14 5
bot many6 "$A1" "$REAL6" 500 14 5
expect_bot many4 '^connected 500$' 20
expect_bot many6 '^connected 500$' 20
expect refused from "$S2" to "$FAKE4"
expect open from "$S2" to "$REAL4"
expect_bot many4 '^established 500 probes [2-9] unanswered [01]$' 20
expect_bot many6 '^established 500 probes [2-9] unanswered [01]$' 20
settle
after=$(memory)
# A socket costs some 2000 bytes: a thousand would show. What may come is the log's ring,
# 528 kB when all of it was touched once.
[ $((after - before)) -le 700 ] || fail "resident memory went from $before to $after kB"
# The connection let in has one, and so have questions to DNS.
[ "$(conntrack_entries)" -le 10 ] || fail "conntrack has $(conntrack_entries) entries"
