#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: who was in is in again after export, restart and import; bad lines are refused by number
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
topology_pair
rules_input
start_gate
expect refused from "$S1" to "$FAKE4"
expect open from "$S1" to "$REAL4"
expect refused from "$A1" to "$FAKE6"
ctl 0 black "$S3" --for 10h
ctl 0 export
cp "$T/answer" "$T/export"
[ "$(head -n 1 "$T/export" | grep -Ec '^mxallowd-export 1 time=[0-9]{10,}$')" = 1 ] ||
	fail "its first line: $(head -n 1 "$T/export")"
[ "$(wc -l <"$T/export")" = 4 ] || fail "wanted 4 lines: $(cat "$T/export")"
stop_gate

start_gate
expect silent from "$S1" to "$REAL4"
{ sed 2q "$T/export"; echo "complete nonsense"; printf 'entry src=\001\n'; sed 1,2d "$T/export"; } |
	ctl 1 import
expect_answer "^line 3 refused: "
expect_answer "^line 4 refused: "
expect_answer "^imported: sources 3, expired 0, refused 2$"
expect open from "$S1" to "$REAL4"
expect open from "$A2" to "$REAL6"
expect silent from "$S3" to "$REAL4"
ctl 0 list
expect_answer "^$S1 open,.* used"
expect_answer "^$S3 penalty, penalty for another 10h"

echo "hello" | ctl 64 import
expect_complaint "line 1: not an export"
ctl 64 import </dev/null
