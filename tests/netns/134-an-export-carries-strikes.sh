#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: strikes and white votes go along with export and import, and what is imported is stored
# needs: sqlite3
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/state.sh"
topology_pair
rules_input
write_conf 'penalty { strikes = 3 }' 'trust { votes = 3 }'
run_gate -c "$T/conf"
for _ in 1 2; do
	ctl 0 black "$S1"
	ctl 0 white "$S2"
done
expect refused from "$S3" to "$FAKE4"
ctl 0 export
expect_answer "^entry src=$S1 strikes=2$"
expect_answer "^entry src=$S2 whites=2$"
expect_answer "^entry src=$S3 queue=default via=knock used=no proven=no "
cp "$T/answer" "$T/export"
ctl 0 flush all
stop_gate
expect_rows 0 "SELECT count(*) FROM entry"

run_gate -c "$T/conf"
ctl 0 import <"$T/export"
expect_answer "^imported: sources 3, expired 0, refused 0$"
stored
kill_gate
run_gate -c "$T/conf"
ctl 0 black "$S1"
expect_answer "penalised"
ctl 0 white "$S2"
expect_answer "trusted"
expect open from "$S3" to "$REAL4"
