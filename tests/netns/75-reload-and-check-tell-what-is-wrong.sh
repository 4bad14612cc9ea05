#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: mxallowctl reload and check say file and line, and a bad file changes nothing
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
topology_pair
rules_input
write_conf
run_gate -c "$T/conf"
expect refused from "$S1" to "$FAKE4"
ctl 0 check "$T/conf"
[ ! -s "$T/answer" ] || fail "check of a good file says: $(cat "$T/answer")"

write_conf "whitelist-tine = 5h"
ctl 78 check "$T/conf"
expect_complaint "^$T/conf:4: .*whitelist-time"
ctl 1 reload
expect_complaint "$T/conf:4: .*whitelist-time.*nothing changed"
expect open from "$S1" to "$REAL4"

write_conf "observe = yes"
ctl 0 reload
expect open from "$S2" to "$REAL4"
ctl 0 why "$S2"
expect_answer "only observes; else: drop \(no-knock\)"
