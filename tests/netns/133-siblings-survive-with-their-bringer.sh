#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# claim: a sibling is known after a restart, and goes with the entry that brought it
# needs: sqlite3 dnsmasq
#
#   [sender S1 S2 S3, A1 A2 B1]---veth---[gate: FAKE4 REAL4 OTHER4, FAKE6 REAL6 OTHER6]
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/ctl.sh"
. "$(dirname "$0")/dns.sh"
. "$(dirname "$0")/state.sh"
topology_pair
rules_input
start_dns --host-record="mail.example.org,$S1" --host-record="mail.example.org,$S2" \
	--host-record="mail.example.org,$S3"
start_gate
expect refused from "$S1" to "$FAKE4"
expect_log "^sibling src=$S2 of=$S1"
expect_log "^sibling src=$S3 of=$S1"
expect open from "$S3" to "$REAL4" # used: it stands on its own from here on
stop_gate
expect_rows "$S1" "SELECT bringer FROM entry WHERE source = '$S2' AND follows = 1"
expect_rows 0 "SELECT follows FROM entry WHERE source = '$S3'"

start_gate
ctl 0 list
expect_answer "^$S2 open, .*via sibling, of $S1"
ctl 0 forget "$S1"
ctl 0 list
refute_answer "^$S2 "
expect silent from "$S2" to "$REAL4"
expect open from "$S3" to "$REAL4"
stop_gate

# It must not outlive who brought it in the file either.
rm "$DB"
start_gate
expect refused from "$S1" to "$FAKE4"
expect_log "^sibling src=$S2 of=$S1"
stop_gate
sql "DELETE FROM entry WHERE source = '$S1'"
start_gate
expect silent from "$S2" to "$REAL4"
stored
expect_rows 0 "SELECT count(*) FROM entry WHERE source = '$S2'"
