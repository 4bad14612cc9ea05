#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a bot voted black by `echo "+IP" > FIFO` hangs for 62 s while others are served, and
#        the daemon does not grow
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$here/tarpit.sh"
resident()
{
	sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$gate/status"
}

topology_pair
tarpit_input
write_conf 'vote { listen = "fifo:/run/mxallowd/recent" }' 'penalty { action = tarpit }'
run_gate -c "$T/conf"
for s in "$S1" "$S2"; do
	expect refused from "$s" to "$FAKE4"
	expect open from "$s" to "$REAL4"
done
expect refused from "$A1" to "$FAKE6"
echo "+$S1" >/run/mxallowd/recent
echo "+$A1" >/run/mxallowd/recent
expect_log "^vote kind=black src=$S1 .*outcome=penalised"
expect_log "^vote kind=black src=$A1 .*outcome=penalised"
before=$(resident)
bot four "$S1" "$REAL4" 20 14 62
bot six "$A1" "$REAL6" 20 14 62
expect_log "^verdict=tarpit src=$S1 dst=$REAL4 reason=penalty queue=default$"
for _ in 1 2 3; do
	expect open from "$S2" to "$REAL4"
	sleep 1
done
expect_bot four '^established 20 probes ([8-9]|1[0-9]) unanswered [01]$' 80
expect_bot six '^established 20 probes ([8-9]|1[0-9]) unanswered [01]$'
expect open from "$S2" to "$REAL4"
after=$(resident)
[ $((after - before)) -lt 1024 ] || fail "the daemon grew from $before to $after kB"
