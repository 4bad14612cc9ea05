#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: who was in, out, waiting or counted against before a restart is so behind it
# needs: sqlite3
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/state.sh"
topology_pair
rules_input
write_conf 'queue "slow" { start = either  pause = 10m  window = 4h  deny = reset }' \
	'list "late" { action = queue  queue = "slow"  entries = { "2001:db8:b::/48" } }' \
	'penalty { strikes = 2 }'
run_gate -c "$T/conf"
expect refused from "$S1" to "$FAKE4"
expect open from "$S1" to "$REAL4"
expect refused from "$A1" to "$FAKE6"
expect refused from "$B1" to "$REAL6"
expect_log "src=$B1 .*reason=first-try"
ctl 0 black "$S2" --for 1h
ctl 0 black "$S3"
stop_gate
expect_rows 3 "SELECT count(*) FROM entry"
expect_rows 1 "SELECT used FROM entry WHERE source = '$S1'"

run_gate -c "$T/conf"
expect_log "^(mxallowd: )?state loaded sources=5 useless=0"
expect open from "$S1" to "$REAL4"
expect open from "$A2" to "$REAL6" # its /64 knocked
expect refused from "$B1" to "$REAL6"
expect_log "src=$B1 .*reason=pausing"
expect silent from "$S2" to "$REAL4"
expect_log "src=$S2 .*reason=penalty"
expect silent from "$S3" to "$REAL4"
expect_log "src=$S3 .*reason=no-knock"
ctl 0 black "$S3"
expect_answer "penalised"
ctl 0 status
expect_answer "health fine"
stored
ctl 0 stats
expect_answer "^store_written [1-9]"
expect_answer "^store_failed 0$"

# What is forgotten stays so.
ctl 0 forget "$S1"
stop_gate
run_gate -c "$T/conf"
expect silent from "$S1" to "$REAL4"
ctl 0 flush all
stop_gate
expect_rows 0 "SELECT (SELECT count(*) FROM entry) + (SELECT count(*) FROM record)"
