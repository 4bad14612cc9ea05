#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a flood that meets more refusals than may be sent leaves those to known senders alone
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/proof.sh"

capped()
{
	settle
	sed -n 's/^counters resets .*capped=\([0-9]*\).*/\1/p' "$LOG" | tail -n 1
}

topology_pair
start_proof 'queue "default" { deny = reset }'
proof_raw
expect refused from "$S1" to "$FAKE4"
expect open from "$S1" to "$REAL4"
expect refused from "$A1" to "$FAKE6"
raw count 2000000 spread 2 pace 30000 wait 0 20.0.0.1 "$REAL4" >/dev/null &
flood=$!
sleep 1
for n in 1 2 3 4 5 6 7 8; do
	expect refused from "$S1" to "$FAKE4"
	expect refused from "$A1" to "$FAKE6"
	sleep 0.1$n
done
kill "$flood"
[ "$(capped)" -gt 1000 ] || skip "the flood was too slow for this machine: $(capped) capped"
