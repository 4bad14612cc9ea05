#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: when observing ends the report begins anew, with what was really refused
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
topology_pair
rules_input
write_conf "observe = yes"
run_gate -c "$T/conf"
expect open from "$S1" to "$REAL4"
ctl 0 report
expect_answer '^Would have been turned away from the real MX: 1 '
write_conf
ctl 0 reload
ctl 0 report
expect_answer '^Attempts: 0, sources: 0$'
expect_answer '^Nobody was turned away from the real MX\.$'

expect silent from "$S2" to "$REAL4"
expect refused from "$S2" to "$FAKE4"
sleep 1
expect open from "$S2" to "$REAL4"
expect silent from "$S3" to "$REAL4"
ctl 0 report
expect_answer '^Since 20[0-9-]*T[0-9:]*Z, for [0-9]+s$'
expect_answer '^Attempts: 4, sources: 2$'
expect_answer '^Turned away from the real MX: 2 \(voted black: 0\)$'
expect_answer '^Of these, good: 1$'
expect_answer "^  $S2  knocked, refused attempts: 1, delay [1-3]s$"
expect_answer '^Delay, for the 1 let in later: median [1-3]s, 95 % within [1-3]s$'
refute_answer "$S1|$S3"
