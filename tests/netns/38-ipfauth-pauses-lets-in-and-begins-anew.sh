#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: refused, refused during the pause, in, in, spent, refused, window over, anew
#
#   [sender S1 S2, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
topology_pair
rules_input
write_conf 'queue "default" {' '  start = attempt' '  pause = 2s' '  window = 4s' \
	'  connections = 2' '  refresh = no' '  deny = reset' '}'
run_gate -c "$T/conf"

# Each step is taken by both families, and logged with its reason.
both()
{
	expect "$1" from "$S1" to "$REAL4"
	expect "$1" from "$A1" to "$REAL6"
	expect_log "src=$S1 dst=$REAL4 reason=$2 queue=default$"
	expect_log "src=$A1 dst=$REAL6 reason=$2 queue=default$"
}

both refused first-try
both refused pausing
sleep 2.1
both open open
both open open
both refused spent
both refused spent
sleep 4
both refused first-try
sleep 2.1
both open open
for who in "src=$S1 dst=$REAL4" "src=$A1 dst=$REAL6"; do
	[ "$(count_log "$who reason=first-try")" = 2 ] || fail "$who did not begin anew once"
	[ "$(count_log "$who reason=open")" = 3 ] || fail "$who was not let in three times"
	[ "$(count_log "$who reason=spent")" = 2 ] || fail "$who was not refused twice"
done
