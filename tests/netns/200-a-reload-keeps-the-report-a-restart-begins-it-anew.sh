#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: while observing, a reload with another list keeps the report, and a restart begins it anew
# needs: sqlite3
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$here/state.sh"
topology_pair
rules_input

since()
{
	ctl 0 report
	sed -n 's/^Since \([^,]*\),.*/\1/p' "$T/answer"
}

write_conf "observe = yes"
run_gate -c "$T/conf"
expect open from "$S1" to "$REAL4"
expect open from "$S2" to "$REAL4"
expect open from "$S3" to "$FAKE4"
begun=$(since)
write_conf "observe = yes" "list known { action = allow  entries = $S1 }"
ctl 0 reload
sleep 1.1
expect open from "$S1" to "$REAL4"
ctl 0 report
expect_answer "^Since $begun, for [0-9]+s, observing: nobody is turned away$"
expect_answer '^Attempts: 4, sources: 3$'
expect_answer '^Would have been turned away from the real MX: 2 \(voted black: 0\)$'
expect_answer '^Of these, good: 1$'
expect_answer "^  $S1  listed, refused attempts: 1, delay [1-9]s$"

# What the rule knows outlives the daemon, what the report knows does not.
stored
stop_gate
run_gate -c "$T/conf"
[ "$(since)" != "$begun" ] || fail "the report says it began before the restart"
expect_answer '^Attempts: 0, sources: 0$'
expect open from "$S3" to "$REAL4"
expect_log "^verdict=accept src=$S3 dst=$REAL4 reason=open"
ctl 0 report
expect_answer '^Attempts: 1, sources: 1$'
expect_answer '^Nobody would have been turned away from the real MX\.$'
stop_gate
