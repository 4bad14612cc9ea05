#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: what nothing needs at the start need not be allowed, and no later reload can need it
# needs: setpriv
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$here/ctl.sh"
topology_pair
rules_input
write_conf "fake-action = drop"
: >"$LOG"
# shellcheck disable=SC2086 # one word or none
setpriv --inh-caps=-net_raw --bounding-set=-net_raw \
	"$GATE" $CONFINED -F -s -c "$T/conf" >>"$LOG" 2>&1 &
gate=$!
until_true 10 is_ready
expect_log "no raw socket: .*; nothing needs one now"
expect silent from "$S1" to "$FAKE4"
expect open from "$S1" to "$REAL4"
for line in "fake-action = reset" "fake-action = drop
queue default { deny = tarpit }"; do
	write_conf "$line"
	ctl 1 reload
	expect_complaint "reset, tarpit and proof need a raw socket, .*: restart with CAP_NET_RAW"
done
expect silent from "$S2" to "$FAKE4"
stop_gate

# With the right it is opened in any case, and a reload may turn to it.
write_conf "fake-action = drop"
run_gate -c "$T/conf"
expect silent from "$S1" to "$FAKE4"
write_conf "fake-action = reset"
ctl 0 reload
expect refused from "$S1" to "$FAKE4"
